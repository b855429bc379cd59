import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sound } from '../support/config-folder.ts';

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const withSecret =
  '  - { clientId: shop, name: Shop, secretEnv: SHOP_SECRET, redirectUris: [https://shop.example.com/cb] }';

/** Of a start with these clients: where it gets as far as the database, nothing answers there. */
async function started(t: TestContext, clients: string, secret: string) {
  const folder = mkdtempSync(join(tmpdir(), 'twofold-clients-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'clients.yaml');
  writeFileSync(file, `clients:\n${clients}\n`);
  const MONGODB_URI = 'mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100';
  const env = { ...sound, MONGODB_URI, TWOFOLD_CLIENTS: file, TWOFOLD_DATA: folder, SHOP_SECRET: secret };
  const child = spawn(execPath, [program], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const [errors, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { errors, exitCode };
}

test('what the library refuses of clients ends the start with 78 and one sentence for each of them', async (t) => {
  const mixed = (id: string) =>
    `  - { clientId: ${id}, name: App, redirectUris: ['com.example.app:/cb', 'https://localhost/cb'] }`;
  const { errors, exitCode } = await started(t, [mixed('one'), withSecret, mixed('two')].join('\n'), 'x'.repeat(22));
  assert.equal(exitCode, 78);
  const sentence = 'for native clients using claimed HTTPS URIs must not be using localhost as hostname';
  assert.deepEqual(errors.trim().split('\n'), [
    'Twofold cannot start with this configuration:',
    `- client one, redirectUris: ${sentence}`,
    `- client two, redirectUris: ${sentence}`,
  ]);
});

test('a secret that ends in a line break is taken without it, and starts', async (t) => {
  const { errors, exitCode } = await started(t, withSecret, `${'x'.repeat(22)}\n`);
  assert.equal(exitCode, 1);
  assert.match(errors, /^Twofold stopped: /, 'nothing is wrong but the database that is not there');
});
