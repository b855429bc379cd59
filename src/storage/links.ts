import type { Connection } from 'mongoose';
import type { LinkUse, StoredLink, StoredLinks } from '../delivery/links.ts';
import { defined } from '../platform/defined.ts';
import { checkedRows } from './checked-rows.ts';
import type { Database } from './connection.ts';
import { storedIn } from './schema.ts';

/** One row for each place: a newer link is written over the older one. */
type LinkRow = Omit<StoredLink, 'taken'> & {
  readonly _id: string;
  /** Hash of what the browser holds that it was given to. */
  readonly takenBy?: string;
};

const schema = storedIn<LinkRow>('links', {
  _id: String,
  tokenHash: String,
  purpose: String,
  accountId: String,
  address: String,
  sessionVersion: Number,
  clientId: String,
  expiresAt: Date,
  takenBy: String,
});

export function linkRows(connection: Connection) {
  return checkedRows(connection, schema);
}

export function mongoLinks({ connection }: Database): StoredLinks {
  const links = linkRows(connection);
  return {
    async put(place, link) {
      await links.replaceOne({ _id: place }, rowOf(link), { upsert: true });
    },

    async find(use) {
      const row = await links.findOne(open(use));
      return row ? linkOf(row) : undefined;
    },

    async take(use) {
      const row = await links.findOneAndUpdate(
        open(use),
        { $set: { takenBy: use.holderHash } }, // guard: link-taken-once
        { returnDocument: 'before' },
      );
      return row ? { link: linkOf(row), first: row.takenBy === undefined } : undefined;
    },
  };
}

function open({ tokenHash, purpose, holderHash, now }: LinkUse) {
  return {
    tokenHash,
    purpose, // guard: link-own-purpose
    expiresAt: { $gt: now }, // guard: link-ends
    $or: [{ takenBy: { $exists: false } }, { takenBy: holderHash }], // guard: taken-link-own-browser
  };
}

function rowOf({ taken: _, ...link }: StoredLink): Omit<LinkRow, '_id'> {
  return link;
}

function linkOf({ tokenHash, purpose, address, expiresAt, ...row }: LinkRow): StoredLink {
  const { accountId, sessionVersion, clientId, takenBy } = row;
  const taken = takenBy !== undefined;
  return { tokenHash, purpose, address, expiresAt, taken, ...defined({ accountId, sessionVersion, clientId }) };
}
