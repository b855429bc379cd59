import type { Database } from './connection.ts';

const done = { _id: 'joined_sessions' };
const before = 'oidc_session';

/**
 * Once for each database: what the library kept of a session in a row of its own joins the row of its record, sealed as it
 * is, and people stay signed in. A record whose library session is over is found by nobody and is swept at its end; a
 * library session without a record was none, and ends. A row that is joined already is of today, and stays.
 */
export async function joinSessions({ connection }: Database, now: Date): Promise<void> {
  const migrations = connection.collection<{ readonly _id: string; readonly at: Date }>('migrations');
  if (await migrations.findOne(done)) return;
  await connection
    .collection(before)
    .aggregate([...live(now), intoRecords])
    .toArray();
  await connection.collection(before).drop();
  await migrations.updateOne(done, { $set: { at: now } }, { upsert: true });
}

/** The last that was saved of each uid: a rotation left the others behind. */
const live = (now: Date) => [
  { $match: { uidHash: { $exists: true }, endedAt: { $exists: false }, expiresAt: { $gt: now } } }, // guard: over-sessions-not-joined
  { $sort: { expiresAt: 1 } },
  {
    $group: {
      _id: '$uidHash',
      idHash: { $last: '$_id' },
      payload: { $last: '$payload' },
      libraryEndsAt: { $last: '$expiresAt' },
    },
  },
];

const intoRecords = {
  $merge: {
    into: 'sessions',
    on: '_id',
    whenMatched: [{ $replaceWith: { $mergeObjects: ['$$new', '$$ROOT'] } }], // guard: joined-session-stays
    whenNotMatched: 'discard', // guard: session-without-record-ends
  },
} as const;
