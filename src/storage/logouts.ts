import type { Logout, LogoutQueue } from '../delivery/logouts.ts';
import { checkedRows } from './checked-rows.ts';
import type { Database } from './connection.ts';
import { storedIn } from './schema.ts';

interface LogoutRow extends Omit<Logout, 'id'> {
  /** Of the session and the client: however often its end is tried, it is one row. */
  readonly _id: string;
  readonly dueAt: Date;
}

const schema = storedIn<LogoutRow>('logouts', {
  _id: String,
  accountId: String,
  clientId: String,
  sid: String,
  tries: Number,
  dueAt: Date,
});

/** A session that is over, and what each of its clients knows it by. */
export interface OverSession {
  readonly id: string;
  readonly accountId: string;
  readonly clients: readonly { readonly clientId: string; readonly sid: string }[];
}

export interface StoredLogouts extends LogoutQueue {
  add(sessions: readonly OverSession[], now: Date): Promise<void>;
}

export function mongoLogouts({ connection }: Database): StoredLogouts {
  const rows = checkedRows(connection, schema);
  return {
    async add(sessions, now) {
      const updates = sessions.flatMap(({ id, accountId, clients }) =>
        clients.map(({ clientId, sid }) => {
          const fresh = { accountId, clientId, sid, tries: 0, dueAt: now };
          return { filter: { _id: `${id}:${clientId}` }, update: { $setOnInsert: fresh }, upsert: true }; // guard: logout-queued-once
        }),
      );
      if (updates.length > 0) await rows.updateEach(updates);
    },

    async take({ now, heldUntil, notOf }) {
      const due = { dueAt: { $lte: now }, clientId: { $nin: [...notOf] } }; // guard: logout-not-before-due
      const taken = { $set: { dueAt: heldUntil }, $inc: { tries: 1 } }; // guard: logout-held, logout-tries-counted
      const row = await rows.findOneAndUpdate(due, taken, { sort: { dueAt: 1 }, returnDocument: 'after' });
      if (!row) return undefined;
      const { _id: id, accountId, clientId, sid, tries } = row;
      return { id, accountId, clientId, sid, tries };
    },

    async putBack({ id, tries }, dueAt) {
      await rows.updateOne({ _id: id, tries }, { $set: { dueAt } }); // guard: logout-put-back-by-holder
    },

    async remove({ id }) {
      await rows.deleteOne({ _id: id });
    },
  };
}
