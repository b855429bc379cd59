import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askToken, codeForm, redeemRaw, refreshRaw } from '../support/token-endpoint.ts';
import { startWorld } from '../support/world.ts';

test('PKCE: a code without a challenge takes no verifier, and one with it not none', async (t) => {
  const world = await startWorld(t, {
    clients: [{ clientId: 'loose', pkceRequired: false, redirectUris: ['http://localhost:4996/cb'] }],
  });
  world.travel(0);
  const ada = await world.person();
  const browser = world.browser();
  const party = world.party('loose');
  browser.party = party;
  const url = new URL((await party.begin()).url);
  url.searchParams.delete('code_challenge');
  url.searchParams.delete('code_challenge_method');
  await browser.visit(url);
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.submit({ code: ada.codeNow() });
  assert.ok(browser.code);
  const withVerifier = await redeemRaw(browser, { code_verifier: 'x'.repeat(43) });
  assert.equal(withVerifier.status, 400, JSON.stringify(withVerifier.body));
  const other = await browser.authorize({}, party);
  assert.ok(other.code);
  const { code_verifier: _, ...form } = codeForm(other);
  const without = await askToken({ origin: world.origin, client: party.settings, form });
  assert.equal(without.status, 400);
  const plain = await browser.tab().authorize({ code_challenge_method: 'plain' }, party);
  assert.equal(plain.code, undefined);
});

test('a code or refresh token of one client is nothing in another’s hands, and is not burnt by it', async (t) => {
  const world = await startWorld(t, {
    clients: [{ clientId: 'pub', public: true, redirectUris: ['http://127.0.0.1/cb'] }],
  });
  world.travel(0);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada, { scope: 'openid offline_access', prompt: 'consent' });
  for (const client of [world.party('third').settings, world.party('pub').settings]) {
    const stolen = await askToken({ origin: world.origin, client, form: codeForm(browser) });
    assert.equal(stolen.status, 400);
  }
  const mixed = await askToken({
    origin: world.origin,
    client: world.party('third').settings,
    form: { ...codeForm(browser), client_id: 'app' },
  });
  assert.ok(mixed.status >= 400, JSON.stringify(mixed.body));
  const asPublic = await askToken({
    origin: world.origin,
    client: null,
    form: { ...codeForm(browser), client_id: 'app' },
  });
  assert.ok(asPublic.status >= 400);
  const own = await redeemRaw(browser);
  assert.equal(own.status, 200);
  for (const client of [world.party('third').settings, world.party('pub').settings]) {
    const stolen = await askToken({
      origin: world.origin,
      client,
      form: { grant_type: 'refresh_token', refresh_token: String(own.body.refresh_token) },
    });
    assert.equal(stolen.status, 400);
  }
  const wider = await askToken({
    origin: world.origin,
    client: browser.party.settings,
    form: {
      grant_type: 'refresh_token',
      refresh_token: String(own.body.refresh_token),
      scope: 'openid email offline_access',
    },
  });
  assert.equal(wider.status, 400);
  assert.equal((await refreshRaw(browser, own.body.refresh_token)).status, 200);
});

test('only the ports of the device’s own addresses are free', async (t) => {
  const redirectUris = ['http://127.0.0.1/cb', 'http://[::1]/cb', 'http://localhost/cb', 'http://localhost:7000/cb'];
  const world = await startWorld(t, {
    clients: [
      { clientId: 'pub', public: true, redirectUris },
      { clientId: 'web', redirectUris: ['http://127.0.0.1:4995/cb'] },
    ],
  });
  const asked = async (clientId: string, uri: string) => {
    const browser = await world.browser().authorize({ redirect_uri: uri }, world.party(clientId));
    return browser.stage === 'sign-in';
  };
  for (const uri of [
    'http://127.0.0.1:1/cb',
    'http://127.0.0.1:65535/cb',
    'http://[::1]:9/cb',
    'http://localhost:7000/cb',
    'http://localhost/cb',
  ])
    assert.equal(await asked('pub', uri), true, uri);
  for (const uri of [
    'http://localhost:1/cb',
    'http://localhost:07000/cb',
    'http://127.0.0.1:1/cb/',
    'http://127.0.0.1:1/cb?x',
    'http://127.0.0.1:1/cb#',
    'http://127.0.0.1:1@evil.example/cb',
    'http://evil@127.0.0.1:1/cb',
    'https://127.0.0.1:1/cb',
    'http://127.1:1/cb',
    'http://2130706433:1/cb',
    'http://0x7f.1:1/cb',
    'http://127.0.0.1.:1/cb',
    'http://127.0.0.1:1/x/../cb',
    'http://127.0.0.1:1/%63b',
    'http://127.0.0.1:99999/cb',
    'http://[::ffff:127.0.0.1]:1/cb',
    'http://[0:0:0:0:0:0:0:1]:1/cb',
    'HTTP://127.0.0.1:1/cb',
    'http://127.0.0.1:1\\@evil/cb',
    'http:/127.0.0.1:1/cb',
    ' http://127.0.0.1:1/cb',
    'http://127.0.0.2:1/cb',
  ]) {
    assert.equal(await asked('pub', uri), false, uri);
  }
  for (const uri of ['http://127.0.0.1/cb', 'http://127.0.0.1:4996/cb', 'http://localhost:4995/cb'])
    assert.equal(await asked('web', uri), false, uri);
});
