import type { NamedEvent } from '../protection/events.ts';
import { attemptRows } from './attempts.ts';
import type { Database } from './connection.ts';

/** What finished sign-ins of an account told that was not moved to the audit record yet (attempt-events.ts). */
export function waitingEvents({ connection }: Database): (accountId: string) => Promise<readonly NamedEvent[]> {
  const attempts = attemptRows(connection);
  return async (accountId) => {
    const waiting = { accountId, 'events.event.at': { $exists: true } };
    const rows = await attempts.find(waiting, { projection: { events: 1 } });
    return rows.flatMap((row) => (row.purpose === undefined ? (row.events ?? []) : []));
  };
}
