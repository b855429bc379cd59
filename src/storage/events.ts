import type { Event, Events } from '../protection/events.ts';
import type { Database } from './connection.ts';
import { storedIn } from './schema.ts';

const schema = storedIn<Event>('events', {
  at: Date,
  kind: String,
  result: String,
  accountId: String,
  clientId: String,
  address: String,
  browser: String,
  requestId: String,
  detail: String,
});

export function mongoEvents({ connection }: Database): Events {
  const events = connection.model<Event>('Event', schema);
  return {
    /** An unknown field is refused, so that no secret slips into the record beside the named ones. */
    async append(event) {
      await events.insertOne(event);
    },
  };
}
