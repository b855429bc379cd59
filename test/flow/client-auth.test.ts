import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askToken, basicAuthorization, codeForm, redeemRaw } from '../support/token-endpoint.ts';
import { startWorld } from '../support/world.ts';

test('a wrong, missing or differently sent client secret is refused, and the code stays good for the right one [check 68]', async (t) => {
  const world = await startWorld(t, { clients: [{ clientId: 'spa', public: true }] });
  const browser = await world.browser().signIn(await world.person());
  const form = codeForm(browser);
  const { clientId, secret = '' } = browser.party.settings;
  const ask = (more: { headers?: Record<string, string>; form?: Record<string, string> }) =>
    askToken({ origin: world.origin, client: null, headers: more.headers ?? {}, form: { ...form, ...more.form } });
  const refused = [
    await ask({}),
    await ask({ form: { client_id: clientId } }),
    await ask({ form: { client_id: clientId, client_secret: secret } }),
    await ask({ headers: { authorization: basicAuthorization(clientId, 'x'.repeat(secret.length)) } }),
    await ask({ headers: { authorization: basicAuthorization(clientId, '') } }),
    await ask({ headers: { authorization: basicAuthorization('nobody', secret) } }),
    await ask({ headers: { authorization: basicAuthorization('spa', '') } }),
    await ask({ headers: { authorization: basicAuthorization(clientId, secret) }, form: { client_id: 'third' } }),
    await ask({ headers: { authorization: 'Basic !' } }),
    await ask({ headers: { authorization: 'Bearer x' } }),
  ];
  for (const [index, { status, body }] of refused.entries()) {
    assert.ok(status === 400 || status === 401, `${index}`);
    assert.match(String(body.error), /^invalid_(client|request)$/, `${index}`);
  }
  assert.equal((await redeemRaw(browser)).status, 200);
});

test('the answers to an unknown client and to a wrong secret are the same [check 68]', async (t) => {
  const world = await startWorld(t);
  const form = { grant_type: 'refresh_token', refresh_token: 'x' };
  const ask = (clientId: string, secret: string) =>
    askToken({ origin: world.origin, client: { clientId, secret }, form });
  const [wrong, unknown] = [await ask('app', 'wrong'.repeat(6)), await ask('nobody', 'wrong'.repeat(6))];
  assert.deepEqual(unknown.body, wrong.body);
  assert.equal(unknown.status, wrong.status);
  assert.equal(wrong.status, 401);
});

test('a public client needs its name and its verifier, and no secret [check 65, 68]', async (t) => {
  const world = await startWorld(t, { clients: [{ clientId: 'spa', public: true }] });
  const ada = await world.person();
  const browser = await world.browser().authorize({}, world.party('spa'));
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.submit({ code: ada.codeNow() });
  const { code_verifier, ...form } = codeForm(browser);
  assert.ok(code_verifier);
  assert.equal((await askToken({ origin: world.origin, client: browser.party.settings, form })).status, 400);
  assert.equal((await redeemRaw(browser)).status, 200);
});

test('token answers, errors too, are never kept [check 72, 95]', async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().signIn(await world.person());
  for (const answer of [await redeemRaw(browser), await redeemRaw(browser), await redeemRaw(browser, { code: '' })]) {
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
  }
});

test("another origin's script reads tokens only where the client is registered there [check 72]", async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().signIn(await world.person());
  const ask = (origin: string) =>
    askToken({ origin: world.origin, client: browser.party.settings, form: codeForm(browser), headers: { origin } });
  const foreign = await ask('https://evil.example');
  assert.equal(foreign.status, 400);
  assert.equal(foreign.headers.get('access-control-allow-origin'), null);
  assert.equal((await ask('http://localhost:4999.evil.example')).status, 400);
  assert.equal((await ask('null')).status, 400);
  const own = await ask('http://localhost:4999');
  assert.equal(own.status, 200, 'and the refused ones did not spend the code');
  assert.equal(own.headers.get('access-control-allow-origin'), 'http://localhost:4999');
  assert.equal(own.headers.get('access-control-allow-credentials'), null);
});

test('userinfo opens to the origin of the client whose token it is, and to no other [check 72]', async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().signIn(await world.person());
  const { body } = await redeemRaw(browser);
  const ask = (origin: string) =>
    fetch(`${world.origin}/me`, { headers: { origin, authorization: `Bearer ${body.access_token}` } });
  assert.equal(
    (await ask('http://localhost:4999')).headers.get('access-control-allow-origin'),
    'http://localhost:4999',
  );
  const foreign = await ask('https://evil.example');
  assert.equal(foreign.headers.get('access-control-allow-origin'), null);
  assert.equal(foreign.status, 400);
});

test('an access token in the query or twice is refused [check 72]', async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().signIn(await world.person());
  const token = String((await redeemRaw(browser)).body.access_token);
  const query = await fetch(`${world.origin}/me?access_token=${token}`);
  assert.ok(query.status === 400 || query.status === 401);
  const twice = await fetch(`${world.origin}/me`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: new URLSearchParams({ access_token: token }),
  });
  assert.equal(twice.status, 400);
});

test('ID token, refresh token and code are no access tokens, and an access token is no refresh token or code [check 73]', async (t) => {
  const world = await startWorld(t);
  const browser = world.browser();
  await browser.signIn(await world.person(), { scope: 'openid offline_access', prompt: 'consent' });
  const code = browser.code ?? '';
  const bearer = (token: unknown) => fetch(`${world.origin}/me`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal((await bearer(code)).status, 401, 'code');
  const { body } = await redeemRaw(browser);
  assert.equal((await bearer(body.id_token)).status, 401, 'ID token');
  assert.equal((await bearer(body.refresh_token)).status, 401, 'refresh token');
  const asRefresh = (token: unknown) =>
    askToken({
      origin: world.origin,
      client: browser.party.settings,
      form: { grant_type: 'refresh_token', refresh_token: String(token) },
    });
  for (const token of [body.access_token, body.id_token, code]) assert.equal((await asRefresh(token)).status, 400);
  assert.equal((await redeemRaw(browser, { code: String(body.access_token) })).status, 400);
  assert.equal((await redeemRaw(browser, { code: String(body.refresh_token) })).status, 400);
  assert.equal((await bearer(body.access_token)).status, 200);
});
