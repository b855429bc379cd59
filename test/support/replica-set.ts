import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kill } from 'node:process';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { mongo } from 'mongoose';
import { launchMongod, type Running } from '../../src/storage/embedded/mongod.ts';
import { loopback } from '../../src/storage/embedded/port.ts';
import { freePort } from './free-port.ts';
import { mongodPath } from './mongod.ts';

/** Three members on loopback ports of their own; an election is held once the primary was silent for two seconds. */
export interface ReplicaSet {
  readonly uri: string;
  /** SIGKILL to whoever is primary now; answers which one it was. */
  killPrimary(): Promise<number>;
  /** Leaves the primary alone: the others stand still, and go on when the answer is called. */
  freezeOthers(): Promise<() => void>;
  /** Starts that one again, and waits until all three are of the set. */
  bringBack(member: number): Promise<void>;
}

const name = 'three';
const smallArgs = ['--replSet', name, '--oplogSize', '64', '--wiredTigerCacheSizeGB', '0.25'];
const waitMs = 60_000;

export async function startReplicaSet(t: TestContext): Promise<ReplicaSet> {
  const folder = await mkdtemp(join(tmpdir(), 'twofold-three-'));
  const running = new Map<number, Running>();
  const pids = new Map<number, number>();
  const frozen = new Set<number>();
  const thaw = () => {
    for (const pid of frozen) kill(pid, 'SIGCONT');
    frozen.clear();
  };
  t.after(async () => {
    thaw();
    await Promise.all([...running.values()].map((one) => one.stop()));
    await rm(folder, { recursive: true, force: true });
  });
  const start = async (port: number) => {
    const dbPath = join(folder, String(port));
    running.set(port, await launchMongod({ mongod: mongodPath(), dbPath, port }, smallArgs));
    pids.set(port, Number(await readFile(join(dbPath, 'mongod.lock'), 'utf8')));
  };
  const ports = await Promise.all([freePort(), freePort(), freePort()]);
  for (const port of ports) await mkdir(join(folder, String(port)));
  await Promise.all(ports.map(start));
  const members = ports.map((port, _id) => ({ _id, host: `${loopback}:${port}` }));
  const settings = { electionTimeoutMillis: 2_000, heartbeatIntervalMillis: 500 };
  await ask(ports[0], (admin) => admin.command({ replSetInitiate: { _id: name, members, settings } }));
  await whole(ports);

  return {
    uri: `mongodb://${members.map(({ host }) => host).join(',')}/?replicaSet=${name}`,
    async killPrimary() {
      const port = await primaryOf(ports.filter((each) => !frozen.has(pids.get(each) ?? 0)));
      kill(pids.get(port) ?? 0, 'SIGKILL');
      await running.get(port)?.exited;
      return port;
    },
    async freezeOthers() {
      const primary = await primaryOf(ports);
      for (const [port, pid] of pids) if (port !== primary) frozen.add(pid);
      for (const pid of frozen) kill(pid, 'SIGSTOP');
      await Promise.all([...frozen].map(standsStill));
      return thaw;
    },
    async bringBack(port) {
      await start(port);
      await whole(ports);
    },
  };
}

/** On a busy machine a process goes on for a while after it was told to stop, and acknowledges writes. */
async function standsStill(pid: number): Promise<void> {
  for (const deadline = Date.now() + waitMs; Date.now() < deadline; await pause(5)) {
    const tasks = await readdir(`/proc/${pid}/task`);
    const stats = await Promise.all(tasks.map((task) => readFile(`/proc/${pid}/task/${task}/stat`, 'utf8')));
    // The state follows the name, which stands in brackets.
    if (stats.every((stat) => /\) [Tt] /.test(stat))) return;
  }
  throw new Error(`process ${pid} does not stand still`);
}

async function primaryOf(ports: readonly number[]): Promise<number> {
  for (const port of ports) {
    const { isWritablePrimary, primary } = await ask(port, (admin) => admin.command({ hello: 1 }));
    // One that nobody follows any more steps down: it is still the last that took writes.
    if (isWritablePrimary || ports.length === 1 || primary === `${loopback}:${port}`) return port;
  }
  throw new Error('no primary');
}

/** One primary that takes writes, two that follow it. */
async function whole(ports: readonly number[]): Promise<void> {
  for (const deadline = Date.now() + waitMs; Date.now() < deadline; await pause(100)) {
    const hellos = await Promise.all(ports.map((port) => ask(port, (admin) => admin.command({ hello: 1 }))));
    const primaries = hellos.filter(({ isWritablePrimary }) => isWritablePrimary).length;
    if (primaries === 1 && hellos.filter(({ secondary }) => secondary).length === ports.length - 1) return;
  }
  throw new Error('the replica set is not whole after a minute');
}

async function ask<T>(port: number | undefined, work: (admin: mongo.Db) => Promise<T>): Promise<T> {
  const client = new mongo.MongoClient(`mongodb://${loopback}:${port}/`, { directConnection: true });
  try {
    return await work(client.db('admin'));
  } finally {
    await client.close();
  }
}
