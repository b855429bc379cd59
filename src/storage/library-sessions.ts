import { hashId } from '../platform/hash.ts';
import type { KeptSession, SessionRecord } from '../sign-in/sessions.ts';
import { endingSessions } from './ended-sessions.ts';
import type { OidcAdapterOptions, OidcPayload } from './oidc-adapter.ts';
import { type OidcWrite, oidcRows } from './oidc-rows.ts';
import { notEnding, recordFields, recordOf, toRow } from './sessions.ts';

export interface SessionPayload extends OidcPayload {
  readonly kept?: KeptSession | undefined;
}

/**
 * The library's half of a session's row: found by the hash of its id (the cookie), kept under the hash of its uid.
 * An ended session has no row, and only a session that was begun by the very request makes one: nothing in flight revives it.
 */
export function librarySessions({ db, cipher, now, errors, held, redeemed }: OidcAdapterOptions) {
  const sessions = oidcRows(db.connection, 'Session');
  const endings = endingSessions(db, sessions);
  const context = (idHash: string) => `oidc:Session:${idHash}`; // guard: session-payload-bound
  const ask = async <Answer>(question: () => Promise<Answer>): Promise<Answer> => {
    await held.settle();
    try {
      return await question();
    } catch (cause) {
      throw errors.unavailable(cause); // guard: session-outage-503
    }
  };

  async function find(
    key: { readonly _id: string } | { readonly idHash: string },
  ): Promise<SessionPayload | undefined> {
    const read = '_id' in key ? redeemed.take('Session', key._id) : undefined;
    const live = { ...key, libraryEndsAt: { $gt: now() }, ...notEnding };
    const row = read ? read.row : await ask(() => sessions.findOne(live));
    if (!row?.payload || !row.idHash) return undefined;
    const said: OidcPayload = JSON.parse(cipher.open(row.payload, context(row.idHash)));
    const record = recordOf(row);
    return { ...said, kept: { idHash: row.idHash, ...(record ? { record } : {}) } };
  }

  return {
    find: async (id: string) => find({ idHash: hashId(id) }), // guard: session-id-hashed
    findByUid: async (uid: string) => find({ _id: hashId(uid) }),

    async upsert(id: string, payload: SessionPayload, seconds = 0): Promise<void> {
      const { kept = {}, ...said } = payload;
      const [_id, idHash] = [hashId(String(payload.uid)), hashId(id)];
      const update = updateOf(kept, payload.accountId);
      const sealed = cipher.seal(JSON.stringify(said), context(idHash)); // guard: session-payload-sealed
      const libraryEndsAt = new Date(now().getTime() + seconds * 1000);
      const told = toldOf(kept);
      const $set = { ...update.$set, ...told.$set, idHash, payload: sealed, libraryEndsAt };
      const $unset = { ...update.$unset, ...told.$unset };
      const filter = { _id, model: 'Session', idHash: kept.idHash ?? idHash, ...notEnding }; // guard: session-save-own-row
      const begins = kept.idHash === undefined; // guard: ended-session-not-begun
      const given = held.take();
      const unmet = () => (given.some(givesCode) ? new errors.LoginRequired('the session has ended') : undefined); // guard: ended-session-given-no-code
      // The session first: where it has ended, nothing that was to be given in it is stored.
      await held.send([{ filter, update: { ...update, $set, $unset }, upsert: begins, unmet }, ...given]); // guard: session-before-its-code
      kept.idHash = idHash;
    },

    async destroy(id: string): Promise<void> {
      await ask(() => endings.endOne({ idHash: hashId(id) }, now()));
    },
  };
}

/** A record says whose it is: under another account it is none, and it is not left to be taken for that one's. */
function updateOf({ record, begun, seenAt }: KeptSession, accountId: string | undefined) {
  const named = accountId === undefined ? {} : { accountId };
  if (record && begun) return { $set: { ...named, ...toRow(record) }, $unset: absentOf(record) };
  if (record && record.accountId !== accountId) return { $set: named, $unset: recordFields }; // guard: record-own-account
  return { $set: named, ...(record && seenAt ? { $max: { lastSeen: seenAt } } : {}) }; // guard: saved-seen-never-back
}

function toldOf({ clients = [] }: KeptSession) {
  return clients.length > 0 ? { $set: { clients } } : { $unset: { clients: 1 as const } };
}

/** What an earlier record of the same session had and this one has not. */
function absentOf(record: SessionRecord) {
  const optional = { idleSeconds: 1, browser: 1, address: 1 } as const;
  return Object.fromEntries(Object.entries(optional).filter(([name]) => !(name in toRow(record))));
}

function givesCode({ filter }: OidcWrite): boolean {
  return filter.model === 'AuthorizationCode';
}
