import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath, kill } from 'node:process';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/free-port.ts';
import { mongodPath } from '../support/mongod.ts';
import { alive, ownServerEnvironment } from '../support/own-server.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const limitMs = 180_000;

interface Begun {
  readonly child: ChildProcess;
  readonly data: string;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  output(): string;
}

/** A server of development with a database of its own, which takes seconds to come up. */
async function begin(t: TestContext, command: readonly string[]): Promise<Begun> {
  const data = await mkdtemp(join(tmpdir(), 'twofold-ending-'));
  const place = { data, port: await freePort(), demoPort: await freePort() };
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: root,
    env: { ...ownServerEnvironment(place), TWOFOLD_MONGOD: mongodPath() },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (output += text));
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  t.after(async () => {
    if (child.exitCode === null && child.signalCode === null && child.pid) kill(-child.pid, 'SIGKILL');
    await ended;
    await rm(data, { recursive: true, force: true, maxRetries: 10, retryDelay: 500 });
  });
  return { child, data, ended, output: () => output };
}

async function until(begun: Begun, holds: () => Promise<boolean> | boolean): Promise<void> {
  for (const deadline = Date.now() + limitMs; !(await holds()); await pause(10))
    assert.ok(begun.child.exitCode === null && Date.now() < deadline, `it never came so far: ${begun.output()}`);
}

/** Of the mongod that holds the folder; mongod empties the file when it ends as it should. */
async function mongodIn(data: string): Promise<number | undefined> {
  const text = await readFile(join(data, 'mongo', 'mongod.lock'), 'utf8').catch(() => '');
  return Number(text) || undefined;
}

const moments: Readonly<Record<string, (begun: Begun) => Promise<void>>> = {
  'while mongod comes up': (begun) => until(begun, async () => (await mongodIn(begun.data)) !== undefined),
  'while the replica set is made': (begun) =>
    until(begun, async () => hasFile(join(begun.data, 'mongo', 'WiredTiger.turtle'))),
  'while indexes are made': (begun) => until(begun, () => hasFile(join(begun.data, 'mongo-port'))),
  'once it listens': (begun) => until(begun, () => begun.output().includes('listening')),
};

async function hasFile(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    () => false,
  );
}

for (const [moment, reached] of Object.entries(moments)) {
  test(`a server that is asked to end ${moment} ends at once, with its MongoDB`, async (t) => {
    const begun = await begin(t, [execPath, '--disable-warning=ExperimentalWarning', 'src/main.ts']);
    await reached(begun);
    const mongod = await mongodIn(begun.data);
    begun.child.kill('SIGTERM');
    assert.deepEqual(await begun.ended, { code: 0, signal: null }, begun.output());
    const later = await mongodIn(begun.data);
    for (const pid of [mongod, later]) assert.ok(pid === undefined || !alive(pid), `mongod ${pid} is left`);
    assert.doesNotMatch(begun.output(), /Twofold stopped|UnhandledPromise/);
  });
}

test('a server that is asked to end before it has read its programs ends at once', async (t) => {
  const begun = await begin(t, [execPath, '--disable-warning=ExperimentalWarning', 'src/main.ts']);
  await until(begun, () => begun.child.pid !== undefined);
  begun.child.kill('SIGTERM');
  const { code, signal } = await begun.ended;
  assert.ok(code === 0 || signal === 'SIGTERM', begun.output());
  assert.equal(await mongodIn(begun.data), undefined);
});

const unshare = ['unshare', '--pid', '--fork', '--kill-child'];
/** Only root, and only Linux, makes a process the first of its kind. */
const canBeFirst = spawnSync(unshare[0] ?? '', [...unshare.slice(1), 'true']).status === 0;

test('as the first process of a container, which hears no signal that it does not ask for, it ends all the same', async (t) => {
  if (!canBeFirst) return t.diagnostic('this machine cannot make a process namespace');
  const begun = await begin(t, [...unshare, execPath, '--disable-warning=ExperimentalWarning', 'src/main.ts']);
  await until(begun, async () => (await mongodIn(begun.data)) !== undefined);
  const [first] = (await readFile(`/proc/${begun.child.pid}/task/${begun.child.pid}/children`, 'utf8')).split(' ');
  kill(Number(first), 'SIGTERM');
  assert.equal((await begun.ended).code, 0, begun.output());
});

test('npm start that is asked to end while it starts leaves nothing behind', async (t) => {
  for (const moment of ['while mongod comes up', 'while indexes are made']) {
    const begun = await begin(t, ['npm', 'start']);
    await moments[moment]?.(begun);
    const mongod = await mongodIn(begun.data);
    begun.child.kill('SIGTERM');
    await begun.ended;
    const later = await mongodIn(begun.data);
    for (const pid of [mongod, later]) assert.ok(pid === undefined || !alive(pid), `mongod ${pid} is left, ${moment}`);
    const left = spawnSync('pgrep', ['-g', String(begun.child.pid)], { encoding: 'utf8' }).stdout;
    assert.equal(left, '', `something of it is left, ${moment}`);
  }
});
