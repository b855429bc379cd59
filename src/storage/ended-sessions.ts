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

  const endings = {
    /** By a key that one row has at most; false: none has. */
    async endOne(key: object, now: Date): Promise<boolean> {
      const { deletedCount } = await sessions.deleteOne({ ...key, ...tellsNobody });
      return deletedCount === 1 || (await endTelling(key, now)) > 0;
    },

    async endAll(which: object, now: Date): Promise<void> {
      await sessions.deleteMany({ ...which, ...tellsNobody });
      await endTelling(which, now);
    },

    /** What nobody is at any more: queues the clients of sessions that are over and were left. */
    async catchUp(now: Date): Promise<void> {
      const before = new Date(now.getTime() - underWayMilliseconds);
      const marked = await sessions.find({ endedAt: { $lte: before }, ...tells });
      await logouts.add(marked.flatMap(toTell), now); // guard: marked-session-queued
      // The row stays: what else hangs on it is found again by the next try of its end.
      const ids = marked.map(({ _id }) => _id);
      if (ids.length > 0) await sessions.updateMany({ _id: { $in: ids } }, { $unset: { clients: 1 } });
      for (const { _id, sessionVersion } of await sessions.aggregate<RaisedRow>(raised(before)))
        await endings.endOne({ _id, sessionVersion }, now); // guard: raised-session-queued
    },
  };
  return endings;
}

/** Longer than a request or a command that ends a session takes, until it has done all of it. */
const underWayMilliseconds = 5 * 60_000;

const tells = { clients: { $exists: true } } as const;
const tellsNobody = { clients: { $exists: false } } as const; // guard: telling-session-not-dropped

const version = { $project: { active: 1, sessionVersion: 1 } };

type RaisedRow = Pick<OidcRow, '_id' | 'sessionVersion'>;

/** Sessions with clients to tell that a change of their account has ended, whose consequences were not carried out. */
const raised = (before: Date) => {
  const unmarked = { endedAt: { $exists: false }, lastSeen: { $lte: before } }; // guard: marked-session-left-to-its-end
  const current = { $and: ['$account.active', { $lte: ['$account.sessionVersion', '$sessionVersion'] }] };
  return [
    { $match: { 'clients.clientId': { $gt: '' }, ...unmarked } },
    { $lookup: { from: 'accounts', localField: 'accountId', foreignField: '_id', pipeline: [version], as: 'account' } },
    { $set: { account: { $first: '$account' } } },
    { $match: { $expr: { $not: current } } },
    { $project: { sessionVersion: 1 } },
  ];
};

function toTell({ _id: id, accountId, clients }: OidcRow): OverSession[] {
  return accountId && clients ? [{ id, accountId, clients }] : [];
}
