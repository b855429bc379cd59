import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { test } from 'node:test';
import type { Browser } from '../support/browser.ts';
import { claimsOf, redeemRaw } from '../support/token-endpoint.ts';
import { startWorld, type World } from '../support/world.ts';

function headerOf(token: unknown): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(String(token).split('.')[0] ?? '', 'base64url').toString());
}

async function published(world: World, kid: unknown) {
  const { keys } = (await (await fetch(`${world.origin}/jwks`)).json()) as { keys: { kid: string; kty: string }[] };
  const found = keys.find((key) => key.kid === kid);
  assert.ok(found, 'the key that signed is published');
  return found;
}

async function userinfo(browser: Browser, token: unknown): Promise<unknown> {
  const response = await fetch(`${browser.origin}/me`, { headers: { authorization: `Bearer ${token}` } });
  return response.json();
}

test('an ID token is signed with ES256 by a published key, and says exactly this [check 69]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ username: 'ada' });
  const browser = await world.browser().signIn(ada, { scope: 'openid profile email' });
  const { body } = await redeemRaw(browser);
  const header = headerOf(body.id_token);
  assert.equal(header.alg, 'ES256');
  const [head, payload, signature = ''] = String(body.id_token).split('.');
  const key = createPublicKey({ key: await published(world, header.kid), format: 'jwk' });
  const signed = Buffer.from(`${head}.${payload}`);
  const given = { key, dsaEncoding: 'ieee-p1363' } as const;
  assert.ok(verify('sha256', signed, given, Buffer.from(signature, 'base64url')));

  const { iat, exp, auth_time, sid, ...claims } = claimsOf(body.id_token);
  const expected = { sub: ada.id, iss: world.issuer, aud: 'app', nonce: browser.journey?.nonce };
  assert.deepEqual(claims, { ...expected, acr: 'urn:twofold:2fa', amr: ['pwd', 'otp', 'mfa'] });
  assert.match(String(sid), /^[\w-]{43}$/);
  assert.equal(Number(exp) - Number(iat), 3600);
  assert.ok(Number(auth_time) <= Number(iat) && Number(auth_time) > Number(iat) - 60);
  assert.equal(body.token_type, 'Bearer');
  assert.equal(body.expires_in, 3600);
});

test('a client that asks for RS256 gets it, with a key of 2048 bits or more [check 69, 103]', async (t) => {
  const world = await startWorld(t, { clients: [{ clientId: 'classic', idTokenAlg: 'RS256' }] });
  const ada = await world.person();
  const browser = await world.browser().authorize({}, world.party('classic'));
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.submit({ code: ada.codeNow() });
  const { body } = await redeemRaw(browser);
  const header = headerOf(body.id_token);
  assert.equal(header.alg, 'RS256');
  const key = createPublicKey({ key: await published(world, header.kid), format: 'jwk' });
  assert.ok(Number(key.asymmetricKeyDetails?.modulusLength) >= 2048);
  const [head, payload, signature = ''] = String(body.id_token).split('.');
  assert.ok(verify('sha256', Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, 'base64url')));
});

test('userinfo tells what the scopes allow and no more [check 69]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ username: 'ada' });
  const browser = await world.browser().signIn(ada, { scope: 'openid' });
  const email = { email: ada.email, email_verified: true };
  const profile = { preferred_username: 'ada' };
  const table = {
    openid: {},
    'openid email': email,
    'openid profile': profile,
    'openid profile email': { ...email, ...profile },
  };
  for (const [scope, claims] of Object.entries(table)) {
    await browser.authorize({ scope, prompt: 'none' });
    const { body } = await redeemRaw(browser);
    const { acr, amr, auth_time, ...told } = (await userinfo(browser, body.access_token)) as Record<string, unknown>;
    assert.deepEqual(told, { sub: ada.id, ...claims }, scope);
    assert.deepEqual([acr, amr, auth_time], [undefined, undefined, undefined]);
  }
});

test('the access token is opaque: nothing can be read from it, and it is for userinfo alone [check 73]', async (t) => {
  const world = await startWorld(t);
  const { body } = await redeemRaw(await world.browser().signIn(await world.person()));
  assert.match(String(body.access_token), /^[\w-]{43}$/);
});

test('without a nonce there is none in the token; a foreign one is not made up [check 69]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = world.browser();
  browser.journey = await world.client.begin();
  browser.journey.url.searchParams.delete('nonce');
  await browser.visit(browser.journey.url);
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.submit({ code: ada.codeNow() });
  assert.ok(!('nonce' in claimsOf((await redeemRaw(browser)).body.id_token)));
});
