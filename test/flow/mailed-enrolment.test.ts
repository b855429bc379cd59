import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRow, afterPassword, captured, eventsOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import { atWay, formOf } from '../support/mail-ways.ts';
import { mailsTo, otherCode, register, unlike } from '../support/registration.ts';
import { startWorld, type World } from '../support/world.ts';

const email = 'ada@example.com';
const phone = '+447400123456';

/** Registered, mailbox proved, and codes of this kind chosen instead of the app. */
async function settingUp(world: World, kind: 'email' | 'sms', address = email): Promise<Browser> {
  const browser = await register(world.browser(), { email: address });
  await browser.submit({ code: world.codeMailedTo(address) });
  assert.equal(browser.stage, 'enrol-totp');
  await browser.submit({ kind });
  assert.equal(browser.stage, `enrol-${kind}`);
  return browser;
}

async function factorsOf(world: World, address = email) {
  const account = (await rowsOf(world.database, 'accounts')).find((row) => row.email === address);
  type Row = { readonly kind: string; readonly name: string; readonly data: { readonly destination?: string } };
  return ((account?.factors ?? []) as readonly Row[]).map(({ data, ...factor }) => ({ ...factor, ...data }));
}

test('codes by mail instead of the app: the mailbox was proved a moment ago and is not asked again [check 34] [check 70]', async (t) => {
  const world = await startWorld(t);
  const browser = await settingUp(world, 'email');
  assert.deepEqual([browser.page.facts.proved, browser.page.facts.sentTo, mailsTo(world, email)], [true, email, 1]);
  assert.deepEqual(await factorsOf(world), [], 'nothing counts before it is confirmed');
  await browser.post(formOf(browser, 'enrol'), { name: 'Home' });
  const claims = (await browser.redeem()).claims();
  assert.deepEqual([claims?.acr, claims?.amr], ['urn:twofold:2fa-email', ['pwd', 'otp']]);
  const [factor, ...others] = await factorsOf(world);
  assert.deepEqual([factor?.kind, factor?.destination, factor?.name, others], ['email', email, 'Home', []]);
});

test('another address counts only after a code that was sent there, and is where codes go from then on [check 31] [check 34]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const browser = await settingUp(world, 'email');
  await browser.submit({ email: 'ada@' });
  assert.deepEqual([browser.status, browser.errors], [422, ['email_shape']]);
  await browser.submit({ email: ' Work@Example.org ' });
  const code = world.codeMailedTo('work@example.org');
  assert.equal(browser.page.facts.sentTo, 'work@example.org');
  await browser.post(formOf(browser, 'enrol'), { name: 'Work' });
  await browser.submit({ code: otherCode(code), name: 'Work' });
  assert.deepEqual([browser.errors, await factorsOf(world)], [['code_rejected'], []]);
  await browser.submit({ code, name: 'Work' });
  assert.ok(browser.code);
  assert.equal((await factorsOf(world))[0]?.destination, 'work@example.org');

  world.travel(61);
  const later = await world.browser().authorize();
  await later.submit({ identifier: email, password: 'a walrus in the attic' });
  assert.deepEqual([later.stage, later.page.facts.sentTo], ['email', 'w***@example.org']);
  await later.submit({ code: world.codeMailedTo('work@example.org') });
  assert.ok(later.code);
});

test('the code of the first address is none for the second, and five wrong ones end a code [check 29]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const browser = await settingUp(world, 'email');
  await browser.submit({ email: 'one@example.org' });
  const first = world.codeMailedTo('one@example.org');
  await browser.submit({ email: 'two@example.org' });
  const second = world.codeMailedTo('two@example.org');
  await browser.submit({ code: first === second ? otherCode(first) : first });
  assert.deepEqual(browser.errors, ['code_rejected']);
  for (const n of [1, 2, 3, 4]) await browser.submit({ code: otherCode(second, n) });
  assert.deepEqual(browser.errors, ['code_spent']);
  await browser.submit({ code: second });
  assert.deepEqual([browser.errors, await factorsOf(world)], [['code_spent'], []]);
  world.travel(61);
  await browser.press('send');
  await browser.submit({ code: world.codeMailedTo('two@example.org') });
  assert.equal((await factorsOf(world))[0]?.destination, 'two@example.org');
});

test('a sign-in code sets nothing up, and a code for setting up signs nobody in, to the same mailbox', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const shared = 'shared@example.com';
  const owner = await world.person({ ways: ['email'], email: shared });
  const setUp = await settingUp(world, 'email');
  const other = await settingUp(world, 'email', 'bob@example.com');
  await setUp.submit({ email: shared });
  const forSetUp = world.codeMailedTo(shared);
  world.travel(61);
  const signIn = await atWay(world, owner);
  const forSignIn = world.codeMailedTo(shared);
  world.travel(600 - 70);
  await other.submit({ email: shared });
  const forOther = world.codeMailedTo(shared);
  for (const [browser, own, codes] of [
    [setUp, forSetUp, [forSignIn, forOther]],
    [signIn, forSignIn, [forSetUp, forOther]],
    [other, forOther, [forSetUp, forSignIn]],
  ] as const)
    for (const code of codes) {
      await browser.submit({ code: unlike(code, own) });
      assert.deepEqual([browser.status, browser.errors], [422, ['code_rejected']]);
    }
  await signIn.submit({ code: forSignIn });
  assert.ok(signIn.code);
});

test('codes by SMS: the number is told when it is none or may not be texted, kept as typed, and proved by a code [check 107]', async (t) => {
  const world = await startWorld(t);
  const browser = await settingUp(world, 'sms');
  for (const [typed, told] of [
    ['07400 123456', 'phone_shape'],
    ['+33 6 12 34 56 78', 'phone_blocked'],
    ['+44 909 8790000', 'phone_blocked'],
  ] as const) {
    await browser.submit({ phone: typed });
    assert.deepEqual([browser.status, browser.errors], [422, [told]], typed);
  }
  assert.equal(world.outbox.texts.length, 0);
  await browser.submit({ phone: '+44 (0)7400 123 456' });
  assert.equal(browser.page.facts.sentTo, phone);
  await browser.submit({ code: world.codeTextedTo(phone), name: 'Work phone' });
  assert.equal((await browser.redeem()).claims()?.acr, 'urn:twofold:2fa-sms');
  assert.deepEqual(
    (await factorsOf(world)).map(({ kind, destination }) => [kind, destination]),
    [['sms', phone]],
  );
  assert.equal((await eventsOf(world, { kind: 'factor_added', detail: 'sms' })).length, 1);
});

test('whoever leaves before the code has nothing set up; the page can be given more time, and is no dead end when it ran out [check 34]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const browser = await settingUp(world, 'email');
  world.travel(601);
  await browser.post(formOf(browser, 'enrol'), { name: 'Home' });
  assert.deepEqual([browser.errors, await factorsOf(world)], [['form_old'], []]);
  await browser.press('renew');
  await browser.post(formOf(browser, 'enrol'), { name: 'Home' });
  assert.ok(browser.code);
});

test('20 confirmations at once set up one factor [check 33]', async (t) => {
  const world = await startWorld(t);
  const bob = await world.person({ ways: [] });
  const browser = await afterPassword(world, bob);
  await browser.submit({ code: world.codeMailedTo(bob.email) });
  await browser.submit({ kind: 'email' });
  const confirmation = captured(browser, formOf(browser, 'enrol'), { name: 'Home' });
  await Promise.all(Array.from({ length: 20 }, () => browser.fetch(confirmation)));
  assert.equal((await accountRow(world, bob.id)).factors.length, 1);
});
