import type { Event } from '../protection/events.ts';
import type { HistoryEvents } from '../self-service/history.ts';
import type { Database } from './connection.ts';
import { eventRows } from './events.ts';
import { waitingEvents } from './told-events.ts';

export function mongoHistory(db: Database): HistoryEvents {
  const events = eventRows(db.connection);
  const waitingOf = waitingEvents(db);
  return {
    async newest({ accountId, kinds, notDetails, from, before, most }) {
      // What waits is read first: what is moved meanwhile is found in the record, and is told once by its name.
      const waiting = await waitingOf(accountId); // guard: waiting-events-told
      const asked = { kind: { $in: kinds }, detail: { $nin: notDetails } };
      const recorded = await events.find(
        { accountId, at: { $gte: from, $lt: before }, ...asked },
        { sort: { at: -1 }, limit: most },
      );
      const all = new Map<string, Event>(recorded.map(({ _id, ...event }) => [_id, event]));
      for (const { name, event } of waiting)
        if (event.at >= from && event.at < before && kinds.includes(event.kind)) all.set(name, event);
      return [...all.values()].sort((one, other) => other.at.getTime() - one.at.getTime()).slice(0, most);
    },
  };
}
