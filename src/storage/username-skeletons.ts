import mongoose, { type mongo } from 'mongoose';
import { usernameSkeleton } from '../accounts/identifier.ts';
import { type AccountRow, accountRows } from './account-row.ts';
import type { Database } from './connection.ts';

type Accounts = ReturnType<typeof accountRows>;

const done = { _id: 'username_skeletons' };
const atOnce = 1000;

/**
 * Once for each database: names from before their looks were kept get them, or a new name could look like one of them. Of names
 * that look alike already the first holds the look, the others stay as they are. In batches along the index of names, so that a
 * million are a minute; broken off, it begins again and passes over what is there.
 */
export async function fillUsernameSkeletons({ connection }: Database, now: Date): Promise<void> {
  const migrations = connection.collection<{ readonly _id: string; readonly at: Date }>('migrations');
  if (await migrations.findOne(done)) return;
  const accounts = accountRows(connection);
  for await (const rows of batches(accounts)) await fill(accounts, rows);
  await migrations.updateOne(done, { $set: { at: now } }, { upsert: true });
}

async function* batches(accounts: Accounts): AsyncGenerator<readonly AccountRow[]> {
  const projection = { username: 1, usernameSkeleton: 1 } as const;
  for (let last = ''; ; ) {
    const named = { username: { $gt: last } };
    const rows = await accounts.find(named, { projection, sort: { username: 1 }, limit: atOnce });
    const newest = rows.at(-1)?.username;
    if (newest === undefined) return;
    yield rows;
    last = newest;
  }
}

async function fill(accounts: Accounts, rows: readonly AccountRow[]): Promise<void> {
  const updates = rows.flatMap((row) => {
    const { _id, username } = row;
    if (username === undefined || row.usernameSkeleton !== undefined) return [];
    return [{ filter: { _id, username }, update: { $set: { usernameSkeleton: usernameSkeleton(username) } } }];
  });
  if (updates.length === 0) return;
  try {
    await accounts.updateEach(updates);
  } catch (error) {
    if (!(error instanceof mongoose.mongo.MongoBulkWriteError) || !onlyTaken(error)) throw error;
  }
}

/** Another name holds the look. */
function onlyTaken({ writeErrors }: mongo.MongoBulkWriteError): boolean {
  const all = [writeErrors].flat();
  return all.length > 0 && all.every(({ code }) => code === 11_000);
}
