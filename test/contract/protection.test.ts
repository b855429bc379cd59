import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../src/protection/events.ts';
import { mongoEvents } from '../../src/storage/events.ts';
import { start, together } from '../support/account-stores.ts';
import { openDatabase, rowsOf } from '../support/database.ts';
import { memoryEvents } from '../support/fakes/protection.ts';

const event: Event = { at: start, kind: 'sign_in', result: 'success', accountId: 'ada-id', requestId: 'r1' };

test('each event is one more record of exactly its fields [check 112]', async (t) => {
  const db = await openDatabase(t);
  const events = mongoEvents(db);
  const fake = memoryEvents();
  for (const one of [events, fake]) await together(3, () => one.append(event));
  const rows = await rowsOf(db, 'events');
  assert.deepEqual(
    rows.map(({ _id, ...rest }) => rest),
    [event, event, event],
  );
  assert.deepEqual(fake.all, [event, event, event]);
});

test('an event of one name is one record, of 20 at once too', async (t) => {
  const db = await openDatabase(t);
  const fake = memoryEvents();
  for (const one of [mongoEvents(db), fake]) {
    await together(20, () => one.appendOnce('first', event));
    await one.appendOnce('second', event);
  }
  assert.equal((await rowsOf(db, 'events')).length, 2);
  assert.equal(fake.all.length, 2);
});

test('a field that no event has is refused and nothing is recorded [check 113]', async (t) => {
  const db = await openDatabase(t);
  const leaky: Event & { readonly code: string } = { ...event, code: '123456' };
  await assert.rejects(mongoEvents(db).append(leaky), /not in schema/);
  assert.deepEqual(await rowsOf(db, 'events'), []);
});
