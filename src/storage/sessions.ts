import { defined } from '../platform/defined.ts';
import type { ChangedSessions } from '../protection/carry-out.ts';
import type { SessionRecord, Sessions } from '../sign-in/sessions.ts';
import type { Database } from './connection.ts';
import { endingSessions } from './ended-sessions.ts';
import { mongoGrants } from './grants.ts';
import { type OidcRow, oidcRows } from './oidc-rows.ts';

export function mongoSessions(db: Database): Sessions & ChangedSessions {
  const sessions = oidcRows(db.connection, 'Session');
  const endings = endingSessions(db, sessions);
  const grants = mongoGrants(db);
  return {
    async find(id, now) {
      const row = await sessions.findOne({ _id: id, ...alive(now) });
      return row ? recordOf(row) : undefined;
    },

    /** Answers the record as it was, so that its `lastSeen` still tells how long nobody came. Never set back by a slower request. */
    async seen(id, now) {
      const seen = { $max: { lastSeen: now } }; // guard: last-seen-never-back
      const row = await sessions.findOneAndUpdate({ _id: id, ...alive(now) }, seen, { returnDocument: 'before' });
      return row ? recordOf(row) : undefined;
    },

    async list(accountId, now) {
      const rows = await sessions.find({ accountId, ...inTime(now) }, { sort: { lastSeen: -1 } });
      return rows.flatMap((row) => recordOf(row) ?? []);
    },

    async end(id, now) {
      await endings.endOne({ _id: id }, now);
    },

    /**
     * Worth nothing first, so that no code is redeemed for a grant that was saved when those that were there had ended.
     * Removed last: cut off by an outage, it is listed still, and what hangs on it is found again by the next try.
     */
    async endOf({ accountId, id, now }) {
      await sessions.updateOne({ _id: id, accountId }, { $set: { endedAt: now } }); // guard: ended-before-its-grants, ending-session-own-account
      await grants.endOf({ accountId, session: id }); // guard: session-end-ends-grants
      return endings.endOne({ _id: id, accountId }, now); // guard: ended-session-own-account
    },

    async restamp({ id, accountId, sessionVersion }) {
      const before = { _id: id, accountId, sessionVersion: sessionVersion - 1 }; // guard: changing-session-carried
      await sessions.updateOne(before, { $set: { sessionVersion } });
    },

    async endOlder({ accountId, sessionVersion, now }) {
      await endings.endAll({ accountId, sessionVersion: { $lt: sessionVersion } }, now); // guard: older-records-gone
    },
  };
}

function alive(now: Date) {
  return { ...inTime(now), endedAt: { $exists: false } }; // guard: ending-record-worthless
}

/** Judged in the command that notes the visit: of two requests at once the second must not find the idle time made up by the first. */
function inTime(now: Date) {
  const idleSince = { $subtract: [now, { $multiply: [{ $ifNull: ['$idleSeconds', 0] }, 1000] }] };
  return {
    expiresAt: { $gt: now }, // guard: record-ends
    $or: [{ idleSeconds: { $exists: false } }, { $expr: { $gt: ['$lastSeen', idleSince] } }], // guard: record-idle-ends
  };
}

/** For the library: it is none once its end has begun. */
export const notEnding = { endedAt: { $exists: false } } as const; // guard: ending-session-not-found

/** Undefined: nothing was proved in this session, or nothing that is left. */
export function recordOf(row: OidcRow): SessionRecord | undefined {
  const { _id: id, accountId, sessionVersion, proofs, signedInAt, lastSeen, expiresAt } = row;
  if (!accountId || sessionVersion === undefined || !proofs || !signedInAt || !lastSeen || !expiresAt) return undefined;
  const { idleSeconds, browser, address } = row;
  const record = { id, accountId, sessionVersion, proofs, signedInAt, lastSeen, expiresAt };
  return { ...record, ...defined({ idleSeconds, browser, address }) };
}

/** Of a row, what is its record's; the account is the library's too. */
export const recordFields = {
  ...{ sessionVersion: 1, proofs: 1, signedInAt: 1, lastSeen: 1, expiresAt: 1 },
  ...{ idleSeconds: 1, browser: 1, address: 1 },
} as const;

/** Field by field: callers hand over wider objects, which the types let pass. */
export function toRow(record: SessionRecord): Omit<SessionRecord, 'id'> {
  const { accountId, sessionVersion, proofs, signedInAt, lastSeen, expiresAt, idleSeconds, browser, address } = record;
  return {
    accountId,
    sessionVersion,
    proofs,
    signedInAt,
    lastSeen,
    expiresAt,
    ...defined({ idleSeconds, browser, address }),
  };
}
