import type { Connection } from 'mongoose';
import type { Consents } from '../sign-in/sessions.ts';
import { checkedRows } from './checked-rows.ts';
import type { Database } from './connection.ts';
import { storedIn } from './schema.ts';

interface ConsentRow {
  /** The server's own. */
  readonly _id: unknown;
  readonly accountId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly at: Date;
}

const schema = storedIn<ConsentRow>('consents', {
  accountId: String,
  clientId: String,
  scopes: { type: [String], default: undefined },
  at: Date,
});

export function consentRows(connection: Connection) {
  return checkedRows(connection, schema);
}

export function mongoConsents({ connection }: Database): Consents {
  const consents = consentRows(connection);
  return {
    async find({ accountId, clientId }) {
      const row = await consents.findOne({ accountId, clientId });
      return row?.scopes ?? [];
    },

    async allow({ accountId, clientId, scopes, at }) {
      const update = { $addToSet: { scopes: { $each: [...scopes] } }, $max: { at } }; // guard: parallel-consents-kept
      await consents.updateOne({ accountId, clientId }, update, { upsert: true });
    },
  };
}
