import type { SeenPlaces } from '../sign-in/new-place.ts';
import { accountRows } from './account-row.ts';
import type { Database } from './connection.ts';

/** The oldest go first. */
const most = 20;

export function mongoSeenPlaces({ connection }: Database): SeenPlaces {
  const accounts = accountRows(connection);
  return {
    async add({ accountId, key, at }) {
      const row = await accounts.findOneAndUpdate(
        { _id: accountId, 'seenPlaces.key': { $ne: key } }, // guard: place-added-once
        { $push: { seenPlaces: { $each: [{ key, at }], $slice: -most } } },
        { returnDocument: 'before' },
      );
      return row ? (row.seenPlaces ?? []) : undefined;
    },
  };
}
