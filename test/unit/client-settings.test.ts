import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import type { Level } from '../../src/accounts/level.ts';
import { settleClients } from '../../src/config/clients.ts';
import { checkClientLevels, offeredLevels } from '../../src/config/factors.ts';
import { declaredKinds } from '../../src/factors/kinds.ts';
import { clientMetadata } from '../../src/oidc/clients.ts';
import { makeKeys } from '../../src/oidc/keys.ts';
import { refusedClients } from '../../src/oidc/refused-clients.ts';
import { acrOf, reachable } from '../../src/sign-in/policy/assurance.ts';

const secret = 'a-secret-of-enough-letters';
const shop = {
  clientId: 'shop',
  name: 'Shop',
  secretEnv: 'SHOP_SECRET',
  redirectUris: ['https://shop.example.com/callback'],
};

function settle(list: unknown, { env = { SHOP_SECRET: secret }, environment = 'production' } = {}) {
  const faults: string[] = [];
  const clients = settleClients(list, {
    env,
    environment,
    report: (subject, sentence) => faults.push(`${subject}: ${sentence}`),
  });
  return { clients, faults };
}

test('a client gets its secret from the environment and every default', () => {
  const { clients, faults } = settle([shop]);
  assert.deepEqual(faults, []);
  assert.deepEqual(clients, [
    {
      ...shop,
      secret,
      postLogoutRedirectUris: [],
      firstParty: false,
      pkceRequired: true,
      scopes: ['openid', 'profile', 'email', 'offline_access'],
      leastLevel: '1fa',
      rememberDevice: true,
      idTokenAlg: 'ES256',
    },
  ]);
});

test('a client without secretEnv is public, and cannot do without PKCE', () => {
  const { secretEnv: _, ...app } = shop;
  assert.equal(settle([app]).clients[0]?.secret, undefined);
  assert.match(settle([{ ...app, pkceRequired: false }]).faults.join(), /client shop, pkceRequired: must be true/);
});

test('no list and an empty one are no clients', () => {
  assert.deepEqual(settle(undefined), { clients: [], faults: [] });
  assert.deepEqual(settle([]), { clients: [], faults: [] });
});

test('redirect addresses are absolute, https or http on loopback, and without fragment', () => {
  for (const good of [
    'https://a.example.com/cb?x=1',
    'http://localhost:3001/cb',
    'http://127.0.0.1/cb',
    'http://[::1]:8080/cb',
  ]) {
    assert.deepEqual(settle([{ ...shop, redirectUris: [good] }]).faults, [], good);
  }
  const bad = [
    ...[
      'http://a.example.com/cb',
      '/cb',
      'a.example.com',
      '//a.example.com',
      'javascript:alert(1)',
      'ftp://a.example.com',
    ],
    ...[
      'https://a.example.com/#x',
      'https://a.example.com/cb#',
      'https://me:pw@a.example.com/',
      'http://localhost.evil.com/',
      '',
    ],
  ];
  for (const uri of bad) {
    assert.match(settle([{ ...shop, redirectUris: [uri] }]).faults.join(), /^client shop, redirectUris\.0: must /, uri);
  }
});

test('a client may be told of ended sessions at one address: https, without fragment, http on loopback outside production', async () => {
  const at = (backchannelLogoutUri: unknown, environment = 'production') =>
    settle([{ ...shop, backchannelLogoutUri }], { environment }).faults.join();
  for (const good of ['https://shop.example.com/logout', 'https://shop.example.com:8443/logout?tenant=1'])
    assert.equal(at(good), '', good);
  const local = 'http://localhost:3001/logout';
  assert.equal(at(local, 'development'), '');
  assert.equal(at(local), 'client shop, backchannelLogoutUri: must begin with https:// in production');
  assert.match(at('https://shop.example.com/#x'), /^client shop, backchannelLogoutUri: must not have a fragment/);
  for (const bad of ['http://shop.example.com/', '/logout', 'https://me:pw@shop.example.com/', 'com.example.app:/x', 7])
    assert.match(at(bad, 'development'), /^client shop, backchannelLogoutUri: must be/, String(bad));
});

test('what a client says about logout is what the library is told; it names the session unless the client wants none', async () => {
  const backchannelLogoutUri = 'https://shop.example.com/logout';
  const saidOf = (given: object) => {
    const [client] = settle([{ ...shop, ...given }]).clients;
    const { backchannel_logout_uri: uri, backchannel_logout_session_required: session } = clientMetadata(
      client ?? assert.fail(),
    );
    return { uri, session };
  };
  assert.deepEqual(saidOf({}), { uri: undefined, session: undefined });
  assert.deepEqual(saidOf({ backchannelLogoutUri }), { uri: backchannelLogoutUri, session: true });
  const alone = saidOf({ backchannelLogoutUri, backchannelLogoutSessionRequired: false });
  assert.deepEqual(alone, { uri: backchannelLogoutUri, session: false });
  const { clients } = settle([{ ...shop, backchannelLogoutUri }]);
  const { jwks } = makeKeys();
  assert.deepEqual(await refusedClients({ issuer: 'https://login.example.com', jwks, clients }), []);
});

