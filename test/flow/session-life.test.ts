import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editAccount } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import type { Person } from '../support/person.ts';
import { redeemRaw, refreshRaw, userinfoStatus } from '../support/token-endpoint.ts';
import { startWorld, type World } from '../support/world.ts';

const hour = 3600;
const day = 24 * hour;

async function isSignedIn(browser: Browser): Promise<boolean> {
  await browser.authorize({ prompt: 'none' });
  if (!browser.code) assert.equal(browser.callback?.get('error'), 'login_required');
  return browser.code !== undefined;
}

async function signInStaying(browser: Browser, ada: Person, options = {}): Promise<void> {
  await browser.authorize(options);
  await browser.submit({ identifier: ada.email, password: ada.password, stay: 'yes' });
  await browser.submit({ code: ada.codeNow() });
}

async function sessionCookie(browser: Browser) {
  const all = await browser.jar.getCookies(browser.issuer);
  return all.find(({ key }) => key === 'twofold_session');
}

async function signedIn(world: World) {
  const ada = await world.person();
  return { ada, browser: await world.browser().signIn(ada) };
}

test('a session ends after an hour without a request, and each request gives it another hour [check 57]', async (t) => {
  const world = await startWorld(t);
  const { browser } = await signedIn(world);
  for (let hours = 0; hours < 3; hours += 1) {
    world.travel(hour - 60);
    assert.ok(await isSignedIn(browser), `${hours}`);
  }
  world.travel(hour + 1);
  assert.equal(await isSignedIn(browser), false);
});

test('a session kept warm ends a day after the sign-in all the same [check 57]', async (t) => {
  const world = await startWorld(t);
  const { browser } = await signedIn(world);
  for (let halves = 0; halves < 47; halves += 1) {
    world.travel(hour / 2);
    assert.ok(await isSignedIn(browser), `${halves}`);
  }
  world.travel(hour / 2);
  assert.equal(await isSignedIn(browser), false);
});

test('a visit that was judged bad is none: it does not keep the session warm [check 57]', async (t) => {
  const world = await startWorld(t);
  const { ada, browser } = await signedIn(world);
  const lastSeen = async () => (await rowsOf(world.database, 'Session'))[0]?.lastSeen;
  const begun = await lastSeen();
  world.travel(60);
  await editAccount(world, ada.id, { $inc: { sessionVersion: 1 } });
  assert.equal(await isSignedIn(browser), false);
  assert.deepEqual(await lastSeen(), begun);
  await editAccount(world, ada.id, { $inc: { sessionVersion: -1 } });
  assert.ok(await isSignedIn(browser));
  assert.notDeepEqual(await lastSeen(), begun);
});

test("the record's end counts, however fresh the library's own session is [check 57, 104]", async (t) => {
  const world = await startWorld(t);
  const { browser } = await signedIn(world);
  assert.ok(await isSignedIn(browser));
  const past = { $set: { expiresAt: new Date(Date.now() - 1000) } };
  await world.database.connection.collection('oidc').updateMany({ model: 'Session' }, past);
  assert.equal(await isSignedIn(browser), false);
});

test('"stay signed in" outlives the idle hour and the browser, and ends at its absolute end however warm [check 57]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const plain = await world.browser().signIn(ada);
  assert.equal((await sessionCookie(plain))?.expires, 'Infinity', 'gone with the browser');
  world.travel(31);
  const browser = world.browser();
  await signInStaying(browser, ada);
  const cookie = await sessionCookie(browser);
  const expires = cookie?.expires instanceof Date ? cookie.expires.getTime() : 0;
  assert.ok(Math.abs(expires - Date.now() - 30 * day * 1000) < 60_000);
  for (let days = 0; days < 29; days += 4) {
    world.travel(4 * day - 600);
    if (days < 28) assert.ok(await isSignedIn(browser), `${days}`);
  }
  assert.equal(await isSignedIn(browser), false);
});

