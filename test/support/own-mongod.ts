import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kill } from 'node:process';
import type { TestContext } from 'node:test';
import { connect, type Database } from '../../src/storage/connection.ts';
import { type EmbeddedDatabase, startEmbedded } from '../../src/storage/embedded/embedded.ts';
import { createIndexes } from '../../src/storage/indexes.ts';
import { mongodPath } from './mongod.ts';

/** A mongod that a test may kill, and start again on the same data and port. */
export interface OwnMongod {
  readonly uri: string;
  /** SIGKILL, in the moment of the call: nothing is flushed, nobody is told. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

export async function startOwnMongod(t: TestContext): Promise<OwnMongod> {
  const folder = await mkdtemp(join(tmpdir(), 'twofold-outage-'));
  let running: EmbeddedDatabase | undefined;
  let pid = 0;
  t.after(async () => {
    await running?.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const start = async () => {
    running = await startEmbedded({ mongod: mongodPath(), folder });
    pid = Number(await readFile(join(folder, 'mongo', 'mongod.lock'), 'utf8'));
    return running.uri;
  };
  const uri = await start();
  return {
    uri,
    async kill() {
      kill(pid, 'SIGKILL');
      await running?.exited;
    },
    async start() {
      await start();
    },
  };
}

/** Its database, for worlds; `commands` makes the driver tell what it sends. */
export async function openOwn(t: TestContext, uri: string): Promise<Database> {
  // By hand: an address of several members is no URL.
  const database = await connect({ uri: `${uri.replace('/?', '/twofold?')}&monitorCommands=true` });
  t.after(() => database.close());
  await createIndexes(database);
  return database;
}
