import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Env, faultsOf, load, sound } from '../support/config-folder.ts';

test('[check 119] without NODE_ENV the rules of production hold, and it tells all that is missing at once', (t) => {
  const faults = faultsOf(t, {});
  const expected = [
    'issuer (TWOFOLD_ISSUER):',
    'trustedProxies (TWOFOLD_TRUSTED_PROXIES):',
    'mail.from (TWOFOLD_MAIL_FROM):',
    'database.uri (MONGODB_URI):',
    'keys.cookies (TWOFOLD_COOKIE_KEYS):',
    'keys.cipher (TWOFOLD_CIPHER_KEYS):',
    'keys.jwks (TWOFOLD_JWKS):',
  ];
  assert.deepEqual(
    faults.map((fault) => fault.slice(0, fault.indexOf(':') + 1)),
    expected,
  );
});

const refusedInProduction: Record<string, { env?: Env; files?: Record<string, string>; fault: RegExp }> = {
  'an http issuer': {
    env: { TWOFOLD_ISSUER: 'http://login.example.com' },
    fault: /^issuer \(TWOFOLD_ISSUER\): .*https/,
  },
  'no proxy of its own behind https': {
    env: { TWOFOLD_TRUSTED_PROXIES: '' },
    fault: /^trustedProxies \(TWOFOLD_TRUSTED_PROXIES\): is 0, but https .* 1 for one nginx$/,
  },
  'no proxy, by name': { env: { TWOFOLD_TRUSTED_PROXIES: '0' }, fault: /^trustedProxies .* share its limits/ },
  'the outbox': { env: { TWOFOLD_MAIL_TRANSPORT: 'outbox' }, fault: /^mail\.transport \(TWOFOLD_MAIL_TRANSPORT\):/ },
  'the sender of development': { env: { TWOFOLD_MAIL_FROM: 'a@localhost' }, fault: /^mail\.from/ },
  'no database': { env: { MONGODB_URI: '' }, fault: /^database\.uri \(MONGODB_URI\): is missing/ },
  'no cookie keys': { env: { TWOFOLD_COOKIE_KEYS: '' }, fault: /^keys\.cookies .* is missing/ },
  'no cipher keys': { env: { TWOFOLD_CIPHER_KEYS: '' }, fault: /^keys\.cipher .* is missing/ },
  'no signing keys': { env: { TWOFOLD_JWKS: '' }, fault: /^keys\.jwks .* is missing/ },
  'the clients of development': {
    env: { TWOFOLD_CLIENTS: 'clients.development.yaml' },
    fault: /^clients \(TWOFOLD_CLIENTS\): names the clients/,
  },
  'a client named demo': {
    files: { 'clients.yaml': 'clients: [{ clientId: demo, name: D, redirectUris: [https://d.example.com/] }]' },
    fault: /client demo: is the demo/,
  },
};
for (const [what, { env = {}, files = {}, fault }] of Object.entries(refusedInProduction)) {
  test(`[check 119] production refuses to start with ${what}`, (t) => {
    const faults = faultsOf(t, { ...sound, ...env }, files);
    assert.ok(
      faults.some((found) => fault.test(found)),
      faults.join('\n'),
    );
  });
}

test('production listens on loopback alone unless another address is given', (t) => {
  assert.equal(load(t, sound).host, '127.0.0.1');
  assert.equal(load(t, { ...sound, TWOFOLD_HOST: '0.0.0.0' }).host, '0.0.0.0');
});

test('without https, on the machine of a developer, there may be no proxy', (t) => {
  assert.equal(load(t, { NODE_ENV: 'development' }).trustedProxies, 0);
});
