import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath, kill } from 'node:process';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/free-port.ts';
import { alive, ownServerEnvironment } from '../support/own-server.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const upLimitMs = 180_000;

test('start brings up Twofold and the demo, says what to open, and leaves nothing behind when it is asked to end', async (t) => {
  const started = await start(t);
  await started.up();
  assert.match(started.output(), new RegExp(`Open +http://localhost:${started.demoPort} `));
  assert.match(started.output(), new RegExp(`Mails +http://localhost:${started.port}/outbox `));

  const discovery = await fetch(`http://localhost:${started.port}/.well-known/openid-configuration`);
  assert.equal(((await discovery.json()) as { issuer: string }).issuer, `http://localhost:${started.port}`);
  const signIn = await fetch(`http://localhost:${started.demoPort}/sign-in`, { redirect: 'manual' });
  assert.equal(signIn.status, 302);
  assert.equal(new URL(signIn.headers.get('location') ?? '').origin, `http://localhost:${started.port}`);

  const mongod = await started.mongod();
  started.process.kill('SIGTERM');
  assert.equal(await started.exitCode, 0);
  assert.equal(alive(mongod), false);
  assert.deepEqual(await Promise.all([started.port, started.demoPort].map(isFree)), [true, true]);
});

test('start tells in one line that a port is in use, and starts nothing', async (t) => {
  for (const which of ['TWOFOLD_PORT', 'TWOFOLD_DEMO_PORT']) {
    const holder = await listening(0);
    t.after(() => holder.close());
    const started = await start(t, { [which]: String(portOf(holder)) });
    assert.equal(await started.exitCode, 1);
    assert.match(started.errors(), new RegExp(`^Port ${portOf(holder)} is in use\\. [^\\n]*${which}\\.\\n$`));
    assert.equal(started.output(), '');
  }
});

test('start tells in one line that its MongoDB died, ends with it and leaves nothing behind', async (t) => {
  const started = await start(t);
  await started.up();
  kill(await started.mongod(), 'SIGKILL');
  assert.equal(await started.exitCode, 1);
  assert.match(started.errors(), /^[^\n]*SIGKILL[^\n]*\n$/);
  assert.deepEqual(await Promise.all([started.port, started.demoPort].map(isFree)), [true, true]);
});

test('start hands on the exit code and the words of a Twofold that refuses its configuration', async (t) => {
  const started = await start(t, { TWOFOLD_ISSUER: 'not an address' });
  assert.equal(await started.exitCode, 78);
  assert.match(started.errors(), /issuer/i);
  assert.doesNotMatch(started.errors(), /ended unexpectedly/);
});

interface Started {
  readonly process: ChildProcess;
  readonly port: number;
  readonly demoPort: number;
  readonly exitCode: Promise<number | null>;
  output(): string;
  errors(): string;
  mongod(): Promise<number>;
  up(): Promise<void>;
}

async function start(t: TestContext, settings: Readonly<Record<string, string>> = {}): Promise<Started> {
  const data = await mkdtemp(join(tmpdir(), 'twofold-start-'));
  const [port, demoPort] = [await freePort(), await freePort()];
  const child = spawn(execPath, ['scripts/start.js'], {
    cwd: root,
    env: { ...ownServerEnvironment({ data, port, demoPort }), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collected(child.stdout);
  const errors = collected(child.stderr);
  const exitCode = once(child, 'close').then(([code]) => code as number | null);
  t.after(async () => {
    child.kill('SIGTERM');
    await exitCode;
    await rm(data, { recursive: true, force: true });
  });
  return {
    ...{ process: child, port, demoPort, exitCode, output, errors },
    mongod: async () => Number(await readFile(join(data, 'mongo', 'mongod.lock'), 'utf8')),
    async up() {
      for (const deadline = Date.now() + upLimitMs; !output().includes('Twofold is running'); await pause(50)) {
        assert.ok(child.exitCode === null && Date.now() < deadline, `start did not come up: ${errors()}`);
      }
    },
  };
}

function collected(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

async function listening(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

async function isFree(port: number): Promise<boolean> {
  return listening(port).then(
    (server) => server.close() && true,
    () => false,
  );
}
