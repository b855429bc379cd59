import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsOf } from '../support/database.ts';
import { eventsOf } from '../support/events.ts';
import { browserWith, deviceCookiesOf, deviceRows, later, remembered, withPassword } from '../support/remembered.ts';
import { startWorld } from '../support/world.ts';

const seconds = (date: Date) => Math.floor(date.getTime() / 1000);

test('a browser whose owner ticked the box is asked for the password alone, and the client is told the truth [check 53]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const first = await remembered(world.browser(), ada);
  const told = (await first.redeem()).claims();
  assert.deepEqual(told?.amr, ['pwd', 'otp', 'mfa']);
  assert.deepEqual([told?.acr, told?.remembered_since], ['urn:twofold:2fa', undefined]);
  const [row] = await deviceRows(world).find({}).toArray();
  assert.ok(row);

  world.travel(3600);
  const again = await withPassword(await later(world, first), ada);
  const tokens = await again.redeem();
  const claims = tokens.claims();
  assert.deepEqual(claims?.amr, ['pwd']);
  assert.equal(claims?.acr, 'urn:twofold:1fa');
  assert.equal(claims?.remembered_since, seconds(row.since));
  assert.ok(Number(claims?.auth_time) >= seconds(row.since) + 3600, 'the password was typed now');
  const userinfo = await world.client.userinfo(tokens);
  assert.deepEqual([userinfo.acr, userinfo.remembered_since], [undefined, undefined]);
  const details = (await rowsOf(world.database, 'events')).filter(({ kind }) => kind === 'sign_in');
  assert.deepEqual(
    details.map(({ detail }) => detail),
    ['2fa', 'remembered'],
  );
  assert.equal((await eventsOf(world, 'device_remembered')).length, 1);
});

test('a refreshed ID token tells it as well [check 53]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const first = await remembered(world.browser(), ada);
  const again = await withPassword(await later(world, first), ada, {
    scope: 'openid offline_access',
    prompt: 'consent',
  });
  const { claims, refresh_token: token = '' } = await again.redeem();
  const since = claims()?.remembered_since;
  assert.ok(since);
  const refreshed = (await again.party.refresh(token)).claims();
  assert.deepEqual([refreshed?.remembered_since, refreshed?.acr, refreshed?.amr], [since, 'urn:twofold:1fa', ['pwd']]);
});

const essential = (value: string) => JSON.stringify({ id_token: { acr: { essential: true, value } } });

const asksMore: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  acr_values: { acr_values: 'urn:twofold:2fa-email' },
  'acr_values below a factor that no password meets': { acr_values: 'urn:twofold:recovery' },
  'an essential acr': { claims: essential('urn:twofold:2fa') },
  'prompt=login': { prompt: 'login' },
  'a max_age that the factor has passed': { max_age: '300' },
  'max_age=0': { max_age: '0' },
};

test('it stands in for a needed factor and for nothing that is asked beyond that [check 53]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  for (const [told, options] of Object.entries(asksMore)) {
    const ada = await world.person();
    const first = await remembered(world.browser(), ada);
    const [before] = await deviceRows(world).find({ accountId: ada.id }).toArray();
    world.travel(600);
    const browser = await withPassword(await later(world, first), ada, options);
    assert.equal(browser.stage, 'totp', told);
    const [after] = await deviceRows(world).find({ accountId: ada.id }).toArray();
    assert.deepEqual(after, before, `${told}: what does not count is not used`);
    await browser.submit({ code: ada.codeNow() });
    const claims = (await browser.redeem()).claims();
    assert.deepEqual([claims?.amr, claims?.remembered_since], [['pwd', 'otp', 'mfa'], undefined], told);
  }
});

test('what asks for no more than it gives is met by it: the plainest level, and a max_age that its factor has not passed', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  let browser = await remembered(world.browser(), ada);
  world.travel(600);
  for (const options of [{ max_age: '1000' }, { acr_values: 'urn:twofold:1fa' }, { prompt: 'consent' }]) {
    browser = await withPassword(await later(world, browser), ada, options);
    assert.ok(browser.code, JSON.stringify(options));
  }
});

