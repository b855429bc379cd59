import { accountRows } from './account-row.ts';
import type { Database } from './connection.ts';
import { endingSessions, startOfWork } from './ended-sessions.ts';
import { type OidcRow, oidcRows } from './oidc-rows.ts';

/**
 * Ends sessions with clients to tell that a change of their account has ended, where whoever made the change was cut off before
 * it was carried out. They are worth nothing by then; only that nobody was told is left to do.
 */
export function raisedSessions(db: Database): { end(now: Date): Promise<void> } {
  const sessions = oidcRows(db.connection, 'Session');
  const accounts = accountRows(db.connection);
  const endings = endingSessions(db, sessions);

  async function endRaised(some: readonly OidcRow[], now: Date): Promise<void> {
    const ids = { $in: some.flatMap(({ accountId }) => accountId ?? []) };
    const owners = await accounts.find({ _id: ids }, { projection: { active: 1, sessionVersion: 1 } });
    const versions = new Map(
      owners.flatMap(({ _id, active, sessionVersion }) => (active ? [[_id, sessionVersion]] : [])),
    );
    for (const { _id, accountId = '', sessionVersion = 0 } of some) {
      const current = versions.get(accountId);
      if (current === undefined || current > sessionVersion) await endings.endOne({ _id, sessionVersion }, now); // guard: raised-session-queued
    }
  }

  return {
    async end(now) {
      // One that is seen may be the one that the change is made in, which is given the new version in a moment.
      const unseen = { endedAt: { $exists: false }, lastSeen: { $lte: startOfWork(now) } }; // guard: marked-session-left-to-its-end
      const projection = { accountId: 1, sessionVersion: 1 };
      const told = { 'clients.clientId': { $gt: '' }, ...unseen };
      for await (const some of sessions.inParts(told, { projection, batchSize: 1000 })) await endRaised(some, now);
    },
  };
}