test('"stay signed in" ticked at a later sign-in works, and left out at a later one it is over [check 57]', async (t) => {
  const world = await startWorld(t);
  const { ada, browser } = await signedIn(world);
  world.travel(31);
  await signInStaying(browser, ada, { prompt: 'login' });
  assert.ok((await sessionCookie(browser))?.expires instanceof Date);
  world.travel(2 * day);
  assert.ok(await isSignedIn(browser));

  await browser.signIn(ada, { prompt: 'login' });
  assert.equal((await sessionCookie(browser))?.expires, 'Infinity');
  world.travel(hour + 60);
  assert.equal(await isSignedIn(browser), false);
});

test('the box is not there where the configuration does not offer it, and ticking it anyway does nothing', async (t) => {
  const session = { idleSeconds: hour, absoluteSeconds: day, staySignedInSeconds: 0 };
  const world = await startWorld(t, { settings: { session } });
  const ada = await world.person();
  const browser = await world.browser().authorize();
  assert.equal(browser.page.facts.staySeconds, undefined);
  await browser.submit({ identifier: ada.email, password: ada.password, stay: 'yes' });
  await browser.submit({ code: ada.codeNow() });
  assert.equal((await sessionCookie(browser))?.expires, 'Infinity');
  world.travel(hour + 60);
  assert.equal(await isSignedIn(browser), false);
});

test('a session without its record is no session: everything is asked again [check 58, 61]', async (t) => {
  const world = await startWorld(t);
  const { ada, browser } = await signedIn(world);
  await world.database.connection.collection('oidc').deleteMany({ model: 'Session' });
  assert.equal(await isSignedIn(browser), false);
  await browser.authorize({ prompt: 'select_account' });
  assert.equal(browser.stage, 'sign-in', 'nobody to choose');
  assert.ok(!browser.text.includes(ada.email));
  await browser.authorize();
  assert.equal(browser.stage, 'sign-in');
  world.travel(31);
  await browser.submit({ identifier: ada.email, password: ada.password });
  assert.equal(browser.stage, 'totp');
  await browser.submit({ code: ada.codeNow() });
  assert.ok(browser.code);
});

test('when the account changed since, its sessions are over [check 55, 86]', async (t) => {
  const world = await startWorld(t);
  const { ada, browser } = await signedIn(world);
  const accounts = world.database.connection.collection<{ _id: string }>('accounts');
  await accounts.updateOne({ _id: ada.id }, { $inc: { sessionVersion: 1 } });
  assert.equal(await isSignedIn(browser), false);
});

test('a disabled account is nobody at once: no session, no code, no refresh, no userinfo [check 59, 86]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada, { scope: 'openid offline_access', prompt: 'consent' });
  const { body } = await redeemRaw(browser);
  await browser.authorize({ prompt: 'none' });
  const waiting = browser.tab();
  waiting.journey = browser.journey;
  waiting.url = browser.url;

  const accounts = world.database.connection.collection<{ _id: string }>('accounts');
  await accounts.updateOne({ _id: ada.id }, { $set: { active: false } });
  assert.equal(await isSignedIn(browser), false);
  assert.equal((await redeemRaw(waiting)).body.error, 'invalid_grant', 'a code given just before');
  assert.equal((await refreshRaw(browser, body.refresh_token)).body.error, 'invalid_grant');
  assert.equal(await userinfoStatus(world.origin, body.access_token), 401);
  await browser.authorize();
  assert.equal(browser.stage, 'sign-in');
});

test('a session that ends while its owner signs in again does not spoil the sign-in [check 57]', async (t) => {
  const world = await startWorld(t);
  const { ada, browser } = await signedIn(world);
  for (let halves = 0; halves < 47; halves += 1) {
    world.travel(hour / 2);
    assert.ok(await isSignedIn(browser));
  }
  world.travel(hour / 2 - 120);
  await browser.authorize({ prompt: 'login' });
  world.travel(300);
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.submit({ code: ada.codeNow() });
  assert.ok(browser.code, browser.text);
});

test('one record for one session, replaced by the next sign-in in it', async (t) => {
  const world = await startWorld(t);
  const { ada, browser } = await signedIn(world);
  world.travel(31);
  await browser.signIn(ada, { prompt: 'login' });
  const [record, ...more] = await rowsOf(world.database, 'Session');
  assert.deepEqual(more, []);
  assert.equal(record?.accountId, ada.id);
});
