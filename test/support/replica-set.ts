import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kill } from 'node:process';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { mongo } from 'mongoose';
import { launchMongod, loopback, type Running } from '../../src/storage/embedded-mongod.ts';
import { mongodPath } from './mongod.ts';

/** Three members on loopback ports of their own; an election is held once the primary was silent for two seconds. */
export interface ReplicaSet {
  readonly uri: string;
  /** SIGKILL to whoever is primary now; answers which one it was. */
  killPrimary(): Promise<number>;
  /** Starts that one again, and waits until all three are of the set. */
  bringBack(member: number): Promise<void>;
}

const name = 'three';
const smallArgs = ['--replSet', name, '--oplogSize', '64', '--wiredTigerCacheSizeGB', '0.25'];
const waitMs = 60_000;

export async function startReplicaSet(t: TestContext): Promise<ReplicaSet> {
  const folder = await mkdtemp(join(tmpdir(), 'twofold-three-'));
  const running = new Map<number, Running>();
  t.after(async () => {
    await Promise.all([...running.values()].map((one) => one.stop()));
    await rm(folder, { recursive: true, force: true });
  });
  const start = async (port: number) => {
    running.set(
      port,
      await launchMongod({ mongod: mongodPath(), dbPath: join(folder, String(port)), port }, smallArgs),
    );
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
      const states = await Promise.all(ports.map(async (port) => ({ port, primary: await isPrimary(port) })));
      const port = states.find(({ primary }) => primary)?.port;
      if (port === undefined) throw new Error('no primary');
      kill(Number(await readFile(join(folder, String(port), 'mongod.lock'), 'utf8')), 'SIGKILL');
      await running.get(port)?.exited;
      return port;
    },
    async bringBack(port) {
      await start(port);
      await whole(ports);
    },
  };
}

async function isPrimary(port: number): Promise<boolean> {
  return ask(port, async (admin) => (await admin.command({ hello: 1 })).isWritablePrimary === true);
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

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, loopback, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
