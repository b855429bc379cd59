import { randomBytes } from 'node:crypto';
import { after, type TestContext } from 'node:test';
import { connect, type Database } from '../../src/storage/connection.ts';
import { createIndexes } from '../../src/storage/indexes.ts';
import { testDatabaseUri } from './mongod.ts';

const connected = 1;

/** A database of its own with every index, dropped when the test (or, without one, the file) is over. */
export async function openDatabase(t?: TestContext): Promise<Database> {
  const db = await connect({ uri: testDatabaseUri(`twofold_${randomBytes(8).toString('hex')}`) });
  const drop = async () => {
    if (db.connection.readyState !== connected) return;
    await db.connection.dropDatabase();
    await db.close();
  };
  if (t) t.after(drop);
  else after(drop);
  await createIndexes(db);
  return db;
}

/** Rows as they lie in the database, for tests that look behind a port. */
export function rowsOf(db: Database, collection: string): Promise<readonly Record<string, unknown>[]> {
  return db.connection.collection(collection).find({}).toArray();
}
