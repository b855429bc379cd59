import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser } from '../support/browser.ts';
import { eventsOf } from '../support/events.ts';
import type { Person } from '../support/person.ts';
import { askToken, claimsOf, redeemRaw, refreshRaw, userinfoStatus } from '../support/token-endpoint.ts';
import { startWorld, type World } from '../support/world.ts';

const offline = { scope: 'openid email offline_access', prompt: 'consent' };

async function signedIn(world: World, ada: Person) {
  const browser = await world.browser().signIn(ada, offline);
  const { body } = await redeemRaw(browser);
  return { browser, first: body };
}

async function signedInAtThird(world: World, ada: Person, browser: Browser) {
  await browser.authorize(offline, world.party('third'));
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.submit({ code: ada.codeNow() });
}

test('a refresh token is given for offline_access with prompt=consent alone [check 64]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const { browser, first } = await signedIn(world, ada);
  assert.equal(typeof first.refresh_token, 'string');
  await browser.authorize({ scope: 'openid offline_access' });
  assert.equal((await redeemRaw(browser)).body.refresh_token, undefined);
  await browser.authorize({ scope: 'openid', prompt: 'consent' });
  assert.equal((await redeemRaw(browser)).body.refresh_token, undefined);
});

test('a third-party client gets one only after the person read "offline_access" and allowed it [check 64]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = world.browser();
  await signedInAtThird(world, ada, browser);
  assert.equal(browser.stage, 'consent');
  assert.deepEqual(browser.page.facts.scopes, ['offline_access', 'email']);
  await browser.submit({ decision: 'allow' });
  const { body } = await redeemRaw(browser);
  assert.equal((await refreshRaw(browser, body.refresh_token)).status, 200);
});

test('each use gives a new one; of 20 parallel uses one succeeds [check 64]', async (t) => {
  const world = await startWorld(t);
  const { browser, first } = await signedIn(world, await world.person());
  const second = await refreshRaw(browser, first.refresh_token);
  assert.notEqual(second.body.refresh_token, first.refresh_token);
  const answers = await Promise.all(Array.from({ length: 20 }, () => refreshRaw(browser, second.body.refresh_token)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  for (const { status, body } of answers) if (status !== 200) assert.equal(body.error, 'invalid_grant');
});

test('an old one used again ends the whole family, its access tokens too, and the audit knows [check 64, 112]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const { browser, first } = await signedIn(world, ada);
  const second = await refreshRaw(browser, first.refresh_token);
  assert.equal((await refreshRaw(browser, first.refresh_token)).status, 400);
  assert.equal((await refreshRaw(browser, second.body.refresh_token)).status, 400);
  assert.equal(await userinfoStatus(world.origin, second.body.access_token), 401);
  const [event] = await eventsOf(world, 'code_reuse');
  assert.equal(event?.accountId, ada.id);
  assert.equal(event?.clientId, 'app');
  assert.equal(event?.detail, 'refresh_token');
});

test('rotation never moves the end: two weeks after the sign-in every one of them is over [check 64]', async (t) => {
  const world = await startWorld(t);
  const { browser, first } = await signedIn(world, await world.person());
  const day = 86_400;
  world.travel(6 * day);
  const second = await refreshRaw(browser, first.refresh_token);
  world.travel(7 * day);
  const third = await refreshRaw(browser, second.body.refresh_token);
  assert.equal(third.status, 200);
  world.travel(day + 60);
  assert.equal((await refreshRaw(browser, third.body.refresh_token)).body.error, 'invalid_grant');
});

test('a refresh token is bound to its client, and never widens its scopes [check 64]', async (t) => {
  const world = await startWorld(t, { clients: [{ clientId: 'other' }] });
  const { browser, first } = await signedIn(world, await world.person());
  const form = { grant_type: 'refresh_token', refresh_token: String(first.refresh_token) };
  const ask = (client: Parameters<typeof askToken>[0]['client'], more = {}) =>
    askToken({ origin: world.origin, client, form: { ...form, ...more } });
  assert.equal((await ask(world.party('other').settings)).body.error, 'invalid_grant');
  assert.equal((await ask(null)).body.error, 'invalid_request');
  assert.equal((await ask(browser.party.settings, { scope: 'openid email profile' })).body.error, 'invalid_scope');
  assert.equal((await ask(browser.party.settings)).status, 200);
});

test('a refreshed ID token tells the same sign-in as the first, not a newer one [check 64, 70]', async (t) => {
  const world = await startWorld(t);
  const { browser, first } = await signedIn(world, await world.person());
  world.travel(3 * 3600);
  const second = await refreshRaw(browser, first.refresh_token);
  const [before, after] = [claimsOf(first.id_token), claimsOf(second.body.id_token)];
  for (const claim of ['sub', 'aud', 'acr', 'auth_time', 'iss']) assert.equal(after[claim], before[claim], claim);
  assert.deepEqual(after.amr, before.amr);
  assert.ok(Number(after.iat) > Number(before.iat));
});

test('a public client rotates as well, and is bound to its name [check 64, 68]', async (t) => {
  const world = await startWorld(t, { clients: [{ clientId: 'spa', public: true }] });
  const browser = world.browser();
  const ada = await world.person();
  await browser.authorize(offline, world.party('spa'));
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.submit({ code: ada.codeNow() });
  const { body } = await redeemRaw(browser);
  const second = await refreshRaw(browser, body.refresh_token);
  assert.equal(second.status, 200);
  assert.equal((await refreshRaw(browser, body.refresh_token)).status, 400, 'used before');
  assert.equal((await refreshRaw(browser, second.body.refresh_token)).status, 400, 'the family is gone');
});