test('every fault of every client is told at once, with the client it belongs to', () => {
  const { faults } = settle([
    { ...shop, colour: 'red', scopes: ['email'], idTokenAlg: 'none' },
    { name: 'Nameless', redirectUris: [] },
    'text',
    shop,
    shop,
  ]);
  assert.deepEqual(faults, [
    'client shop, scopes: must include openid',
    'client shop, idTokenAlg: must be one of ES256, RS256',
    'client shop, colour: is not a setting; remove it or correct its name',
    'client number 2, clientId: is missing; set it',
    'client number 2, redirectUris: must not be empty',
    'client number 3: must be a group of settings',
    'client shop: is listed twice; give each client its own clientId',
  ]);
});

test('a missing or short secret is a fault; in development a client without its secret is left out', () => {
  assert.match(
    settle([shop], { env: { SHOP_SECRET: '' } }).faults.join(),
    /secretEnv: names SHOP_SECRET, which is not set/,
  );
  assert.match(settle([shop], { env: { SHOP_SECRET: 'short' } }).faults.join(), /shorter than 22 characters/);
  const development = settle([shop], { env: { SHOP_SECRET: '' }, environment: 'development' });
  assert.deepEqual(development, { clients: [], faults: [] });
});

const variable = (inside: string) => `\${${inside}}`;

test('variables are filled in, with their default when they are not set', () => {
  const entry = {
    ...shop,
    redirectUris: [`${variable('SHOP_URL:-http://localhost:3001')}/callback`],
    clientUri: `${variable('SHOP_URL:-http://localhost:3001')}/`,
  };
  assert.deepEqual(settle([entry]).clients[0]?.redirectUris, ['http://localhost:3001/callback']);
  const set = settle([entry], { env: { SHOP_SECRET: secret, SHOP_URL: 'https://shop.example.com' } as never });
  assert.equal(set.clients[0]?.clientUri, 'https://shop.example.com/');
  assert.match(
    settle([{ ...shop, clientUri: `${variable('SHOP_URL')}/` }]).faults.join(),
    /names the variable SHOP_URL, which is not set/,
  );
});

test('the demo client of development is whole and asks for consent', () => {
  const file = readFileSync(new URL('../../config/clients.development.yaml', import.meta.url), 'utf8');
  const env = { TWOFOLD_DEMO_CLIENT_SECRET: secret, SHOP_SECRET: secret };
  const { clients, faults } = settle(parse(file).clients, { env, environment: 'development' });
  assert.deepEqual(faults, []);
  assert.equal(clients[0]?.clientId, 'demo');
  assert.equal(clients[0]?.firstParty, false);
  assert.deepEqual(clients[0]?.redirectUris, ['http://localhost:3001/callback']);
});

test('no client of the configuration takes the name of our own account area', () => {
  assert.match(settle([{ ...shop, clientId: 'account' }]).faults.join(), /client account: is the name of/);
});

test('a client that asks for more than can be set up is a fault, not a sign-in that never ends well', () => {
  const told = (kinds: readonly string[], leastLevel: Level) => {
    const faults: string[] = [];
    const offered = { kinds, declared: declaredKinds };
    checkClientLevels(offered, [{ clientId: 'shop', leastLevel }], (subject) => faults.push(subject));
    return faults;
  };
  assert.deepEqual(told(['email', 'recovery'], '2fa'), ['client shop, leastLevel']);
  assert.deepEqual(told(['email'], '2fa-sms'), ['client shop, leastLevel']);
  for (const fine of ['1fa', 'remembered', '2fa-email'] as const) assert.deepEqual(told(['email'], fine), []);
  assert.deepEqual(told(['email', 'totp'], '2fa'), []);
  for (const kinds of [['email', 'recovery'], ['email'], ['recovery', 'totp'], ['totp', 'sms', 'email']] as const)
    for (const level of ['2fa-email', '2fa-sms', '2fa'] as const) {
      const canBeAsked = reachable({ values: [acrOf(level)], required: true }, offeredLevels(kinds));
      assert.equal(told(kinds, level).length === 0, canBeAsked, `${kinds} ${level}: as discovery and the policy say`);
    }
});

const { secretEnv: _secretEnv, ...publicShop } = shop;

