import { Schema } from 'mongoose';
import type { SessionRecord, Sessions } from '../sign-in/sessions.ts';
import type { Database } from './connection.ts';
import { storedIn } from './schema.ts';

type SessionRow = Omit<SessionRecord, 'id'> & { readonly _id: string };

const schema = storedIn<SessionRow>('sessions', {
  _id: String,
  accountId: String,
  sessionVersion: Number,
  proofs: { type: [Schema.Types.Mixed], default: undefined },
  signedInAt: Date,
  lastSeen: Date,
  expiresAt: Date,
  browser: String,
  address: String,
});

export function mongoSessions({ connection }: Database): Sessions {
  const sessions = connection.model<SessionRow>('SessionRecord', schema);
  return {
    async save(record) {
      await sessions.replaceOne({ _id: record.id }, toRow(record), { upsert: true });
    },

    /** Answers the record as it was, so that its `lastSeen` still tells how long nobody came. Never set back by a slower request. */
    async seen(id, now) {
      const row = await sessions
        .findOneAndUpdate(
          { _id: id, expiresAt: { $gt: now } },
          { $max: { lastSeen: now } },
          { returnDocument: 'before' },
        )
        .lean<SessionRow>();
      if (!row) return undefined;
      const { _id, ...record } = row;
      return { id: _id, ...record };
    },

    async end(id) {
      await sessions.deleteOne({ _id: id });
    },
  };
}

/** Field by field: callers hand over wider objects, which the types let pass. */
function toRow(record: SessionRecord): Omit<SessionRecord, 'id'> {
  const { accountId, sessionVersion, proofs, signedInAt, lastSeen, expiresAt, browser, address } = record;
  return {
    ...{ accountId, sessionVersion, proofs, signedInAt, lastSeen, expiresAt },
    ...(browser === undefined ? {} : { browser }),
    ...(address === undefined ? {} : { address }),
  };
}
