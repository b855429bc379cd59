import { randomBytes } from 'node:crypto';
import { after, type TestContext } from 'node:test';
import { connect, type Database } from '../../src/storage/connection.ts';
import { createIndexes } from '../../src/storage/indexes.ts';
import { testDatabaseUri } from './mongod.ts';

const connected = 1;

/** Names of emptied databases of this process. Making one costs two hundred files and half a second, emptying one nearly nothing. */
const spare: string[] = [];
const made = new Set<string>();
let dropsAtEnd = false;

/** A database with every index and no row, this test's alone until the test (or, without one, the file) is over. */
export async function openDatabase(t?: TestContext): Promise<Database> {
  dropMadeAtEnd();
  const reused = spare.pop();
  const name = reused ?? `twofold_${randomBytes(8).toString('hex')}`;
  made.add(name);
  const db = await connect({ uri: testDatabaseUri(name) });
  if (t) t.after(() => giveBack(db, name));
  else after(() => close(db));
  if (reused === undefined) await createIndexes(db);
  return db;
}

async function giveBack(db: Database, name: string): Promise<void> {
  if (db.connection.readyState !== connected) return;
  for (const { collectionName } of (await db.connection.db?.collections()) ?? []) {
    if (!collectionName.startsWith('system.')) await db.connection.collection(collectionName).deleteMany({});
  }
  await close(db);
  spare.push(name);
}

async function close(db: Database): Promise<void> {
  if (db.connection.readyState === connected) await db.close();
}

/** Registered once, by the first test of the file: runs after the last. */
function dropMadeAtEnd(): void {
  if (dropsAtEnd) return;
  dropsAtEnd = true;
  process.once('beforeExit', async () => {
    for (const name of made) {
      const db = await connect({ uri: testDatabaseUri(name) });
      await db.connection.dropDatabase();
      await db.close();
    }
    made.clear();
  });
}

/** Rows as they lie in the database, for tests that look behind a port. */
export function rowsOf(db: Database, collection: string): Promise<readonly Record<string, unknown>[]> {
  return db.connection.collection(collection).find({}).toArray();
}
