import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import type { Person } from '../support/person.ts';
import { claimsOf, redeemRaw, refreshRaw } from '../support/token-endpoint.ts';
import { type NewClient, startWorld, type World } from '../support/world.ts';

const narrow: NewClient = { clientId: 'narrow', scopes: ['openid'] };
const named: NewClient = { clientId: 'named', scopes: ['openid', 'profile'], firstParty: false };
const everything = { email: null, email_verified: { essential: true }, preferred_username: null };
const claims = JSON.stringify({ id_token: everything, userinfo: everything });

async function signedIn(world: World, ada: Person, party: string, options = {}): Promise<Browser> {
  const browser = await world.browser().authorize({ scope: 'openid', claims, ...options }, world.party(party));
  await browser.submit({ identifier: ada.email, password: ada.password });
  return browser.submit({ code: ada.codeNow() });
}

async function userinfo(origin: string, token: unknown): Promise<unknown> {
  const response = await fetch(`${origin}/me`, { headers: { authorization: `Bearer ${token}` } });
  return response.json();
}

/** What is told about the person, in the ID token and at userinfo. */
async function told(world: World, browser: Browser) {
  const { body } = await redeemRaw(browser);
  const { email, email_verified, preferred_username } = claimsOf(body.id_token);
  return {
    idToken: { email, email_verified, preferred_username },
    userinfo: await userinfo(world.origin, body.access_token),
  };
}

const nothing = { email: undefined, email_verified: undefined, preferred_username: undefined };

test('a client with openid alone is told nothing by the claims parameter, and its request is fine', async (t) => {
  const world = await startWorld(t, { clients: [narrow] });
  const ada = await world.person({ username: 'ada' });
  const browser = await signedIn(world, ada, 'narrow');
  assert.ok(browser.code, 'no page, no error');
  assert.deepEqual(await told(world, browser), { idToken: nothing, userinfo: { sub: ada.id } });
  await browser.authorize({ scope: 'openid', claims, prompt: 'none' });
  assert.ok(browser.code, 'nor the next time');
});

test('the claims parameter reaches what a scope of the client holds, and nothing beside it; consent shows just that', async (t) => {
  const world = await startWorld(t, { clients: [named] });
  const ada = await world.person({ username: 'ada' });
  const browser = await signedIn(world, ada, 'named');
  assert.equal(browser.stage, 'consent');
  assert.deepEqual(browser.page.facts.scopes, ['profile']);
  await browser.submit({ decision: 'allow' });
  assert.deepEqual(await told(world, browser), {
    idToken: { ...nothing, preferred_username: 'ada' },
    userinfo: { sub: ada.id, preferred_username: 'ada' },
  });
  const [consent] = await rowsOf(world.database, 'consents');
  assert.deepEqual(consent?.scopes, ['openid', 'profile']);
});

test('nobody is asked for what would not be told anyway', async (t) => {
  const world = await startWorld(t, { clients: [{ ...narrow, firstParty: false }] });
  const ada = await world.person();
  const browser = await signedIn(world, ada, 'narrow');
  assert.equal(browser.stage, 'consent');
  assert.deepEqual(browser.page.facts.scopes, []);
});

test('what the claims parameter says about the sign-in itself needs no scope', async (t) => {
  const world = await startWorld(t, { clients: [narrow] });
  const ada = await world.person();
  const asked = { acr: { essential: true, values: ['urn:twofold:2fa'] }, sub: { value: ada.id }, email: null };
  const browser = await signedIn(world, ada, 'narrow', { claims: JSON.stringify({ id_token: asked }) });
  const { acr, sub, email } = claimsOf((await redeemRaw(browser)).body.id_token);
  assert.deepEqual([acr, sub, email], ['urn:twofold:2fa', ada.id, undefined]);
});

test('a token of the time when a client had more scopes tells no more than one of today', async (t) => {
  const wide = await startWorld(t, { clients: [{ ...narrow, scopes: ['openid', 'email', 'offline_access'] }] });
  const ada = await wide.person();
  const browser = await signedIn(wide, ada, 'narrow', { scope: 'openid email offline_access', prompt: 'consent' });
  const { body } = await redeemRaw(browser);
  const { email } = (await userinfo(wide.origin, body.access_token)) as { email?: string };
  assert.equal(email, ada.email);
  const today = await startWorld(t, {
    clients: [{ ...narrow, scopes: ['openid', 'offline_access'] }],
    database: wide.database,
  });
  assert.deepEqual(await userinfo(today.origin, body.access_token), { sub: ada.id });
  const moved = Object.assign(browser.tab(), { origin: today.origin, party: today.party('narrow') });
  const refreshed = await refreshRaw(moved, body.refresh_token);
  assert.equal(refreshed.status, 200);
  assert.equal(claimsOf(refreshed.body.id_token).email, undefined);
});
