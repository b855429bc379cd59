import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askToken, codeForm, redeemRaw, refreshRaw, userinfoStatus } from '../support/token-endpoint.ts';
import { startWorld } from '../support/world.ts';

const twenty = Array.from({ length: 20 });

test('of 20 parallel redemptions of one code exactly one succeeds [check 63]', async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().signIn(await world.person());
  const answers = await Promise.all(twenty.map(() => redeemRaw(browser)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  for (const { status, body } of answers.filter((answer) => answer.status !== 200)) {
    assert.equal(status, 400);
    assert.equal(body.error, 'invalid_grant');
  }
});

test('a code used again is refused, and what it gave is worth nothing from then on [check 63]', async (t) => {
  const world = await startWorld(t);
  const browser = world.browser();
  await browser.signIn(await world.person(), { scope: 'openid offline_access', prompt: 'consent' });
  const first = await redeemRaw(browser);
  assert.equal(await userinfoStatus(world.origin, first.body.access_token), 200);
  const again = await redeemRaw(browser);
  assert.equal(again.status, 400);
  assert.equal(await userinfoStatus(world.origin, first.body.access_token), 401);
  assert.equal((await refreshRaw(browser, first.body.refresh_token)).status, 400);
});

test('a code replayed with a wrong verifier is refused and ends nothing [check 63]', async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().signIn(await world.person());
  const first = await redeemRaw(browser);
  assert.equal((await redeemRaw(browser, { code_verifier: 'w'.repeat(43) })).status, 400);
  assert.equal(await userinfoStatus(world.origin, first.body.access_token), 200);
});

test('a code is bound to client, redirect_uri and verifier [check 63, 65]', async (t) => {
  const settings = { clientId: 'other', redirectUris: ['http://localhost:4999/callback'] };
  const world = await startWorld(t, { clients: [settings] });
  const browser = await world.browser().signIn(await world.person());
  const other = world.party('other').settings;
  const { code_verifier, ...withoutVerifier } = codeForm(browser);
  const { redirect_uri, ...withoutRedirect } = codeForm(browser);
  assert.ok(code_verifier && redirect_uri);
  const app = browser.party.settings;
  const refused = [
    await askToken({ origin: world.origin, client: other, form: codeForm(browser) }),
    await redeemRaw(browser, { redirect_uri: 'http://localhost:4999/callback/' }),
    await redeemRaw(browser, { code_verifier: 'w'.repeat(43) }),
    await redeemRaw(browser, { code_verifier: '' }),
    await askToken({ origin: world.origin, client: app, form: withoutVerifier }),
    await askToken({ origin: world.origin, client: app, form: withoutRedirect }),
    await redeemRaw(browser, { code: `${browser.code}x` }),
  ];
  for (const { status } of refused) assert.equal(status, 400);
  assert.equal((await redeemRaw(browser)).status, 200, 'the right client is not hurt by it');
});

test('a code is good for 60 seconds, whatever else lives longer [check 63]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada);
  world.travel(61);
  assert.equal((await redeemRaw(browser)).body.error, 'invalid_grant');
  const soon = await world.browser().signIn(ada);
  world.travel(58);
  assert.equal((await redeemRaw(soon)).status, 200);
});

test('PKCE: no challenge, plain, and a challenge of no method are refused before anybody is asked [check 65]', async (t) => {
  const world = await startWorld(t);
  const browser = world.browser();
  const { url } = await world.client.begin();
  const variants = {
    none: (params: URLSearchParams) => {
      params.delete('code_challenge');
      params.delete('code_challenge_method');
    },
    plain: (params: URLSearchParams) => params.set('code_challenge_method', 'plain'),
    unnamed: (params: URLSearchParams) => params.delete('code_challenge_method'),
    unknown: (params: URLSearchParams) => params.set('code_challenge_method', 's256'),
    'method only': (params: URLSearchParams) => params.delete('code_challenge'),
    short: (params: URLSearchParams) => params.set('code_challenge', 'abc'),
  };
  for (const [name, change] of Object.entries(variants)) {
    const changed = new URL(url);
    change(changed.searchParams);
    await browser.visit(changed);
    assert.equal(browser.callback?.get('error'), 'invalid_request', name);
    assert.equal(browser.callback?.get('iss'), world.issuer, name);
  }
});

test('an exempted client may go without PKCE, but a verifier without a challenge is refused, and plain stays refused [check 65]', async (t) => {
  const world = await startWorld(t, { clients: [{ clientId: 'old', pkceRequired: false }] });
  const old = world.party('old');
  const begin = async () => {
    const journey = await old.begin();
    journey.url.searchParams.delete('code_challenge');
    journey.url.searchParams.delete('code_challenge_method');
    return journey;
  };
  const ada = await world.person();
  const browser = world.browser();
  browser.party = old;
  browser.journey = await begin();
  await browser.visit(browser.journey.url);
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.submit({ code: ada.codeNow() });
  assert.equal((await redeemRaw(browser)).status, 400, 'downgrade: the challenge was cut out on the way');

  browser.journey = await begin();
  await browser.visit(browser.journey.url);
  const { code_verifier, ...form } = codeForm(browser);
  assert.ok(code_verifier);
  assert.equal((await askToken({ origin: world.origin, client: old.settings, form })).status, 200);

  await browser.authorize({ code_challenge_method: 'plain' }, old);
  assert.equal(browser.callback?.get('error'), 'invalid_request');
});