test('a secret loses the line break that a file left at its end, and what no client could send is told', () => {
  for (const kept of [`${secret}\n`, `${secret}\r\n`, `  ${secret}\t`])
    assert.equal(settle([shop], { env: { SHOP_SECRET: kept } }).clients[0]?.secret, secret);
  const blanks = settle([shop], { env: { SHOP_SECRET: `short${' '.repeat(30)}` } });
  assert.match(blanks.faults.join(), /secretEnv: names SHOP_SECRET, which is shorter than 22 characters/);
  for (const odd of [`${secret}\nmore`, `${secret}é`, `${secret}\u0000`]) {
    const { faults } = settle([shop], { env: { SHOP_SECRET: odd } });
    assert.match(faults.join(), /^client shop, secretEnv: names SHOP_SECRET, which holds what is no printable ASCII/);
    assert.ok(!faults.join().includes(secret));
  }
});

test('a public client may come back to a scheme of its own with a dot, a confidential one may not', () => {
  for (const uri of ['com.example.app:/callback', 'com.example.app://callback', 'io.github.a-b:/cb?x=1']) {
    assert.deepEqual(settle([{ ...publicShop, redirectUris: [uri] }]).faults, [], uri);
    assert.match(
      settle([{ ...shop, redirectUris: [uri] }]).faults.join(),
      /redirectUris\.0: must be a URL that begins/,
    );
  }
  for (const uri of ['myapp:/callback', 'javascript:alert(1)', 'data.x', '.com.example:/cb', 'COM.example.app:/cb'])
    assert.match(settle([{ ...publicShop, redirectUris: [uri] }]).faults.join(), /redirectUris\.0: must be a URL/, uri);
});

test('wildcards and blanks in addresses are told for every client and every address at once', () => {
  const { faults } = settle([
    { ...shop, redirectUris: ['https://*.example.com/cb', 'https://a.example.com/cb ', 'https://a.example.com/c b'] },
    { ...publicShop, clientId: 'app', redirectUris: ['https://a.example.com/*', 'com.example.app:/c b'] },
    { ...shop, clientId: 'other', postLogoutRedirectUris: ['\thttps://a.example.com/', 'https://a.example.com/ä'] },
  ]);
  const blank = 'must hold no blanks and only ASCII characters';
  const wildcard = 'must be written out: no wildcard matches anything here (RFC 9700 section 2.1)';
  assert.deepEqual(faults, [
    `client shop, redirectUris.0: ${wildcard}`,
    `client shop, redirectUris.1: ${blank}`,
    `client shop, redirectUris.2: ${blank}`,
    `client app, redirectUris.0: ${wildcard}`,
    `client app, redirectUris.1: ${blank}`,
    `client other, postLogoutRedirectUris.0: ${blank}`,
    `client other, postLogoutRedirectUris.1: ${blank}`,
  ]);
});

test('how a client authenticates fits to whether it has a secret', () => {
  const post = settle([{ ...shop, tokenEndpointAuthMethod: 'client_secret_post' }]);
  assert.deepEqual([post.faults, post.clients[0]?.tokenEndpointAuthMethod], [[], 'client_secret_post']);
  const told = (client: object) => settle([client]).faults.join();
  assert.match(
    told({ ...shop, tokenEndpointAuthMethod: 'none' }),
    /^client shop, tokenEndpointAuthMethod: must not be none/,
  );
  for (const method of ['client_secret_basic', 'client_secret_post'])
    assert.match(told({ ...publicShop, tokenEndpointAuthMethod: method }), /tokenEndpointAuthMethod: must be none/);
  assert.match(
    told({ ...shop, tokenEndpointAuthMethod: 'mutual' }),
    /must be one of client_secret_basic, client_secret_post, none/,
  );
  assert.deepEqual(told({ ...publicShop, tokenEndpointAuthMethod: 'none' }), '');
});

test('whatever the library itself refuses of a client is told for all of them at once, by its field', async () => {
  const { clients } = settle([shop, { ...publicShop, clientId: 'app' }]);
  const [first, second] = clients;
  assert.ok(first && second);
  const given = { issuer: 'https://login.example.com', jwks: makeKeys().jwks };
  assert.deepEqual(await refusedClients({ ...given, clients }), []);
  const refused = await refusedClients({
    ...given,
    clients: [
      { ...first, initiateLoginUri: 'http://localhost/sign-in' },
      second,
      { ...second, clientId: 'mixed', redirectUris: ['com.example.app:/cb', 'https://localhost/cb'] },
      { ...first, clientId: 'broken', secret: 'line\nbreak-and-enough-characters' },
    ],
  });
  assert.deepEqual(refused, [
    'client shop, initiateLoginUri: must be a https uri',
    'client mixed, redirectUris: for native clients using claimed HTTPS URIs must not be using localhost as hostname',
    'client broken, secretEnv: invalid value',
  ]);
});
