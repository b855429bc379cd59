import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig } from '../../src/config/config.ts';
import { configFolder, type Env, faultsOf, goodJwks, sound } from '../support/config-folder.ts';

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
