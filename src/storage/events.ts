import type { Connection } from 'mongoose';
import { randomId } from '../platform/random.ts';
import type { Event, Events } from '../protection/events.ts';
import { checkedRows } from './checked-rows.ts';
import { type Database, takenField } from './connection.ts';
import { storedIn } from './schema.ts';

type EventRow = Event & { readonly _id: string };

const schema = storedIn<EventRow>('events', {
  _id: String,
  at: Date,
  kind: String,
  result: String,
  accountId: String,
  actor: String,
  clientId: String,
  address: String,
  browser: String,
  requestId: String,
  detail: String,
}); // guard: event-fields-known

export function eventRows(connection: Connection) {
  return checkedRows(connection, schema);
}

export function mongoEvents({ connection }: Database): Events {
  const events = eventRows(connection);
  return {
    /** An unknown field is refused, so that no secret slips into the record beside the named ones. */
    async append(...appended) {
      const rows = appended.map((event) => ({ ...event, _id: randomId() }));
      await events.insertMany(rows);
    },

    async appendOnce(name, event) {
      try {
        await events.insertOne({ ...event, _id: name });
      } catch (error) {
        if (takenField(error) !== '_id') throw error;
      }
    },
  };
}