test('a client that always asks for a level, or that no device counts at, asks for the factor; one that asks for a device does not [check 53]', async (t) => {
  const clients = [
    { clientId: 'remembering', leastLevel: 'remembered' },
    { clientId: 'mailing', leastLevel: '2fa-email' },
    { clientId: 'asking', rememberDevice: false },
  ] as const;
  const world = await startWorld(t, { clients });
  const ada = await world.person();
  let browser = await remembered(world.browser(), ada);
  for (const [clientId, stage] of [
    ['mailing', 'totp'],
    ['asking', 'totp'],
    ['remembering', undefined],
  ] as const) {
    browser = await later(world, browser);
    await browser.authorize({}, world.party(clientId));
    await browser.submit({ identifier: ada.email, password: ada.password });
    assert.equal(browser.stage, stage, clientId);
    assert.equal(browser.page.facts.rememberDays, clientId === 'mailing' ? 30 : undefined, clientId);
  }
  assert.ok(browser.code);
});

test('single sign-on by its session is judged as it was: another client that asks for more is not let in by it [check 53]', async (t) => {
  const world = await startWorld(t, {
    clients: [{ clientId: 'asking', rememberDevice: false }, { clientId: 'second' }],
  });
  const ada = await world.person();
  const first = await remembered(world.browser(), ada);
  world.travel(600);
  const browser = await withPassword(await later(world, first), ada);
  await browser.authorize({ prompt: 'none' }, world.party('second'));
  const claims = (await browser.redeem()).claims();
  assert.deepEqual([claims?.acr, claims?.amr], ['urn:twofold:1fa', ['pwd']]);
  assert.ok(claims?.remembered_since);
  for (const [party, options] of [
    ['asking', {}],
    ['second', { max_age: '300' }],
    ['second', { acr_values: 'urn:twofold:2fa' }],
  ] as const) {
    await browser.authorize({ ...options, prompt: 'none' }, world.party(party));
    assert.equal(browser.callback?.get('error'), 'login_required', party);
  }
  await withPassword(browser, ada, { acr_values: 'urn:twofold:2fa' });
  await browser.submit({ code: ada.codeNow(1) });
  const risen = (await browser.redeem()).claims();
  assert.deepEqual([risen?.acr, risen?.remembered_since], ['urn:twofold:2fa', undefined]);
});

test('in the account area it lets its owner look, and change nothing [check 53]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const first = await remembered(world.browser(), ada);
  world.travel(600);
  const browser = await (await later(world, first)).visit('/account');
  await browser.submit({ identifier: ada.email, password: ada.password });
  assert.equal(browser.stage, 'security');
  for (const name of ['add email', 'end-others']) {
    const tab = await browser.tab().visit('/account');
    if (!tab.page.actions.some((action) => action.name === name)) continue;
    await tab.press(name);
    assert.equal(tab.stage, 'confirm', name);
    assert.ok(!tab.page.actions.some(({ fields }) => fields.includes('remember')));
    await tab.submit({ password: ada.password });
    assert.equal(tab.stage, 'totp', name);
    assert.ok(!tab.page.actions.some(({ fields }) => fields.includes('remember')), 'a fresh proof has no box');
    assert.equal(tab.page.facts.rememberDays, undefined);
  }
});

test('the cookie alone yields nothing, and no wrong password is made good by it [check 48]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const first = await remembered(world.browser(), ada);
  const [cookie = ''] = await deviceCookiesOf(first);
  const browser = await browserWith(world, [cookie]);
  await browser.authorize({ prompt: 'none' });
  assert.equal(browser.callback?.get('error'), 'login_required');
  await browser.visit('/account');
  assert.equal(browser.stage, 'sign-in');
  await browser.authorize();
  await browser.submit({ identifier: ada.email, password: 'a wrong password' });
  assert.deepEqual(browser.errors, ['password_rejected']);
  assert.equal((await deviceCookiesOf(browser))[0], cookie);
  await browser.visit(browser.url.pathname.replace('sign-in', 'factor/ways'));
  assert.equal(browser.stage, 'sign-in');
});
