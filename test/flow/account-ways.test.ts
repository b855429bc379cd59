import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAccount, noticeOf, ownFactors } from '../support/account-area.ts';
import { accountRow, editAccount, eventsOf } from '../support/attack.ts';
import { atWay } from '../support/mail-ways.ts';
import { mailsTo } from '../support/registration.ts';
import { startWorld } from '../support/world.ts';

const optional = { settings: { secondFactor: 'when-enrolled' } } as const;

test('each way is listed masked, with what may be done about it by its own name [check 38]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ ways: ['totp', 'email'] });
  const browser = await inAccount(world, ada);
  const [app, mailbox] = ownFactors(browser);
  assert.deepEqual([app?.kind, app?.preferred, app?.needed], ['totp', false, false]);
  assert.equal(mailbox?.destination, `${ada.email.slice(0, 1)}***@example.com`);
  const actions = browser.page.actions.map(({ name, method }) => `${method} ${name}`);
  for (const { id } of [app, mailbox].map((way) => way ?? assert.fail())) {
    for (const action of [`POST prefer ${id}`, `GET rename ${id}`, `GET remove ${id}`]) {
      assert.ok(actions.includes(action), action);
    }
  }
  assert.equal(browser.page.facts.twoStep, 'needed', 'the policy does not leave it to people');
  assert.ok(!actions.some((action) => action.includes('two-step')));
});

test('a name is what its owner types, tidied and escaped; it is an event and no mail [check 98, 112]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await inAccount(world, ada);
  const [{ id } = { id: '' }] = ownFactors(browser);
  await browser.press(`rename ${id}`);
  assert.equal(browser.stage, 'rename-way');
  await browser.submit({ name: `  <b>Work\u202e phone</b>\r\n ${'x'.repeat(20)}` });
  assert.deepEqual([browser.stage, noticeOf(browser)], ['security', 'way_renamed']);
  const { label = '' } = ownFactors(browser)[0] ?? {};
  assert.equal(label, `<b>Work phone</b> ${'x'.repeat(20)}`);
  const html = await (await browser.fetch({ ...get(browser.url), headers: { accept: 'text/html' } })).text();
  assert.ok(html.includes('Rename <bdi>&lt;b&gt;Work phone&lt;/b&gt;') && !html.includes('<b>'));
  const [event] = await eventsOf(world, { kind: 'factor_renamed' });
  assert.deepEqual([event?.accountId, event?.detail, event?.result], [ada.id, 'totp', 'success']);
  assert.ok(!JSON.stringify(event).includes('Work'), 'no typed text');
  assert.equal(mailsTo(world, ada.email), 0);
  await (await browser.press(`rename ${id}`)).submit({ name: '' });
  assert.equal(ownFactors(browser)[0]?.label, '');
});

test('what is to be asked first is asked first, whatever was used last', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ ways: ['totp', 'email'] });
  const browser = await inAccount(world, ada);
  const mailbox = ownFactors(browser)[1]?.id ?? '';
  await browser.press(`prefer ${mailbox}`);
  assert.equal(noticeOf(browser), 'way_preferred');
  assert.deepEqual(
    ownFactors(browser).map(({ preferred }) => preferred),
    [false, true],
  );
  assert.ok(!browser.page.actions.some(({ name }) => name === `prefer ${mailbox}`));
  await atWay(world, ada, 'email');
  assert.equal((await eventsOf(world, { kind: 'factor_preferred' })).length, 1);
});

test('a removed way is gone after a question; this session goes on, all others, remembered devices and codes under way end [check 37, 38, 51, 112]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ ways: ['email', 'totp'], recovery: 2 });
  const waiting = await atWay(world, ada, 'email');
  const code = world.codeMailedTo(ada.email);
  await editAccount(world, ada.id, { $set: { preferredFactorId: (await accountRow(world, ada.id)).factors[1]?.id } });
  const there = await world.browser().signIn(ada);
  world.travel(60);
  const here = await inAccount(world, ada);
  const [mailbox, app] = ownFactors(here);
  const before = mailsTo(world, ada.email);

  await here.press(`remove ${app?.id}`);
  assert.deepEqual([here.stage, here.page.facts.last], ['remove-way', false]);
  await here.press('remove');
  assert.deepEqual([here.stage, noticeOf(here)], ['security', 'way_removed']);
  assert.deepEqual(
    ownFactors(here).map(({ id }) => id),
    [mailbox?.id],
  );
  await here.visit('/account');
  assert.equal(here.stage, 'security', 'the session that made the change is good');
  await here.tab().authorize({ prompt: 'none' });
  const silent = await there.authorize({ prompt: 'none' });
  assert.equal(silent.callback?.get('error'), 'login_required');
  await waiting.submit({ code });
  assert.equal(waiting.code, undefined);

  const row = (await accountRow(world, ada.id)) as unknown as Record<string, unknown>;
  assert.deepEqual([row.sessionVersion, row.securityVersion, row.preferredFactorId], [1, 1, undefined]);
  assert.ok(row.recovery, 'recovery codes stay while a way does');
  assert.equal(mailsTo(world, ada.email) - before, 1, 'one mail');
  assert.match(world.lastMailTo(ada.email), /An authenticator app was removed/);
  const events = await eventsOf(world, { kind: 'factor_removed' });
  assert.deepEqual(
    events.map(({ accountId, detail, result, address }) => [accountId, detail, result, address]),
    [[ada.id, 'totp', 'success', '127.0.0.1']],
  );
});

