import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { type Env, faultsOf, goodJwks, load, sound } from '../support/config-folder.ts';

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

test('clients are told of ended sessions on this machine in development alone, and elsewhere in private only by host', (t) => {
  assert.deepEqual(load(t, sound).backChannelLogout, { allowedPrivateHosts: [], timeoutSeconds: 5 });
  const development = load(t, { NODE_ENV: 'development' }).backChannelLogout;
  assert.deepEqual(development.allowedPrivateHosts, ['localhost', '127.0.0.1', '::1']);
  const named = (hosts: string) => ({ ...sound, TWOFOLD_LOGOUT_PRIVATE_HOSTS: hosts });
  const { allowedPrivateHosts } = load(t, named('shop.internal, 10.0.0.7,fd00::7')).backChannelLogout;
  assert.deepEqual(allowedPrivateHosts, ['shop.internal', '10.0.0.7', 'fd00::7']);
  for (const wrong of [
    'https://shop.internal',
    'shop.internal:8080',
    '[::1]',
    '*.internal',
    'Shop.internal',
    '10.0.0.0/8',
  ])
    assert.match(
      faultsOf(t, named(wrong)).join(),
      /^backChannelLogout\.allowedPrivateHosts.*must be host names/,
      wrong,
    );
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
    fault: /^theme\.logo\.light: must be \/assets\/<name>/,
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

test('ways of a second step are settled together: SMS never alone and never without a sender, roles where they decide', (t) => {
  const faultsWith = (env: object) => faultsOf(t, { NODE_ENV: 'development', ...env }).join('\n');
  assert.match(faultsWith({ TWOFOLD_FACTOR_KINDS: 'sms,email' }), /factors\.kinds.*has sms without totp/);
  assert.match(faultsWith({ TWOFOLD_SMS_SENDER: 'none' }), /factors\.kinds.*has sms, but sms\.sender is none/);
  assert.match(faultsWith({ TWOFOLD_FACTOR_KINDS: 'recovery' }), /factors\.kinds.*has recovery codes alone/);
  assert.match(faultsWith({ TWOFOLD_SECOND_FACTOR: 'by-role' }), /factors\.roles.*is empty/);
  assert.match(faultsWith({ TWOFOLD_FACTOR_KINDS: 'totp,email,totp' }), /factors\.kinds.*twice/);
  assert.match(faultsWith({ TWOFOLD_ENROL_BY: 'soon' }), /factors\.enrolBy/);
  assert.equal(faultsWith({ TWOFOLD_FACTOR_KINDS: 'totp,sms', TWOFOLD_ENROL_BY: '2031-01-31' }), '');
});

test('what another setting leaves without effect is a fault: all of it is told at once, with what to do', (t) => {
  const optional = {
    TWOFOLD_SECOND_FACTOR: 'when-enrolled',
    TWOFOLD_ENROLMENT_SKIPS: '3',
    TWOFOLD_ENROL_BY: '2031-01-31',
  };
  const faults = faultsOf(t, { NODE_ENV: 'development', ...optional }, { 'local.yaml': 'factors: { roles: [staff] }' });
  const told = faults.join('\n');
  assert.match(told, /factors\.skips .*when-enrolled .*choose required or by-role/);
  assert.match(told, /factors\.enrolBy .*when-enrolled .*choose required or by-role/);
  assert.match(told, /factors\.roles.* only with secondFactor by-role; choose that/);
  assert.equal(faults.length, 3);
  const silent = faultsOf(t, { ...sound, TWOFOLD_SMS_SENDER: 'dry-run', TWOFOLD_SMS_COUNTRIES: 'GB' });
  assert.match(silent.join('\n'), /^sms\.sender .*factors\.kinds has no sms; add it/);
  for (const secondFactor of ['required', 'by-role']) {
    const env = { ...optional, NODE_ENV: 'development', TWOFOLD_SECOND_FACTOR: secondFactor };
    const files = secondFactor === 'by-role' ? { 'local.yaml': 'factors: { roles: [staff] }' } : {};
    assert.deepEqual(faultsOf(t, env, files), []);
  }
});

test('a development server on all addresses is fine once neither mails nor texts end in the outbox', (t) => {
  const env = {
    NODE_ENV: 'development',
    TWOFOLD_HOST: '0.0.0.0',
    TWOFOLD_MAIL_TRANSPORT: 'smtp',
    TWOFOLD_SMS_SENDER: 'none',
    TWOFOLD_FACTOR_KINDS: 'totp,email',
  };
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
