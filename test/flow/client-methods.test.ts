import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser } from '../support/browser.ts';
import { askToken, basicAuthorization, codeForm, redeemRaw } from '../support/token-endpoint.ts';
import { type NewClient, startWorld, type World } from '../support/world.ts';

const poster: NewClient = { clientId: 'poster', tokenEndpointAuthMethod: 'client_secret_post' };
const spa: NewClient = { clientId: 'spa', public: true };
const secret = 'a-secret-of-at-least-22-characters';

async function arriving(world: World, party: string): Promise<Browser> {
  const ada = await world.person();
  const browser = await world.browser().authorize({}, world.party(party));
  await browser.submit({ identifier: ada.email, password: ada.password });
  return browser.submit({ code: ada.codeNow() });
}

const discovered = async (world: World) =>
  (await (await fetch(`${world.origin}/.well-known/openid-configuration`)).json()) as Record<string, unknown>;

test('a client that sends its secret in the body signs people in, and discovery lists what is registered', async (t) => {
  const world = await startWorld(t, { clients: [poster] });
  assert.deepEqual((await discovered(world)).token_endpoint_auth_methods_supported, [
    'client_secret_basic',
    'client_secret_post',
  ]);
  const browser = await arriving(world, 'poster');
  assert.ok((await browser.redeem()).claims()?.sub, 'by openid-client');
  const all = await startWorld(t, { clients: [spa] });
  assert.deepEqual((await discovered(all)).token_endpoint_auth_methods_supported, ['client_secret_basic', 'none']);
});

test('another method than the registered one is refused by its name, whether the secret is right or not', async (t) => {
  const world = await startWorld(t, { clients: [poster, spa] });
  const header = (id: string, sent: string) => ({ headers: { authorization: basicAuthorization(id, sent) }, form: {} });
  const body = (id: string, sent: string) => ({ headers: {}, form: { client_id: id, client_secret: sent } });
  const wrong = 'x'.repeat(34);
  const table = [
    ['client_secret_basic', [body('app', secret), body('app', wrong), { headers: {}, form: { client_id: 'app' } }]],
    [
      'client_secret_post',
      [header('poster', secret), header('poster', wrong), { headers: {}, form: { client_id: 'poster' } }],
    ],
    ['none', [header('spa', secret), body('spa', secret)]],
  ] as const;
  for (const [method, requests] of table)
    for (const { headers, form } of requests) {
      const grant = { grant_type: 'refresh_token', refresh_token: 'x', ...form };
      const answer = await askToken({ origin: world.origin, client: null, headers, form: grant });
      assert.equal(answer.status, 401, method);
      assert.deepEqual(answer.body, {
        error: 'invalid_client',
        error_description: `this client is registered with the token_endpoint_auth_method ${method}`,
      });
    }
  const right = await askToken({
    origin: world.origin,
    client: null,
    form: { grant_type: 'refresh_token', refresh_token: 'x', client_id: 'poster', client_secret: wrong },
  });
  assert.deepEqual([right.status, right.body.error_description], [401, 'client authentication failed']);
});

test('header and body together are refused whatever they hold, count as one guess, and spend no code', async (t) => {
  const limits = {
    failureSeconds: 600,
    wrongPasswords: 50,
    wrongCodes: 30,
    wrongClientSecrets: 2,
    registrationsPerHour: 60,
    takenUsernamesPerHour: 60,
    authorizationsPerMinute: 1_000,
  };
  const world = await startWorld(t, { clients: [poster], settings: { addressLimits: limits } });
  const browser = await arriving(world, 'app');
  const ask = (inHeader: string, inBody: string) =>
    askToken({
      origin: world.origin,
      client: null,
      headers: { authorization: basicAuthorization('app', inHeader) },
      form: { ...codeForm(browser), client_secret: inBody },
    });
  const refused = await ask(secret, secret);
  assert.deepEqual([refused.status, refused.body.error], [400, 'invalid_request']);
  assert.match(String(refused.body.error_description), /only .* one mechanism/);
  assert.equal((await redeemRaw(browser)).status, 200, 'one guess of two, and the code is good');
  assert.equal((await ask(secret, 'x')).status, 400);
  assert.equal((await ask(secret, secret)).status, 429);
});

test('a secret with + / = % is read as it stands and form-encoded', async (t) => {
  for (const odd of [
    '+a/b=c%d+0123456789abcdef==',
    'ends-in-percent-0123456789%',
    'looks%2Bencoded%2F0123456789',
    'a+b/c=0123456789abcdefgh',
  ]) {
    const world = await startWorld(t, { clients: [{ clientId: 'odd', secret: odd }] });
    const ask = async (pair: string) => {
      const authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
      const form = { grant_type: 'refresh_token', refresh_token: 'x' };
      return (await askToken({ origin: world.origin, client: null, headers: { authorization }, form })).body.error;
    };
    assert.equal(await ask(`odd:${odd}`), 'invalid_grant', `${odd} as it stands`);
    assert.equal(await ask(`odd:${encodeURIComponent(odd)}`), 'invalid_grant', `${odd} encoded`);
    assert.equal(await ask(`odd:${odd}x`), 'invalid_client', `${odd}, and more`);
    assert.equal(await ask(`nobody:${odd}`), 'invalid_client', 'of nobody');
    const browser = await arriving(world, 'odd');
    assert.ok((await browser.redeem()).claims()?.sub, 'by openid-client');
  }
});