test('the last way stays while the policy demands one: no button, and the form is refused [check 38]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ recovery: 1 });
  const browser = await inAccount(world, ada);
  const [{ id, needed } = { id: '', needed: false }] = ownFactors(browser);
  assert.ok(needed && !browser.page.actions.some(({ name }) => name === `remove ${id}`));
  await browser.visit(`/account/ways/${id}/remove`);
  assert.deepEqual(
    browser.page.actions.map(({ name }) => name),
    ['back'],
  );
  await browser.post(`/account/ways/${id}/remove`, {});
  assert.deepEqual([browser.status, browser.errors], [422, ['way_needed']]);
  assert.match(browser.text, /Needed while two-step sign-in is on\./);
  assert.equal((await accountRow(world, ada.id)).factors.length, 1);
  assert.deepEqual(await eventsOf(world, { kind: 'factor_removed' }), []);
});

test('a role that demands a second step keeps its owner from removing the last way', async (t) => {
  const settings = { secondFactor: 'by-role', factors: { roles: ['staff'] } } as const;
  const world = await startWorld(t);
  const ruled = await startWorld(t, {
    database: world.database,
    settings: { secondFactor: 'by-role', factors: { ...world.config.factors, ...settings.factors } },
  });
  const ada = await ruled.person();
  const browser = await inAccount(ruled, ada);
  assert.equal(ownFactors(browser)[0]?.needed, false);
  await editAccount(ruled, ada.id, { $set: { roles: ['staff'] } });
  await browser.visit('/account');
  assert.deepEqual([ownFactors(browser)[0]?.needed, browser.page.facts.twoStep], [true, 'needed']);
});

test('where the policy leaves it to people the last way goes with its recovery codes, and the password is enough [check 38]', async (t) => {
  const world = await startWorld(t, optional);
  const ada = await world.person({ recovery: 1 });
  const browser = await inAccount(world, ada);
  await browser.press(`remove ${ownFactors(browser)[0]?.id}`);
  assert.equal(browser.page.facts.last, true);
  await browser.press('remove');
  assert.deepEqual([browser.stage, browser.page.facts.ways, browser.page.facts.twoStep], ['security', [], 'none']);
  const row = (await accountRow(world, ada.id)) as unknown as Record<string, unknown>;
  assert.equal(row.recovery, undefined);
  const next = await world.browser().authorize();
  await next.submit({ identifier: ada.email, password: ada.password });
  assert.ok(next.code);
});

test('two-step sign-in is switched off after a question, which ends sign-ins elsewhere and is told; it is switched on again at once [check 37, 38, 51, 112]', async (t) => {
  const world = await startWorld(t, optional);
  world.travel(0);
  const ada = await world.person();
  const there = await world.browser().signIn(ada);
  world.travel(60);
  const here = await inAccount(world, ada);
  await here.press('two-step-off');
  assert.equal(here.stage, 'two-step-off');
  await here.press('two-step-off');
  assert.deepEqual([here.stage, noticeOf(here), here.page.facts.twoStep], ['security', 'two_step_off', 'off']);
  assert.equal((await there.authorize({ prompt: 'none' })).callback?.get('error'), 'login_required');
  assert.match(world.lastMailTo(ada.email), /was switched off/);
  const alone = await world.browser().authorize();
  await alone.submit({ identifier: ada.email, password: ada.password });
  assert.equal((await alone.redeem()).claims()?.acr, 'urn:twofold:1fa');

  await here.press('two-step-on');
  assert.deepEqual([noticeOf(here), here.page.facts.twoStep], ['two_step_on', 'on']);
  assert.match(world.lastMailTo(ada.email), /was switched on/);
  assert.equal(mailsTo(world, ada.email), 2);
  world.travel(120);
  await atWay(world, ada, 'totp');
  for (const kind of ['two_step_off', 'two_step_on']) assert.equal((await eventsOf(world, { kind })).length, 1);
});

test('nobody switches two-step sign-in off where the policy demands it, nor where nothing is set up', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await inAccount(world, ada);
  await browser.visit('/account/two-step/off');
  assert.deepEqual([browser.stage, browser.page.facts.twoStep], ['two-step-off', 'needed']);
  await browser.post('/account/two-step/off', {});
  assert.deepEqual([browser.status, browser.errors], [422, ['way_needed']]);

  const free = await startWorld(t, { ...optional, database: world.database });
  const bob = await free.person({ totp: false });
  const bobs = await inAccount(free, bob);
  await bobs.post('/account/two-step/off', {});
  assert.equal(noticeOf(bobs), 'way_gone');
  for (const { id } of [ada, bob]) {
    assert.equal(((await accountRow(world, id)) as unknown as Record<string, unknown>).twoStepOff, undefined);
  }
});

test('a page of a way that is gone says so and leads back', async (t) => {
  const world = await startWorld(t);
  const browser = await inAccount(world, await world.person());
  for (const page of ['rename', 'remove']) {
    await browser.visit(`/account/ways/gone/${page}`);
    assert.deepEqual([browser.status, browser.page.facts, browser.page.actions.length], [200, {}, 1]);
    const post = browser.post(`/account/ways/gone/${page}`, page === 'rename' ? { name: 'x' } : {});
    assert.equal(noticeOf(await post), 'way_gone');
  }
});

function get(url: URL) {
  return { method: 'GET', url };
}
