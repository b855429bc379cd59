import mongoose, { type mongo } from 'mongoose';
import { usernameSkeleton } from '../accounts/identifier.ts';
import type { Database } from './connection.ts';

interface Named {
  readonly _id: string;
  readonly username: string;
  readonly usernameSkeleton?: string;
}

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
  for await (const rows of batches(connection.collection<Named>('accounts'))) await fill(connection, rows);
  await migrations.updateOne(done, { $set: { at: now } }, { upsert: true });
}

async function* batches(accounts: mongo.Collection<Named>): AsyncGenerator<readonly Named[]> {
  const projection = { username: 1, usernameSkeleton: 1 } as const;
  for (let last = ''; ; ) {
    const rows = await accounts
      .find({ username: { $gt: last } }, { projection })
      .sort({ username: 1 })
      .limit(atOnce)
      .toArray();
    const newest = rows.at(-1);
    if (!newest) return;
    yield rows;
    last = newest.username;
  }
}

async function fill(connection: mongoose.Connection, rows: readonly Named[]): Promise<void> {
  const updates = rows
    .filter((row) => row.usernameSkeleton === undefined)
    .map(({ _id, username }) => ({
      updateOne: { filter: { _id, username }, update: { $set: { usernameSkeleton: usernameSkeleton(username) } } },
    }));
  if (updates.length === 0) return;
  try {
    await connection.collection<Named>('accounts').bulkWrite(updates, { ordered: false });
  } catch (error) {
    if (!(error instanceof mongoose.mongo.MongoBulkWriteError) || !onlyTaken(error)) throw error;
  }
}

/** Another name holds the look. */
function onlyTaken({ writeErrors }: mongo.MongoBulkWriteError): boolean {
  const all = [writeErrors].flat();
  return all.length > 0 && all.every(({ code }) => code === 11_000);
}
