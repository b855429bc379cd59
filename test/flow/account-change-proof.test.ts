import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAccount, noticeOf, ownFactors, proveAll } from '../support/account-area.ts';
import { atAdding, atFirst, newSecret } from '../support/adding.ts';
import { accountRow, captured } from '../support/attack.ts';
import { seen, typedIn } from '../support/html.ts';
import { codeOf } from '../support/person.ts';
import { mailsTo } from '../support/registration.ts';
import { startWorld, type World } from '../support/world.ts';

const factorsOf = async (world: World, id: string) => (await accountRow(world, id)).factors.length;
const savedBy = async (world: World, id: string) =>
  ((await accountRow(world, id)) as { recovery?: { salt: string } }).recovery?.salt;
const newMail = 'work@example.org';

test('a way is not added once the proof that began it is too old; after a new one the same is there, with its name [check 33, 38]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ recovery: 1 });
  const browser = await atAdding(world, ada, 'totp');
  const secret = newSecret(browser);
  world.travel(301);
  await browser.submit({ code: codeOf(secret), name: 'Tablet <b>' });
  assert.equal(browser.stage, 'confirm');
  assert.ok(!browser.url.href.includes('Tablet'));
  assert.equal(await factorsOf(world, ada.id), 1);
  await browser.submit({ identifier: ada.email, password: ada.password });
  const html = await seen(browser, () => browser.submit({ code: ada.codeNow() }));
  assert.equal(typedIn(html, 'name'), 'Tablet &lt;b&gt;');
  assert.equal(typedIn(await seen(browser, () => browser.reload()), 'name'), '', 'it comes back once');
  await browser.reload();
  assert.deepEqual([browser.url.pathname, newSecret(browser)], ['/account/ways/new/totp', secret]);
  await browser.submit({ code: codeOf(secret), name: 'Tablet' });
  assert.equal(noticeOf(browser), 'way_added');
  assert.deepEqual(
    ownFactors(browser).map(({ label }) => label),
    ['', 'Tablet'],
  );
});

test('nothing is sent for a change whose proof is too old, whatever is typed [check 31, 32]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ recovery: 1 });
  const browser = await atAdding(world, ada, 'email');
  world.travel(301);
  const mails = mailsTo(world, ada.email);
  for (const [name, fields] of Object.entries({ send: {}, destination: { email: newMail } })) {
    const answer = await browser.tab().fetch(captured(browser, `/account/ways/new/email/${name}`, fields));
    assert.match(answer.headers.get('location') ?? '', /^\/auth\?.*&prompt=login&/, name);
  }
  assert.deepEqual([mailsTo(world, newMail), mailsTo(world, ada.email)], [0, mails]);
  await browser.submit({ email: newMail });
  await proveAll(browser, ada);
  assert.equal(browser.stage, 'go-on');
  assert.equal(mailsTo(world, newMail), 0, 'and nothing was done meanwhile');
  await browser.submit({ email: newMail });
  assert.deepEqual([browser.stage, browser.url.pathname], ['enrol-email', '/account/ways/new/email']);
  await browser.submit({ code: world.codeMailedTo(newMail), name: '' });
  assert.equal(noticeOf(browser), 'way_added');
});

test('the first codes show and are saved while password and the new way are fresh, afterwards for a new proof [check 33, 38]', async (t) => {
  const world = await startWorld(t, { settings: { secondFactor: 'when-enrolled' } });
  world.travel(0);
  for (const late of [false, true]) {
    const bob = await world.person({ totp: false });
    const browser = await atFirst(world, bob, 'totp');
    browser.savesCodes = false;
    await browser.submit({ code: world.codeMailedTo(bob.email) });
    const secret = newSecret(browser);
    await browser.submit({ code: codeOf(secret), name: '' });
    assert.equal(browser.stage, 'recovery-codes', 'nobody is asked again for what was proved just now');
    const [code = ''] = browser.page.facts.codes as readonly string[];
    const set = String(browser.page.facts.set);
    const save = captured(browser, '/account/ways/new/totp/save', { saved: 'yes', set });
    if (!late) {
      await browser.saveCodes();
      assert.equal(noticeOf(browser), 'codes_saved');
      continue;
    }
    world.travel(301);
    await browser.fetch(save);
    assert.equal(await savedBy(world, bob.id), undefined);
    await browser.visit('/account/ways/new/totp');
    assert.deepEqual([browser.stage, browser.text.includes(code)], ['confirm', false]);
    await browser.submit({ identifier: bob.email, password: bob.password });
    await browser.submit({ code: codeOf(secret) });
    assert.equal(browser.stage, 'recovery-codes');
    await browser.saveCodes();
    assert.ok(await savedBy(world, bob.id));
    await browser.visit('/account/ways/new/totp');
    assert.deepEqual([browser.stage, browser.text.includes(code)], ['add-totp', false]);
  }
});

test('a form of a change that is over asks for nothing, and leaving one neither', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ recovery: 1 });
  const browser = await atAdding(world, ada, 'totp');
  const late = captured(browser, '/account/ways/new/totp/enrol', { code: '123456', name: '' });
  world.travel(301);
  await browser.press('cancel');
  assert.equal(browser.stage, 'security');
  await browser.send(late);
  assert.deepEqual([browser.stage, noticeOf(browser)], ['security', 'way_ended']);
});

test('a name that was typed when the proof had run out waits for its account and is in no address and no cookie as it is [check 78]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const browser = await inAccount(world, ada);
  const [{ id } = { id: '' }] = ownFactors(browser);
  await browser.press(`rename ${id}`);
  world.travel(301);
  await browser.submit({ name: 'Work “phone”' });
  assert.equal(browser.stage, 'confirm');
  assert.ok(!browser.url.href.includes('Work'));
  assert.ok(!(await browser.cookies()).some((cookie) => cookie.includes('Work')));
  await browser.submit({ password: ada.password });
  const html = await seen(browser, () => browser.submit({ code: ada.codeNow() }));
  assert.match(html, /type="hidden" name="name" value="Work “phone”"/);
});
