import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRow, afterPassword, editAccount } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import type { Person } from '../support/person.ts';
import { startWorld, type World } from '../support/world.ts';

const wrong = 'not the walrus at all';

async function tryPasswords(browser: Browser, person: Person, count: number): Promise<Browser> {
  await browser.authorize({ prompt: 'login' });
  for (let tries = 0; tries < count; tries += 1) await browser.submit({ identifier: person.email, password: wrong });
  return browser;
}

/** True: this browser's right password is judged. */
async function isHeard(browser: Browser, person: Person): Promise<boolean> {
  await browser.authorize({ prompt: 'login' });
  await browser.submit({ identifier: person.email, password: person.password });
  return browser.stage === 'totp';
}

const withCookie = async (world: World, value: string) => {
  const browser = world.browser();
  await browser.jar.setCookie(`twofold_browser=${value}; Path=/`, world.issuer);
  return browser;
};

const cookieOf = async (browser: Browser) => {
  const cookie = (await browser.cookies()).find((each) => each.startsWith('twofold_browser='));
  return cookie?.slice('twofold_browser='.length) ?? assert.fail('no cookie');
};

test('a stranger who fails shuts out strangers, never the browser that its owner signed in with before [check 109]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const own = await world.browser().signIn(ada);
  await tryPasswords(world.browser(), ada, 7);
  assert.equal(await isHeard(world.browser(), ada), false, 'strangers wait');
  assert.equal(await isHeard(own, ada), true);
  world.travel(30);
  await own.submit({ code: ada.codeNow() });
  assert.ok(own.code);
  assert.equal(await isHeard(world.browser(), ada), true, 'a whole sign-in opens the door for all');
});

test('a known browser has five tries of its own, and strangers keep theirs [check 109]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const own = await world.browser().signIn(ada);
  await tryPasswords(own, ada, 5);
  assert.equal(await isHeard(own, ada), false);
  assert.equal((await accountRow(world, ada.id)).guesses.password.failures, 0);
  assert.equal(await isHeard(world.browser(), ada), true);
  world.travel(61);
  assert.equal(await isHeard(own, ada), true);
});

test('a wait of strangers is a minute, doubled by each further failure up to a quarter of an hour [check 13, 109]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  await tryPasswords(world.browser(), ada, 4);
  for (const minutes of [1, 2, 4, 8, 15, 15]) {
    await tryPasswords(world.browser(), ada, 1);
    const [own] = (await accountRow(world, ada.id)).guesses.password.networks;
    assert.equal(Number(own?.lockedUntil) - Date.now(), minutes * 60_000);
    world.travel(minutes * 60 + 1);
  }
});

test('a forged, altered or foreign cookie is a stranger [check 109]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const [ada, eve] = [await world.person(), await world.person()];
  const cookie = await cookieOf(await world.browser().signIn(ada));
  const evesOwn = await cookieOf(await world.browser().signIn(eve));
  await tryPasswords(world.browser(), ada, 5);
  const last = cookie.at(-2) === 'A' ? 'B' : 'A';
  const plain = Buffer.from(JSON.stringify({ id: 'x'.repeat(22), accounts: [ada.id] })).toString('base64url');
  const forged = [
    `${cookie.slice(0, -2)}${last}${cookie.at(-1)}`,
    cookie.slice(1),
    plain,
    evesOwn,
    '',
    '%00',
    `1.${plain}`,
  ];
  for (const value of forged) assert.equal(await isHeard(await withCookie(world, value), ada), false, value);
  assert.equal(await isHeard(await withCookie(world, cookie), ada), true, 'the untouched one is known');
});

test('after 100 failures in a row a network is not heard for a month; the known browser in it still is [check 13] [check 109]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const own = await world.browser().signIn(ada);
  await tryPasswords(world.browser(), ada, 1);
  await editAccount(world, ada.id, { $set: { 'guesses.password.networks.0.failures': 99 } });
  await tryPasswords(world.browser(), ada, 1);
  world.travel(29 * 24 * 3600);
  assert.equal(await isHeard(world.browser(), ada), false);
  assert.equal((await accountRow(world, ada.id)).guesses.password.networks[0]?.failures, 100);
  assert.equal(await isHeard(own, ada), true);
  world.travel(24 * 3600);
  assert.equal(await isHeard(world.browser(), ada), true, 'nobody is shut out for good');
});

test('a browser is known only once the factor was given, and without the password it is worth nothing [check 48, 109]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const half = await afterPassword(world, ada);
  assert.ok(!(await half.cookies()).some((each) => each.startsWith('twofold_browser=')));
  const known = await withCookie(world, await cookieOf(await world.browser().signIn(ada)));
  await known.authorize({ prompt: 'none' });
  assert.equal(known.callback?.get('error'), 'login_required');
  await known.authorize();
  assert.deepEqual([known.stage, known.page.account], ['sign-in', undefined], 'nobody is named to whoever holds it');
  await known.submit({ identifier: ada.email, password: ada.password });
  assert.equal(known.stage, 'totp');
});
