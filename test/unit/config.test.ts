import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Config, ConfigError, loadConfig } from '../../src/config.ts';
import { makeKeys } from '../../src/oidc/keys.ts';

type Env = Record<string, string>;

const goodJwks = makeKeys().jwks;
const sound: Env = {
  NODE_ENV: 'production',
  TWOFOLD_ISSUER: 'https://login.example.com',
  MONGODB_URI: 'mongodb://db.example.com/',
  TWOFOLD_MAIL_FROM: 'no-reply@example.com',
  TWOFOLD_COOKIE_KEYS: randomBytes(32).toString('hex'),
  TWOFOLD_CIPHER_KEYS: `2:${randomBytes(32).toString('base64')},1:${randomBytes(32).toString('base64')}`,
  TWOFOLD_JWKS: JSON.stringify(goodJwks),
};

function configFolder(t: TestContext, files: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'twofold-config-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(new URL('../../config', import.meta.url), folder, { recursive: true });
  rmSync(join(folder, 'local.yaml'), { force: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function load(t: TestContext, env: Env, files: Record<string, string> = {}): Config {
  return loadConfig({ env, folder: configFolder(t, files) });
}

function faultsOf(t: TestContext, env: Env, files: Record<string, string> = {}): readonly string[] {
  try {
    load(t, env, files);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.faults;
  }
  return [];
}

test('development starts with nothing set', (t) => {
  const config = load(t, { NODE_ENV: 'development' });
  assert.equal(config.issuer, 'http://localhost:3000');
  assert.equal(config.mail.transport, 'outbox');
  assert.equal(config.registration.open, true);
  assert.equal(config.password.minimumLength, 8);
  assert.ok(config.argon2.concurrency >= 1);
  assert.deepEqual(config.keys, {});
});

test('production starts once everything it asks for is set, with registration closed', (t) => {
  const config = load(t, sound);
  assert.equal(config.environment, 'production');
  assert.equal(config.registration.open, false);
  assert.equal(config.mail.transport, 'smtp');
  assert.deepEqual(config.clients, []);
  assert.deepEqual(
    config.keys.cipher?.map(({ id, key }) => [id, key.length]),
    [
      [2, 32],
      [1, 32],
    ],
  );
});

test('a later layer wins: the named file over the default, local.yaml over it, the environment over all', (t) => {
  const files = { 'local.yaml': 'port: 4001\nhost: 127.0.0.2\ntheme:\n  links:\n    help: https://example.com/help\n' };
  const config = load(t, { NODE_ENV: 'development', TWOFOLD_PORT: '4002' }, files);
  assert.equal(config.port, 4002);
  assert.equal(config.issuer, 'http://localhost:4002');
  assert.equal(config.host, '127.0.0.2');
  assert.equal(config.theme.productName, 'Twofold');
  assert.deepEqual(config.theme.links, { help: 'https://example.com/help' });
});

test('an empty variable counts as absent', (t) => {
  assert.equal(load(t, { NODE_ENV: 'development', TWOFOLD_PORT: '', TWOFOLD_ISSUER: '' }).port, 3000);
});

test('the tests of one developer do not depend on their local.yaml', (t) => {
  assert.equal(load(t, { NODE_ENV: 'test' }, { 'local.yaml': 'port: 4001' }).port, 3000);
});

test('where the second factor is optional, passwords need 15 characters', (t) => {
  const config = load(t, { NODE_ENV: 'test', TWOFOLD_SECOND_FACTOR: 'when-enrolled' });
  assert.equal(config.password.minimumLength, 15);
});

test('the configuration is frozen to its leaves', (t) => {
  const config = load(t, sound);
  const frozen = (value: unknown): boolean =>
    typeof value !== 'object' || value === null || ArrayBuffer.isView(value)
      ? true
      : Object.isFrozen(value) && Object.values(value).every(frozen);
  assert.ok(frozen(config));
});

test('[check 119] without NODE_ENV the rules of production hold, and it tells all that is missing at once', (t) => {
  const faults = faultsOf(t, {});
  const expected = [
    'issuer (TWOFOLD_ISSUER):',
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

const faulty: Record<string, { env?: Env; local?: string; fault: RegExp }> = {
  'an unknown environment': { env: { NODE_ENV: 'staging' }, fault: /^environment \(NODE_ENV\): must be one of dev/ },
  'an environment in a file': { local: 'environment: test', fault: /^environment \(NODE_ENV\): is chosen by NODE_ENV/ },
  'a port that is no number': { env: { TWOFOLD_PORT: '3000x' }, fault: /^port \(TWOFOLD_PORT\): must be a number$/ },
  'a port out of range': { env: { TWOFOLD_PORT: '70000' }, fault: /^port \(TWOFOLD_PORT\): must be 65535 or less$/ },
  'half a port': { local: 'port: 80.5', fault: /^port \(TWOFOLD_PORT\): must be a whole number$/ },
  'a word for yes': {
    env: { TWOFOLD_REGISTRATION_OPEN: 'yes' },
    fault: /^registration\.open .*: must be true or false$/,
  },
  'an issuer with a slash': {
    env: { TWOFOLD_ISSUER: 'https://a.example.com/' },
    fault: /^issuer .*: must be an origin/,
  },
  'an issuer with a query': {
    env: { TWOFOLD_ISSUER: 'https://a.example.com?b' },
    fault: /^issuer .*: must be an origin/,
  },
  'an issuer with a path': {
    env: { TWOFOLD_ISSUER: 'https://a.example.com/b' },
    fault: /^issuer .*: must be an origin/,
  },
  'an issuer that is no web address': {
    env: { TWOFOLD_ISSUER: 'file:///etc' },
    fault: /^issuer .*: must be an origin/,
  },
  'an unknown setting': { local: 'registraton: { open: true }', fault: /^registraton: is not a setting/ },
  'an unknown setting in a group': { local: 'mail: { tls: true }', fault: /^mail\.tls: is not a setting/ },
  'a group that is a text': { local: 'mail: smtp', fault: /^mail: must be a group of settings$/ },
  'a YAML error': { local: 'port: 3000\nhost: "127', fault: /local\.yaml:2:\d+: is not valid YAML/ },
  'a repeated setting': { local: 'port: 1\nport: 2', fault: /local\.yaml:2:1: is not valid YAML \(duplicate key\)/ },
  'a file that is a list': { local: '- port', fault: /local\.yaml: must hold settings/ },
  'an outbox for everybody': { env: { TWOFOLD_HOST: '0.0.0.0' }, fault: /^host \(TWOFOLD_HOST\): is reachable/ },
  'a missing file of clients': { env: { TWOFOLD_CLIENTS: 'none.yaml' }, fault: /none\.yaml: cannot be read/ },
  'a logo from elsewhere': {
    local: 'theme: { logo: { light: "https://cdn.example.com/a.svg" } }',
    fault: /^theme\.logo\.light: must be a path/,
  },
  'an idle end after the absolute one': {
    local: 'session: { idleSeconds: 90000 }',
    fault: /^session\.idleSeconds: is longer/,
  },
  'two cipher keys of one number': {
    env: { TWOFOLD_CIPHER_KEYS: `1:${randomBytes(32).toString('base64')},1:${randomBytes(32).toString('base64')}` },
    fault: /^keys\.cipher \(TWOFOLD_CIPHER_KEYS\): has two keys of one number/,
  },
  'a key set beside its file': {
    env: { TWOFOLD_JWKS: JSON.stringify(goodJwks), TWOFOLD_JWKS_FILE: '/none' },
    fault: /^keys\.jwksFile .*stands beside/,
  },
  'a file of keys that is not there': {
    env: { TWOFOLD_JWKS_FILE: '/none' },
    fault: /^keys\.jwksFile .*\/none cannot be read/,
  },
};
for (const [what, { env = {}, local, fault }] of Object.entries(faulty)) {
  test(`${what} is a fault that names its setting`, (t) => {
    const faults = faultsOf(t, { NODE_ENV: 'development', ...env }, local === undefined ? {} : { 'local.yaml': local });
    assert.ok(
      faults.some((found) => fault.test(found)),
      faults.join('\n'),
    );
  });
}

test('a development server on all addresses is fine once mails are really sent', (t) => {
  const env = { NODE_ENV: 'development', TWOFOLD_HOST: '0.0.0.0', TWOFOLD_MAIL_TRANSPORT: 'smtp' };
  assert.deepEqual(faultsOf(t, env), []);
});

test('every fault is told at once, from every file', (t) => {
  const env = { NODE_ENV: 'development', TWOFOLD_PORT: 'x', TWOFOLD_ACCENT: 'red', TWOFOLD_CIPHER_KEYS: '1:short' };
  const files = {
    'local.yaml': 'unknown: 1\nlog: { level: loud }',
    'clients.development.yaml': 'clients: [{ clientId: shop, redirectUris: [ftp://x] }]',
  };
  const faults = faultsOf(t, env, files).join('\n');
  for (const part of [
    'port',
    'theme.accent',
    'keys.cipher.0',
    'unknown',
    'log.level',
    'client shop, name',
    'client shop, redirectUris.0',
  ]) {
    assert.ok(faults.includes(part), `${part} in\n${faults}`);
  }
});

test('[check 103] signing keys that are weak, public, unnamed or of the wrong kind are faults', (t) => {
  const [ecdsa, rsa] = goodJwks.keys;
  const weak = {
    kid: 'weak',
    ...generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ format: 'jwk' }),
  };
  const { d: _, ...publicKey } = { ...ecdsa };
  const sets: [unknown, RegExp][] = [
    [{ keys: [ecdsa, weak] }, /number 2.*[\s\S]*no key for RS256/],
    [{ keys: [publicKey, rsa] }, /number 1.*[\s\S]*no key for ES256/],
    [{ keys: [rsa] }, /no key for ES256/],
    [{ keys: [ecdsa] }, /no key for RS256/],
    [{ keys: [ecdsa, { ...rsa, kid: ecdsa?.kid }] }, /two keys of one kid/],
    [{ keys: [ecdsa, { ...rsa, kid: undefined }] }, /without a kid/],
    [{ keys: [ecdsa, { ...rsa, use: 'enc' }] }, /number 2/],
    [{ keys: [] }, /no key for ES256/],
  ];
  for (const [jwks, fault] of sets) {
    assert.match(faultsOf(t, { ...sound, TWOFOLD_JWKS: JSON.stringify(jwks) }).join('\n'), fault);
  }
});

test('[check 113] no fault quotes a secret, whatever is wrong with it', (t) => {
  const secret = 'hunter2hunter2';
  const broken: [Env, Record<string, string>][] = [
    [{ TWOFOLD_COOKIE_KEYS: secret }, {}],
    [{ TWOFOLD_CIPHER_KEYS: `1:${secret},${secret}` }, {}],
    [{ TWOFOLD_JWKS: `{"keys": [${secret}` }, {}],
    [{ TWOFOLD_JWKS: JSON.stringify({ keys: [{ kid: 'a', kty: 'oct', k: secret }] }) }, {}],
    [{ MONGODB_URI: `postgres://me:${secret}@db` }, {}],
    [
      { SHOP_SECRET: secret },
      {
        'clients.yaml':
          'clients: [{ clientId: shop, name: S, secretEnv: SHOP_SECRET, redirectUris: [https://s.example.com/] }]',
      },
    ],
    [{}, { 'local.yaml': `mail: { smtp: { password: ["${secret}"] } }` }],
    [{}, { 'local.yaml': `mail:\n  smtp:\n   password: "${secret}\n  user: [${secret}` }],
  ];
  for (const [env, files] of broken) {
    const faults = faultsOf(t, { ...sound, ...env }, files);
    assert.ok(faults.length > 0, JSON.stringify([env, files]));
    assert.ok(!faults.join('\n').includes(secret), faults.join('\n'));
  }
});

test('the key set may stand in a file of its own', (t) => {
  const folder = configFolder(t, { 'jwks.json': JSON.stringify(goodJwks), 'broken.json': '{' });
  const { TWOFOLD_JWKS: _, ...env } = sound;
  const config = loadConfig({ env: { ...env, TWOFOLD_JWKS_FILE: join(folder, 'jwks.json') }, folder });
  assert.deepEqual(config.keys.jwks, goodJwks);
  assert.match(faultsOf(t, { ...env, TWOFOLD_JWKS_FILE: join(folder, 'broken.json') }).join(), /is not valid JSON/);
});
