import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Event, eventSubject } from '../../src/protection/events.ts';

test('the subject of an event is whom it is about, by which client and from where', () => {
  const origin = { address: '192.0.2.7', browser: 'Firefox', requestId: 'r1' };
  assert.deepEqual(eventSubject({ accountId: 'ada', clientId: 'app', actor: 'cli', origin }), {
    accountId: 'ada',
    clientId: 'app',
    actor: 'cli',
    address: '192.0.2.7',
    browser: 'Firefox',
    requestId: 'r1',
  });
});

test('what a request does not say is absent from the record, not empty', () => {
  const nobody = eventSubject({ accountId: undefined, clientId: 'app', origin: {} });
  assert.deepEqual(nobody, { clientId: 'app' });
  assert.deepEqual(Object.keys(eventSubject({ accountId: 'ada', actor: undefined, origin: { requestId: 'r1' } })), [
    'accountId',
    'requestId',
  ]);
});

test('nothing else of a request gets into the record, whatever it is handed with', () => {
  const typed = { accountId: 'ada', password: 'a walrus', origin: { address: '192.0.2.7', code: '123456' } };
  const record: Partial<Event> = eventSubject(typed);
  assert.deepEqual(record, { accountId: 'ada', address: '192.0.2.7' });
});
