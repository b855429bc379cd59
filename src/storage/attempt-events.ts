import { attemptRows } from './attempts.ts';
import type { Database } from './connection.ts';
import { eventRows } from './events.ts';

const inOneCommand = 500;

/**
 * Brings what sign-ins told in their last write into the audit record, each event once: it is removed here only when it
 * stands there, under a name that it has once. Of one account alone, before that account is erased.
 */
export function eventMover({ connection }: Database) {
  const attempts = attemptRows(connection);
  const events = eventRows(connection);

  return async function move(account: { readonly accountId?: string } = {}): Promise<void> {
    const waiting = { 'events.event.at': { $exists: true }, ...account };
    const projection = { events: 1 };
    for (let rows = await next(); rows.length > 0; rows = rows.length < inOneCommand ? [] : await next()) {
      const told = rows.flatMap((row) => (row.purpose === undefined ? (row.events ?? []) : []));
      await events.insertNew(told.map(({ name, event }) => ({ ...event, _id: name })));
      const moved = { _id: { $in: rows.map(({ _id }) => _id) } };
      await attempts.updateMany(moved, { $unset: { events: 1 } }); // guard: moved-event-once
    }

    function next() {
      return attempts.find(waiting, { projection, limit: inOneCommand });
    }
  };
}
