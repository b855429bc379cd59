import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { keepKeys, loadKeys, makeKeys } from '../../src/oidc/keys.ts';
import { createCipher } from '../../src/platform/cipher.ts';

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'twofold-keys-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, 'data');
}

test('made keys are of the kinds that Twofold signs, seals and sets cookies with', () => {
  const { cookies, cipher, jwks } = makeKeys();
  assert.ok(cookies.every((cookie) => cookie.length >= 32));
  assert.equal(createCipher(cipher).open(createCipher(cipher).seal('a', 'b'), 'b'), 'a');
  assert.deepEqual(
    jwks.keys.map(({ alg, use }) => [alg, use]),
    [
      ['ES256', 'sig'],
      ['RS256', 'sig'],
    ],
  );
});

test('keys are made once and then kept, readable by their owner alone', async (t) => {
  const folder = temporary(t);
  const first = await keepKeys(folder);
  assert.deepEqual(await keepKeys(folder), first);
  assert.equal(statSync(join(folder, 'keys.json')).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(folder), ['keys.json']);
});

test('a file of keys that cannot be used is an error, never replaced', async (t) => {
  const folder = temporary(t);
  await keepKeys(folder);
  for (const text of ['', '{', '{}', 'null', '{"cookies":[],"cipher":[],"jwks":{"keys":[]}}']) {
    writeFileSync(join(folder, 'keys.json'), text);
    await assert.rejects(keepKeys(folder), /keys\.json/);
  }
});

test('with every key configured nothing is made; a missing one is completed', async (t) => {
  const folder = temporary(t);
  const configured = makeKeys();
  assert.deepEqual(await loadKeys(configured, folder), configured);
  assert.throws(() => statSync(folder));
  const completed = await loadKeys({ cookies: configured.cookies }, folder);
  assert.deepEqual(completed.cookies, configured.cookies);
  assert.equal(completed.cipher.length, 1);
});
