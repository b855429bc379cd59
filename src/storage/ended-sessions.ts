import type { Database } from './connection.ts';
import { mongoLogouts, type OverSession } from './logouts.ts';
import type { OidcRow, OidcRows } from './oidc-rows.ts';

/**
 * Every way in which a session ends comes through here. One with clients to tell is over by the update that marks it, stays until
 * they are in the queue, and only then is gone: what a process that was killed in between left marked, catchUp finds.
 */
export function endingSessions(db: Database, sessions: OidcRows) {
  const logouts = mongoLogouts(db);

  async function endTelling(which: object, now: Date): Promise<number> {
    const { matchedCount } = await sessions.updateMany({ ...which, ...tells }, { $set: { endedAt: now } }); // guard: over-before-queued
    if (matchedCount === 0) return 0;
    const over = await sessions.find({ ...which, ...tells, endedAt: { $exists: true } });
    await logouts.add(over.flatMap(toTell), now); // guard: clients-told-of-end
    await sessions.deleteMany({ _id: { $in: over.map(({ _id }) => _id) } });
    return over.length;
  }

  return {
    /** By a key that one row has at most; false: none has. */
    async endOne(key: object, now: Date): Promise<boolean> {
      const { deletedCount } = await sessions.deleteOne({ ...key, ...tellsNobody });
      return deletedCount === 1 || (await endTelling(key, now)) > 0;
    },

    async endAll(which: object, now: Date): Promise<void> {
      await sessions.deleteMany({ ...which, ...tellsNobody });
      await endTelling(which, now);
    },

    /** Queues the clients of sessions that somebody marked as over and left. */
    async catchUp(now: Date): Promise<void> {
      const marked = await sessions.find({ endedAt: { $lte: startOfWork(now) }, ...tells });
      await logouts.add(marked.flatMap(toTell), now); // guard: marked-session-queued
      // The row stays: what else hangs on it is found again by the next try of its end.
      const ids = marked.map(({ _id }) => _id);
      if (ids.length > 0) await sessions.updateMany({ _id: { $in: ids } }, { $unset: { clients: 1 } });
    },
  };
}

/** Whoever began to end sessions before it has ended them, or never will: longer than a request or a command lives. */
export function startOfWork(now: Date): Date {
  return new Date(now.getTime() - 60_000);
}

const tells = { clients: { $exists: true } } as const;
const tellsNobody = { clients: { $exists: false } } as const; // guard: telling-session-not-dropped

function toTell({ _id: id, accountId, clients }: OidcRow): OverSession[] {
  return accountId && clients ? [{ id, accountId, clients }] : [];
}
