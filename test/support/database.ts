import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { after, type TestContext } from 'node:test';
import { eventMover } from '../../src/storage/attempt-events.ts';
import { connect, type Database } from '../../src/storage/connection.ts';
import { createIndexes, indexes } from '../../src/storage/indexes.ts';
import { testDatabaseUri } from './mongod.ts';

/**
 * What was closed, by its test or here. mongoose itself guesses from the age of the last sign of life: wrong after seconds in
 * which a test only computed or the machine was busy, and a connection left open keeps its process running for ever.
 */
const closed = new WeakSet<Database>();

/** Where the files of one run hand emptied databases on to one another, a file named after each; without it they are dropped. */
const handedOn = env.TWOFOLD_TEST_DATABASES;

/** Names of emptied databases of this process. Making one costs two hundred files and half a second, emptying one nearly nothing. */
const spare: string[] = [];
const made = new Set<string>();
let endsPrepared = false;

/** A database with every index and no row, this test's alone until the test (or, without one, the file) is over. */
export async function openDatabase(t?: TestContext): Promise<Database> {
  prepareEnd();
  const reused = spare.pop() ?? takeHandedOn();
  const name = reused ?? `twofold_${randomBytes(8).toString('hex')}`;
  made.add(name);
  const db = await connect({ uri: testDatabaseUri(name) });
  db.connection.once('close', () => closed.add(db));
  if (t) t.after(() => giveBack(db, name));
  else after(() => close(db));
  if (reused === undefined) await createIndexes(db);
  return db;
}

async function giveBack(db: Database, name: string): Promise<void> {
  if (closed.has(db)) return;
  try {
    await Promise.all((await filled(db)).map((each) => db.connection.collection(each).deleteMany({})));
  } finally {
    await close(db);
  }
  spare.push(name);
}

/** Asked in one command: most of the collections are empty, and to empty them all the same costs more than many a test. */
async function filled({ connection }: Database): Promise<readonly string[]> {
  const all = (await connection.db?.collections()) ?? [];
  const [first, ...others] = all.map(({ collectionName }) => collectionName).filter((name) => !/^system\./.test(name));
  if (first === undefined) return [];
  const any = (name: string) => [{ $limit: 1 }, { $project: { _id: 0, name: { $literal: name } } }];
  const unions = others.map((coll) => ({ $unionWith: { coll, pipeline: any(coll) } }));
  const found = await connection
    .collection(first)
    .aggregate([...any(first), ...unions])
    .toArray();
  return found.map(({ name }) => String(name));
}

async function close(db: Database): Promise<void> {
  if (!closed.has(db)) await db.close();
}

/** Whoever removes its file has it: no other process can remove it again. */
function takeHandedOn(): string | undefined {
  if (handedOn === undefined) return undefined;
  return readdirSync(handedOn).find((name) => {
    try {
      rmSync(join(handedOn, name));
      return true;
    } catch {
      return false;
    }
  });
}

/** Registered once, by the first test of the file: runs after the last. */
function prepareEnd(): void {
  if (endsPrepared) return;
  endsPrepared = true;
  process.once('beforeExit', async () => {
    for (const name of made) {
      const db = await connect({ uri: testDatabaseUri(name) });
      if (handedOn !== undefined && spare.includes(name) && (await isAsMade(db)))
        writeFileSync(join(handedOn, name), '');
      else await db.connection.dropDatabase();
      await db.close();
    }
    made.clear();
  });
}

/** A test that changed more than rows keeps that to its own file. */
async function isAsMade({ connection }: Database): Promise<boolean> {
  const keys = async (name: string) => (await connection.collection(name).indexes()).map(({ key }) => key);
  const same = async ([name, wanted]: [string, (typeof indexes)[string]]) => {
    const expected = [{ _id: 1 }, ...wanted.map(({ key }) => key)];
    const found = await keys(name).catch(() => []);
    return JSON.stringify(found) === JSON.stringify(expected);
  };
  const unchanged = await Promise.all(Object.entries(indexes).map(same));
  const level = await connection.db?.command({ profile: -1 });
  return level?.was === 0 && unchanged.every(Boolean);
}

/**
 * Rows as they lie in the database, for tests that look behind a port: of a collection, or of a model of the library; events
 * once those of sign-ins were moved there.
 */
export async function rowsOf(db: Database, name: string): Promise<readonly Record<string, unknown>[]> {
  if (name === 'events') await eventMover(db)();
  const [collection, filter] = /^[A-Z]/.test(name) ? ['oidc', { model: name }] : [name, {}];
  const rows = await db.connection.collection(collection).find(filter).toArray();
  return name === 'events' ? rows.sort((one, other) => Number(one.at) - Number(other.at)) : rows;
}

/** Sessions with a record: the library keeps one without for a browser in which somebody only asked to sign in. */
export async function signedInRows(db: Database) {
  return (await rowsOf(db, 'Session')).filter(({ proofs }) => proofs !== undefined);
}
