import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Config } from '../../src/config/config.ts';
import { atWay } from '../support/mail-ways.ts';
import { askToken } from '../support/token-endpoint.ts';
import { startWorld } from '../support/world.ts';

test('discovery lists what works and nothing else [check 66, 67, 76]', async (t) => {
  const world = await startWorld(t);
  const response = await fetch(`${world.issuer}/.well-known/openid-configuration`);
  const listed = await response.json();
  const { issuer } = world;
  assert.deepEqual(listed, {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/me`,
    end_session_endpoint: `${issuer}/session/end`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    response_modes_supported: ['form_post', 'fragment', 'query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
    authorization_response_iss_parameter_supported: true,
    request_uri_parameter_supported: false,
    claims_parameter_supported: true,
    scopes_supported: ['openid', 'offline_access', 'profile', 'email'],
    claims_supported: [
      ...['sub', 'acr', 'amr', 'auth_time', 'remembered_since', 'preferred_username', 'email', 'email_verified'],
      ...['sid', 'iss'],
    ],
    acr_values_supported: ['urn:twofold:1fa', 'urn:twofold:2fa', 'urn:twofold:2fa-email', 'urn:twofold:2fa-sms'],
    id_token_signing_alg_values_supported: ['ES256', 'RS256'],
    subject_types_supported: ['public'],
    claim_types_supported: ['normal'],
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  });
});

/** A world with these ways, and the levels that it says may be asked for. */
async function levelsOf(t: TestContext, kinds: Config['factors']['kinds']) {
  const world = await startWorld(t, { settings: { factors: { kinds, codeDigits: 6, roles: [], skips: 0 } } });
  const response = await fetch(`${world.issuer}/.well-known/openid-configuration`);
  const listed = (await response.json()) as { readonly acr_values_supported: readonly string[] };
  return { world, levels: listed.acr_values_supported.toSorted() };
}

test('what can be asked for is what can be set up by itself: recovery codes raise nothing [check 70, 76]', async (t) => {
  const { levels } = await levelsOf(t, ['recovery', 'totp', 'email']);
  assert.deepEqual(levels, ['urn:twofold:1fa', 'urn:twofold:2fa', 'urn:twofold:2fa-email']);
  const mailed = await levelsOf(t, ['email', 'recovery']);
  assert.deepEqual(mailed.levels, ['urn:twofold:1fa', 'urn:twofold:2fa-email']);
  const browser = await mailed.world.browser().authorize({ acr_values: 'urn:twofold:2fa' });
  assert.equal(browser.callback?.get('error'), 'unmet_authentication_requirements', 'before any password is asked for');
});

test('each way tells the level that is listed for it [check 70, 76]', async (t) => {
  for (const [kinds, way, acr] of [
    [['totp'], 'totp', 'urn:twofold:2fa'],
    [['email'], 'email', 'urn:twofold:2fa-email'],
    [['totp', 'sms'], 'sms', 'urn:twofold:2fa-sms'],
  ] as const) {
    const { world, levels } = await levelsOf(t, [...kinds]);
    const ada = await world.person({ ways: [way] });
    const browser = await atWay(world, ada, way);
    const code = { totp: ada.codeNow(), email: world.codeMailedTo(ada.email), sms: world.codeTextedTo(ada.phone) };
    await browser.submit({ code: code[way] });
    assert.equal((await browser.redeem()).claims()?.acr, acr);
    assert.ok(levels.includes(acr), `${levels}`);
  }
});

test('the published keys are public halves only [check 103]', async (t) => {
  const world = await startWorld(t);
  const response = await fetch(`${world.issuer}/jwks`);
  const { keys } = (await response.json()) as { keys: Record<string, unknown>[] };
  assert.deepEqual(keys.map(({ alg }) => alg).sort(), ['ES256', 'RS256']);
  for (const key of keys) {
    for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) assert.equal(key[secret], undefined);
  }
});

test('routes of features that are off do not exist [check 76]', async (t) => {
  const world = await startWorld(t);
  const off = [
    ...['/request', '/reg', '/reg/app', '/token/introspection', '/token/revocation', '/device', '/device/auth'],
    ...['/backchannel', '/challenge', '/credential', '/nonce', '/interaction/x/login', '/interaction/x/abort'],
  ];
  for (const target of off) {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']) {
      const { status } = await world.ask({ method, target });
      assert.equal(status, 404, `${method} ${target}`);
    }
  }
});

test('only the code flow answers: other response types end in an error at the client [check 66, 67]', async (t) => {
  const world = await startWorld(t);
  const browser = world.browser();
  for (const type of ['token', 'id_token', 'id_token token', 'code token', 'code id_token']) {
    await browser.authorize({ response_type: type });
    assert.notEqual(browser.url.origin, world.issuer, type);
    const answer = new URLSearchParams([
      ...browser.url.searchParams,
      ...new URLSearchParams(browser.url.hash.slice(1)),
    ]);
    assert.match(answer.get('error') ?? '', /^unsupported_response_type$/, type);
    assert.equal(answer.get('iss'), world.issuer, type);
    for (const name of ['code', 'access_token', 'id_token']) assert.equal(answer.get(name), null);
  }
});

test('the response type of our own account area is refused to every other client [check 66, 86]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada);
  for (const party of [world.client, world.party('third')]) {
    await browser.authorize({ response_type: 'none' }, party);
    assert.equal(browser.callback?.get('error'), 'invalid_request');
    await browser.authorize({ response_type: 'none', prompt: 'none' }, party);
    assert.equal(browser.callback?.get('error'), 'invalid_request');
  }
});

test('only code and refresh token are taken at the token endpoint: no password, no client credentials [check 66]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const grants = [
    { grant_type: 'password', username: ada.email, password: ada.password },
    { grant_type: 'client_credentials' },
    { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: 'x' },
    { grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: 'x' },
    { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: 'x' },
    { grant_type: 'implicit' },
  ];
  for (const form of grants) {
    const answer = await askToken({ origin: world.origin, client: world.client.settings, form });
    assert.equal(answer.status, 400, form.grant_type);
    assert.equal(answer.body.error, 'unsupported_grant_type');
  }
});

test('request objects and registration parameters are refused [check 76]', async (t) => {
  const world = await startWorld(t);
  const browser = world.browser();
  const refused = { request: 'request_not_supported', request_uri: 'request_uri_not_supported' };
  for (const [name, expected] of Object.entries(refused)) {
    await browser.authorize({ [name]: 'https://evil.example/object' });
    assert.equal(browser.callback?.get('error'), expected);
  }
  await browser.authorize({ registration: '{}' });
  assert.equal(browser.callback?.get('error'), 'registration_not_supported');
});
