import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAccount, noticeOf } from '../support/account-area.ts';
import { newSecret } from '../support/adding.ts';
import { accountRow, afterPassword, captured, editAccount, uidOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { chooseWay } from '../support/mail-ways.ts';
import { codeOf, type Person } from '../support/person.ts';
import { register } from '../support/registration.ts';
import { startWorld, type World } from '../support/world.ts';

const codesOf = async (world: World, id: string) =>
  ((await accountRow(world, id)) as { recovery?: { salt: string; level?: string } }).recovery;
const levelOf = async (world: World, id: string) => (await codesOf(world, id))?.level;

/** After the password, at what follows a right code by this way. */
async function by(world: World, person: Person, way: 'totp' | 'email'): Promise<Browser> {
  const browser = Object.assign(await afterPassword(world, person), { savesCodes: false });
  if (browser.stage !== way) await chooseWay(browser, way);
  return browser.submit({ code: way === 'totp' ? person.codeNow() : world.codeMailedTo(person.email) });
}

async function byRecoveryCode(world: World, person: Person): Promise<Browser> {
  const browser = Object.assign(await afterPassword(world, person), { savesCodes: false });
  await chooseWay(browser, 'recovery');
  return browser.submit({ code: person.recoveryCodes[0] ?? '' });
}

test('codes that are due are shown to whoever proves the strongest way, and to nobody who proves less [check 39]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ ways: ['totp', 'email'] });
  await editAccount(world, ada.id, { $set: { recoveryDue: true } });
  const weaker = await by(world, ada, 'email');
  assert.ok(weaker.code, 'signed in, and shown none');
  world.travel(60);
  const browser = await by(world, ada, 'totp');
  assert.equal(browser.stage, 'recovery-codes');
  await browser.saveCodes();
  assert.ok(browser.code);
  assert.equal(await levelOf(world, ada.id), '2fa');
});

test('a code that is worth less than what is set up makes no new ones, whatever is posted', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ ways: ['totp', 'email'], recovery: 2, codesLevel: '2fa-email' });
  const before = await codesOf(world, ada.id);
  const browser = await byRecoveryCode(world, ada);
  assert.equal(browser.stage, 'recovery-used');
  assert.equal(
    browser.page.actions.some(({ name }) => name === 'make'),
    false,
  );
  const at = `/interaction/${uidOf(browser)}`;
  await browser.send(captured(browser, `${at}/recovery-used/new`, {}));
  assert.equal(browser.stage, 'recovery-used');
  await browser.send(captured(browser, `${at}/recovery-codes`, { saved: 'yes' }));
  assert.equal((await codesOf(world, ada.id))?.salt, before?.salt);
});

test('a code that is worth what is set up makes new ones of the same level', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  for (const [ways, level] of [
    [['totp', 'email'], '2fa'],
    [['email'], '2fa-email'],
  ] as const) {
    const ada = await world.person({ ways: [...ways], recovery: 2, codesLevel: '2fa' });
    const before = await codesOf(world, ada.id);
    const browser = await byRecoveryCode(world, ada);
    await browser.press('make');
    await browser.saveCodes();
    const after = await codesOf(world, ada.id);
    assert.notEqual(after?.salt, before?.salt);
    assert.equal(after?.level, level, 'never more than the strongest that is set up');
  }
});

test('codes that were begun by the mailbox are not saved once an app is set up elsewhere [check 39]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const app = (await accountRow(world, (await world.person()).id)).factors;
  const bob = await world.person({ ways: ['email'] });
  await editAccount(world, bob.id, { $set: { recoveryDue: true } });
  const browser = await by(world, bob, 'email');
  assert.equal(browser.stage, 'recovery-codes');
  await editAccount(world, bob.id, { $push: { factors: { $each: app } } });
  await browser.saveCodes();
  assert.equal(await codesOf(world, bob.id), undefined);
  assert.ok(browser.code, 'the sign-in goes on: a code by mail was enough for it');
});

for (const [kind, level] of [
  ['email', '2fa-email'],
  ['totp', '2fa'],
] as const) {
  test(`codes that come with a first way of the kind ${kind} are worth ${level}`, async (t) => {
    const world = await startWorld(t);
    world.travel(0);
    const address = 'ada@example.com';
    const browser = await register(world.browser(), { email: address });
    await browser.submit({ code: world.codeMailedTo(address) });
    if (kind === 'email') await browser.submit({ kind });
    const code = kind === 'totp' ? { code: codeOf(newSecret(browser)) } : {};
    await browser.submit({ ...code, name: '' });
    assert.ok(browser.code, browser.text);
    assert.equal(browser.recoveryCodes.length, 10);
    const [row] = await world.database.connection.collection('accounts').find({ email: address }).toArray();
    assert.equal(await levelOf(world, String(row?._id)), level);
  });
}

test('codes made in the account area are worth what they were made by, and stay so when an app is added', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const bob = await world.person({ ways: ['email'], recovery: 1, codesLevel: '2fa' });
  const browser = Object.assign(await world.browser().visit('/account'), { savesCodes: false });
  await browser.submit({ identifier: bob.email, password: bob.password });
  await browser.submit({ code: world.codeMailedTo(bob.email) });
  assert.deepEqual(browser.page.facts.recovery, { left: 1, few: true });
  await browser.press('make-codes');
  await browser.saveCodes();
  assert.equal(await levelOf(world, bob.id), '2fa-email');
  await browser.press('add totp');
  await browser.submit({ code: codeOf(newSecret(browser)), name: '' });
  assert.equal(noticeOf(browser), 'way_added');
  assert.equal(await levelOf(world, bob.id), '2fa-email');
  assert.deepEqual(browser.page.facts.recovery, { left: 10, few: false, weaker: true });

  const ada = await world.person({ recovery: 1, codesLevel: '2fa-email' });
  const own = Object.assign(await inAccount(world, ada), { savesCodes: false });
  await own.press('make-codes');
  await own.saveCodes();
  assert.equal(await levelOf(world, ada.id), '2fa');
  assert.deepEqual(own.page.facts.recovery, { left: 10, few: false });
});
