import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type NamedEvent, signInRecord } from '../../src/protection/events.ts';
import { mongoAccountData } from '../../src/storage/account-data.ts';
import { eventMover } from '../../src/storage/attempt-events.ts';
import { mongoAttempts } from '../../src/storage/attempts.ts';
import { mongoEvents } from '../../src/storage/events.ts';
import { mongoFinishedSignIns } from '../../src/storage/finished-sign-ins.ts';
import { minutes, start, together } from '../support/account-stores.ts';
import { asked } from '../support/asked.ts';
import { openDatabase } from '../support/database.ts';
import { signInAttempt } from '../support/sign-in-attempt.ts';

async function open(t: TestContext) {
  const db = await openDatabase(t);
  const attempts = mongoAttempts(db);
  const events = db.connection.collection('events');
  /** A sign-in that ended at this level, as its last write leaves it. */
  async function ended(id: string, { detail = '2fa', accountId = 'ada' } = {}): Promise<NamedEvent> {
    await attempts.open({ id, clientId: 'app', expiresAt: minutes(60), asked, browserMark: 'mark' });
    const event = { at: start, kind: 'sign_in', result: 'success', accountId, detail } as const;
    const told = { name: signInRecord(id), event };
    const attempt = await signInAttempt(attempts, id, start);
    await attempts.advance(attempt, { accountId, finishedAt: start, events: [told] }, start);
    return told;
  }
  const recorded = async () => (await events.find({}).sort({ _id: 1 }).toArray()).map(({ _id }) => String(_id));
  return { db, attempts, ended, recorded, move: eventMover(db), events };
}

test('what a sign-in told in its last write is moved to the audit record, once, by however many at once', async (t) => {
  const { ended, move, events, attempts } = await open(t);
  const { event } = await ended('one');
  await together(20, () => move());
  assert.deepEqual(await events.find({}).toArray(), [{ _id: 'one:sign_in', ...event }]);
  assert.equal((await signInAttempt(attempts, 'one', start)).events, undefined);
});

test('a mover that died between the record and the attempt tells nothing twice, and what stood beside it is moved', async (t) => {
  const { db, ended, move, recorded } = await open(t);
  const { name, event } = await ended('one');
  await ended('two');
  await mongoEvents(db).appendOnce(name, event);
  await move();
  assert.deepEqual(await recorded(), ['one:sign_in', 'two:sign_in']);
});

test('many are moved, in parts', async (t) => {
  const { db, ended, move, recorded } = await open(t);
  const told = await ended('first');
  const { _id: _first, ...row } = (await db.connection.collection('attempts').findOne({})) ?? assert.fail();
  const copies = Array.from({ length: 1_200 }, (_, n) => ({
    ...row,
    _id: `copy ${n}` as never,
    events: [{ ...told, name: signInRecord(`copy ${n}`) }],
  }));
  await db.connection.collection('attempts').insertMany(copies);
  await move();
  assert.equal((await recorded()).length, 1_201);
});

test('an event that cannot be recorded stays where it was, and the others go on', async (t) => {
  const { ended, move, recorded, attempts, events } = await open(t);
  await ended('one');
  t.mock.method(Object.getPrototypeOf(events), 'insertMany', async () => {
    throw new Error('no room');
  });
  await assert.rejects(async () => move(), /no room/);
  t.mock.restoreAll();
  assert.equal((await signInAttempt(attempts, 'one', start)).events?.length, 1);
  await move();
  assert.deepEqual(await recorded(), ['one:sign_in']);
});

test('an attempt is emptied only after its events were moved, and an account erased only after its own', async (t) => {
  const { db, ended, move, recorded, attempts } = await open(t);
  await ended('one');
  await ended('two', { accountId: 'eve' });
  await attempts.sweep(minutes(61));
  const waiting = async () => db.connection.collection('attempts').countDocuments({ events: { $exists: true } });
  assert.equal(await waiting(), 2);
  await mongoAccountData(db).erase('ada', minutes(61));
  assert.deepEqual(await recorded(), ['one:sign_in']);
  assert.equal(await waiting(), 1);
  await move();
  await attempts.sweep(minutes(62));
  const emptied = await db.connection.collection('attempts').countDocuments({ emptied: true });
  assert.equal(emptied, 2);
});

test('a sign-in counts as finished before its event is moved as after; one by the password alone never does', async (t) => {
  const { db, ended, move } = await open(t);
  await ended('full');
  await ended('lone', { detail: '1fa' });
  const finished = mongoFinishedSignIns(db);
  assert.deepEqual(await finished.among(['full', 'lone', 'none']), ['full']);
  await move();
  assert.deepEqual(await finished.among(['full', 'lone', 'none']), ['full']);
});
