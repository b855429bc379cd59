import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { faultsOf, goodJwks, load, sound } from '../support/config-folder.ts';

/** The set-up is plain JavaScript, which the compiler does not read. */
const { readSettings } = (await import(new URL('../../scripts/start/settings.js', import.meta.url).href)) as {
  readSettings(env: object): { readonly host: string; readonly port: number };
};

const development = { NODE_ENV: 'development' };

test('a value that YAML takes for a comment is a fault with its file and line, each of them at once', (t) => {
  const local = 'theme:\n  accent: #12b886\n  productName:\nmail:\n  from:   # ask Ada\n';
  const clients = 'clients:\n  - clientId: shop\n    name: #1 Shop\n    redirectUris: [https://shop.example.com/]\n';
  const faults = faultsOf(t, development, { 'local.yaml': local, 'clients.development.yaml': clients });
  const told = faults.filter((fault) => fault.includes('has no value')).map((fault) => fault.replace(/^.*\//, ''));
  const advice = 'has no value; give it one (in quotes if it begins with #), or remove the line';
  assert.deepEqual(told.sort(), [
    `clients.development.yaml:3: name ${advice}`,
    `local.yaml:2: accent ${advice}`,
    `local.yaml:3: productName ${advice}`,
    `local.yaml:5: from ${advice}`,
  ]);
});

test('a group whose members are all commented out below it says nothing, as a written null does', (t) => {
  const local = 'theme:\n  links:\n    # help: https://example.com/help\n  logo: null\nmail: {}\n';
  assert.deepEqual(faultsOf(t, development, { 'local.yaml': local }), []);
  const shallow = 'theme:\n  links:\n  # help: https://example.com/help\n';
  assert.equal(faultsOf(t, development, { 'local.yaml': shallow }).length, 1);
});

test("what Kubernetes says of a service of our name is no setting and no fault, and is told by the variable's name", (t) => {
  const kubernetes = {
    ...development,
    TWOFOLD_PORT: 'tcp://10.0.0.1:3000',
    TWOFOLD_PORT_3000_TCP: 'tcp://10.0.0.1:3000',
    TWOFOLD_PORT_3000_TCP_PORT: '3000',
    TWOFOLD_SERVICE_HOST: '10.0.0.1',
    TWOFOLD_SERVICE_PORT: '80',
    TWOFOLD_SMTP_PORT: 'tcp://10.0.0.2:25',
  };
  const config = load(t, kubernetes);
  assert.equal(config.port, 3000);
  assert.equal(config.mail.smtp.port, 587);
  assert.deepEqual([...config.ignoredVariables].sort(), ['TWOFOLD_PORT', 'TWOFOLD_SMTP_PORT']);
  assert.deepEqual(load(t, { ...development, TWOFOLD_PORT: '4000' }).ignoredVariables, []);
  assert.equal(readSettings({ TWOFOLD_PORT: 'tcp://10.0.0.1:3000' }).port, 3000);
  assert.match(faultsOf(t, { ...development, TWOFOLD_PORT: 'http://10.0.0.1' }).join(), /^port .*must be a number/);
});

test('an IPv6 address to listen on may stand in brackets', (t) => {
  assert.equal(load(t, { ...development, TWOFOLD_HOST: '[::1]' }).host, '::1');
  assert.equal(load(t, { ...development, TWOFOLD_HOST: '::1' }).host, '::1');
  assert.equal(readSettings({ TWOFOLD_HOST: '[::1]' }).host, '::1');
});

test('a byte order mark before a key set or before settings is none of its content', (t) => {
  const jwksFile = join(folder(t), 'jwks.json');
  writeFileSync(jwksFile, `\uFEFF${JSON.stringify(goodJwks)}`);
  const { TWOFOLD_JWKS: _, ...others } = sound;
  const config = load(t, { ...others, TWOFOLD_JWKS_FILE: jwksFile }, { 'local.yaml': '\uFEFFport: 4001\n' });
  assert.deepEqual(config.keys.jwks, goodJwks);
  assert.equal(config.port, 4001);
});

test('a password that is not percent-encoded in the connection string is told, and never quoted', (t) => {
  for (const password of ['p%ss', 'p@ss', 'p/ss', 'p%zz', '%']) {
    const faults = faultsOf(t, { ...sound, MONGODB_URI: `mongodb://ada:${password}@db.example.com/` });
    assert.equal(faults.length, 1, password);
    assert.match(faults.join(), /^database\.uri \(MONGODB_URI\): cannot be read; write %, @, .* as %25, %40/);
    assert.ok(!faults.join().includes(`:${password}`));
  }
  const good = { ...sound, MONGODB_URI: 'mongodb://ada:p%25s%40s@db.example.com/' };
  assert.equal(load(t, good).database.uri, good.MONGODB_URI);
});

const loosened = [
  ['w=1', 'w'],
  ['w=0', 'w'],
  ['w=rack', 'w'],
  ['W=2', 'W'],
  ['journal=false', 'journal'],
  ['j=false', 'j'],
  ['readPreference=secondary', 'readPreference'],
  ['readpreference=nearest', 'readpreference'],
  ['readPreference=primaryPreferred', 'readPreference'],
  ['readConcernLevel=available', 'readConcernLevel'],
  ['retryWrites=false', 'retryWrites'],
] as const;

for (const [option, name] of loosened) {
  test(`a connection string with ${option} is refused: guarantees rest on the opposite`, (t) => {
    for (const uri of [`mongodb://db.example.com/?${option}`, `mongodb+srv://db.example.com/x?tls=true&${option}`]) {
      const faults = faultsOf(t, { ...sound, MONGODB_URI: uri });
      assert.equal(faults.length, 1, faults.join());
      assert.ok(faults[0]?.startsWith(`database.uri (MONGODB_URI): sets ${name}, which loosens`), faults.join());
    }
  });
}

test('options that loosen nothing are taken', (t) => {
  const options = 'w=majority&journal=true&readPreference=primary&readConcernLevel=majority&retryWrites=true&tls=true';
  const uri = `mongodb://a.example.com,b.example.com/?replicaSet=rs0&${options}`;
  assert.equal(load(t, { ...sound, MONGODB_URI: uri }).database.uri, uri);
});

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'twofold-keys-'));
  t.after(() => rmSync(made, { recursive: true }));
  return made;
}
