import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { accountRow, afterPassword, editAccount, eventsOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import type { Person } from '../support/person.ts';
import { register } from '../support/registration.ts';
import { startWorld, type World } from '../support/world.ts';

const [attacker, home, elsewhere] = ['203.0.113.5', '198.51.100.20', '192.0.2.77'];
const hour = 3600;
const agent = 'Call +1 555 0100 or mail help@example.org about your account';

/** Behind one proxy, so that browsers come from networks of their own; what one address may try at all accounts is not what is tested. */
async function attackedWorld(t: TestContext) {
  const { addressLimits } = (await startWorld(t)).config;
  const wide = { ...addressLimits, wrongPasswords: 0 };
  const world = await startWorld(t, { settings: { trustedProxies: 1, addressLimits: wide } });
  world.travel(0);
  const ada = await world.person();
  return { world, ada };
}

const from = (world: World, address: string, more: Readonly<Record<string, string>> = {}) =>
  world.browser({ headers: { 'x-forwarded-for': address, ...more } });

async function guess(world: World, person: Person, address: string): Promise<Browser> {
  const browser = from(world, address, { 'user-agent': agent });
  await browser.authorize();
  await browser.submit({ identifier: person.email, password: 'not the walrus at all' });
  assert.deepEqual(browser.errors, ['password_rejected']);
  return browser;
}

async function isHeard(browser: Browser, person: Person): Promise<boolean> {
  await browser.authorize({ prompt: 'login' });
  await browser.submit({ identifier: person.email, password: person.password });
  return browser.stage === 'totp';
}

const failuresOf = async (world: World, { id }: Person) => {
  const { failures, networks } = (await accountRow(world, id)).guesses.password;
  return [failures, networks.map((each) => each.failures)] as const;
};

const mailsTo = (world: World, { email }: Person) => world.outbox.mails.filter(({ to }) => to === email);

/** A mail that nobody waited for: given a moment to come, and never one too many. */
async function mailed(world: World, person: Person, count: number) {
  for (let round = 0; round < 200 && mailsTo(world, person).length < count; round += 1) await setTimeout(10);
  assert.equal(mailsTo(world, person).length, count);
  return mailsTo(world, person)[count - 1]?.text ?? '';
}

test('after ten minutes of wrong passwords from one address the owner signs in from another network in a new browser [check 109]', async (t) => {
  const { world, ada } = await attackedWorld(t);
  for (let second = 0; second <= 600; second += 15) {
    await guess(world, ada, attacker);
    world.travel(15);
  }
  assert.deepEqual(await failuresOf(world, ada), [8, [8]], 'the attacker waited, too');
  assert.equal(await isHeard(from(world, attacker), ada), false);
  const owner = await from(world, home).signIn(ada);
  assert.ok(owner.code);
});

test('after a week of wrong passwords from one address the owner signs in from another network in a new browser [check 109]', async (t) => {
  const { world, ada } = await attackedWorld(t);
  for (let hours = 0; hours < 7 * 24; hours += 1) {
    await guess(world, ada, attacker);
    world.travel(hour);
  }
  const [today, networks] = await failuresOf(world, ada);
  assert.deepEqual([today, networks], [4, [100]], 'closed on the fifth day');
  assert.equal(await isHeard(from(world, attacker), ada), false);
  const owner = await from(world, home).signIn(ada);
  assert.ok(owner.code);
  assert.deepEqual(await failuresOf(world, ada), [0, []], 'a whole sign-in gives all back');
  assert.equal(await isHeard(from(world, attacker), ada), true);
});

test('an IPv6 client is one network with all of its /64, and its neighbour is another [check 106] [check 109]', async (t) => {
  const { world, ada } = await attackedWorld(t);
  for (const last of ['1', '2', '3', '4', 'dead:beef:0:5'])
    await guess(world, ada, last.includes(':') ? `2001:db8:0:1:${last}` : `2001:db8:0:1::${last}`);
  assert.equal(await isHeard(from(world, '2001:db8:0:1::6'), ada), false);
  assert.equal(await isHeard(from(world, '2001:db8:0:2::6'), ada), true);
});

test('past 300 wrong passwords in a day only known browsers are heard, wherever they are, until the day is over [check 13] [check 109]', async (t) => {
  const { world, ada } = await attackedWorld(t);
  const known = await from(world, home).signIn(ada);
  await guess(world, ada, attacker);
  world.travel(hour);
  await editAccount(world, ada.id, { $set: { 'guesses.password.failures': 299 } });
  await guess(world, ada, elsewhere);
  await guess(world, ada, '192.0.2.78');
  assert.deepEqual(await failuresOf(world, ada), [300, [1, 1]], 'a try past the day is not counted');
  assert.equal(await isHeard(from(world, home), ada), false);
  assert.equal(await isHeard(known, ada), true);
  const locks = await eventsOf(world, { kind: 'lock', accountId: ada.id });
  assert.deepEqual(
    locks.map(({ detail }) => detail),
    ['password_day'],
  );
  world.travel(23 * hour - 1);
  assert.equal(await isHeard(from(world, home), ada), false);
  world.travel(1);
  assert.equal(await isHeard(from(world, home), ada), true);
});

test('a sign-in in a known browser opens a full day for new ones', async (t) => {
  const { world, ada } = await attackedWorld(t);
  const known = await from(world, home).signIn(ada);
  await guess(world, ada, attacker);
  await editAccount(world, ada.id, { $set: { 'guesses.password.failures': 300 } });
  assert.equal(await isHeard(from(world, elsewhere), ada), false);
  world.travel(31);
  await afterPassword(world, ada, { browser: known, options: { prompt: 'login' } });
  await known.submit({ code: ada.codeNow() });
  assert.ok(known.code);
  assert.equal(await isHeard(from(world, elsewhere), ada), true);
});

test('the owner hears once of ten wrong passwords from one network, and nothing of the stranger stands in the mail [check 109]', async (t) => {
  const { world, ada } = await attackedWorld(t);
  await guess(world, ada, attacker);
  await editAccount(world, ada.id, { $set: { 'guesses.password.networks.0.failures': 8 } });
  await guess(world, ada, attacker);
  await mailed(world, ada, 0);
  world.travel(hour);
  await guess(world, ada, attacker);
  const text = await mailed(world, ada, 1);
  assert.match(text, /^10 wrong passwords in a row were tried at your Twofold account from one network\./);
  assert.match(text, /Nobody got in that way\./);
  assert.match(text, /203\.0\.113\.x/);
  assert.doesNotMatch(text, /555|example\.org|203\.0\.113\.5|knows your password/);
  for (const address of [attacker, elsewhere]) {
    world.travel(hour);
    await guess(world, ada, address);
  }
  await mailed(world, ada, 1);
});

test('the owner hears once that the day is full, and that the known browsers still work [check 109]', async (t) => {
  const { world, ada } = await attackedWorld(t);
  await guess(world, ada, attacker);
  await editAccount(world, ada.id, { $set: { 'guesses.password.failures': 299 } });
  await guess(world, ada, elsewhere);
  const text = await mailed(world, ada, 1);
  assert.match(text, /^300 wrong passwords were tried at your Twofold account within a day\./);
  assert.match(text, /only in browsers that you signed in with before/);
  assert.doesNotMatch(text, /555|example\.org|Place|Browser:/);
  await guess(world, ada, attacker);
  await mailed(world, ada, 1);
});

test('without the password no code that a stranger types takes a guess of the second factor', async (t) => {
  const { world, ada } = await attackedWorld(t);
  const stranger = await guess(world, ada, attacker);
  const base = stranger.url.pathname.replace(/\/sign-in$/, '');
  for (const path of ['factor', 'confirm-mail', 'enrol', 'recovery'])
    for (const code of ['123456', '654321', 'abcd-efgh-jkmn-pqrs']) await stranger.post(`${base}/${path}`, { code });
  const registering = await register(from(world, attacker), { email: ada.email });
  for (let n = 0; n < 5; n += 1) await registering.submit({ code: `${n}`.repeat(6) });
  assert.deepEqual(registering.errors, ['code_spent']);
  assert.deepEqual((await accountRow(world, ada.id)).guesses.secondFactor, { failures: 0 });
});

test('the account keeps no address of those who tried', async (t) => {
  const { world, ada } = await attackedWorld(t);
  for (const address of [attacker, elsewhere, '2001:db8:0:1::6']) await guess(world, ada, address);
  const { networks } = (await accountRow(world, ada.id)).guesses.password;
  assert.equal(new Set(networks.map(({ network }) => network)).size, 3);
  for (const { network } of networks) assert.match(network, /^[\w-]{12}$/);
  assert.doesNotMatch(JSON.stringify(await accountRow(world, ada.id)), /203\.0|192\.0|2001:/);
});
