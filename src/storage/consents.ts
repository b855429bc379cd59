import type { Connection } from 'mongoose';
import type { WithdrawnConsents } from '../self-service/applications.ts';
import type { Consents } from '../sign-in/sessions.ts';
import { checkedRows } from './checked-rows.ts';
import type { Database } from './connection.ts';
import { storedIn } from './schema.ts';

export interface ConsentRow {
  /** The server's own. */
  readonly _id: unknown;
  readonly accountId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** When something was allowed last. */
  readonly at: Date;
  /** When something was allowed first; absent in rows from before that was kept. */
  readonly since?: Date;
}

const schema = storedIn<ConsentRow>('consents', {
  accountId: String,
  clientId: String,
  scopes: { type: [String], default: undefined },
  at: Date,
  since: Date,
});

export function consentRows(connection: Connection) {
  return checkedRows(connection, schema);
}

export function mongoConsents({ connection }: Database): Consents & WithdrawnConsents {
  const consents = consentRows(connection);
  return {
    async find({ accountId, clientId }) {
      const row = await consents.findOne({ accountId, clientId });
      return row?.scopes ?? [];
    },

    async allow({ accountId, clientId, scopes, at }) {
      const added = { $addToSet: { scopes: { $each: [...scopes] } }, $max: { at } }; // guard: parallel-consents-kept
      const update = { ...added, $setOnInsert: { since: at } };
      await consents.updateOne({ accountId, clientId }, update, { upsert: true });
    },

    async withdraw({ accountId, clientId }) {
      await consents.deleteOne({ accountId, clientId }); // guard: revoked-consent-gone
    },
  };
}
