import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Logout } from '../../src/delivery/logouts.ts';
import { hashId } from '../../src/platform/hash.ts';
import { mongoAccountData } from '../../src/storage/account-data.ts';
import { mongoAccounts } from '../../src/storage/accounts.ts';
import { mongoAdministration } from '../../src/storage/administration.ts';
import type { Database } from '../../src/storage/connection.ts';
import { endingSessions } from '../../src/storage/ended-sessions.ts';
import { mongoLogouts } from '../../src/storage/logouts.ts';
import { oidcRows } from '../../src/storage/oidc-rows.ts';
import { raisedSessions } from '../../src/storage/raised-sessions.ts';
import { mongoSessions } from '../../src/storage/sessions.ts';
import { minutes, start } from '../support/account-stores.ts';
import { openDatabase, rowsOf } from '../support/database.ts';
import { openOidcStore } from '../support/oidc-store.ts';

const anybody: readonly string[] = [];
const seconds = (count: number) => minutes(count / 60);

async function queue(t: TestContext) {
  const db = await openDatabase(t);
  const logouts = mongoLogouts(db);
  const take = (now: Date, notOf = anybody) => logouts.take({ now, heldUntil: new Date(+now + 30_000), notOf });
  return { db, logouts, take };
}

const over = (id: string, ...clientIds: readonly string[]) => ({
  id,
  accountId: 'ada',
  clients: clientIds.map((clientId) => ({ clientId, sid: `${id} at ${clientId}` })),
});

test('each client of a session that is over is one row, however often that session is ended', async (t) => {
  const { db, logouts } = await queue(t);
  await logouts.add([over('s', 'shop', 'desk')], start);
  await logouts.add([over('s', 'shop', 'desk'), over('other', 'shop')], minutes(1));
  await logouts.add([], start);
  const rows = await rowsOf(db, 'logouts');
  assert.deepEqual(
    rows.toSorted((a, b) => String(a._id).localeCompare(String(b._id))),
    [
      { _id: 'other:shop', accountId: 'ada', clientId: 'shop', sid: 'other at shop', tries: 0, dueAt: minutes(1) },
      { _id: 's:desk', accountId: 'ada', clientId: 'desk', sid: 's at desk', tries: 0, dueAt: start },
      { _id: 's:shop', accountId: 'ada', clientId: 'shop', sid: 's at shop', tries: 0, dueAt: start },
    ],
  );
});

test('what is due is taken by one of 20 at once, and is held for it', async (t) => {
  const { logouts, take } = await queue(t);
  await logouts.add([over('s', 'shop')], start);
  const taken = await Promise.all(Array.from({ length: 20 }, () => take(start)));
  assert.deepEqual(taken.filter(Boolean), [
    { id: 's:shop', accountId: 'ada', clientId: 'shop', sid: 's at shop', tries: 1 },
  ]);
  assert.equal(await take(seconds(29)), undefined);
  assert.equal((await take(seconds(30)))?.tries, 2, 'whoever held it is gone');
});

test('nothing is taken before it is due, what is due longest comes first, and a client that is busy is left out', async (t) => {
  const { logouts, take } = await queue(t);
  await logouts.add([over('late', 'shop')], minutes(2));
  await logouts.add([over('soon', 'shop', 'desk')], minutes(1));
  assert.equal(await take(start), undefined);
  assert.equal((await take(minutes(2), ['shop']))?.id, 'soon:desk');
  assert.equal((await take(minutes(2)))?.id, 'soon:shop');
  assert.equal((await take(minutes(2)))?.id, 'late:shop');
  assert.equal(await take(minutes(2)), undefined);
});

test('what is put back is due at its time, unless somebody else has taken it meanwhile', async (t) => {
  const { db, logouts, take } = await queue(t);
  await logouts.add([over('s', 'shop')], start);
  const first = (await take(start)) as Logout;
  await logouts.putBack(first, minutes(5));
  assert.equal(await take(minutes(4)), undefined);
  const second = (await take(minutes(5))) as Logout;
  await logouts.putBack(first, minutes(1));
  assert.equal(await take(minutes(5)), undefined, 'whoever was slow does not give it to another');
  await logouts.remove(second);
  assert.deepEqual(await rowsOf(db, 'logouts'), []);
});

const clients = [{ clientId: 'shop', sid: 'sid' }];
const record = (id: string, accountId = 'ada', sessionVersion = 0) => ({
  ...{ _id: id, accountId, sessionVersion, proofs: [], clients },
  ...{ signedInAt: start, lastSeen: start, expiresAt: minutes(600) },
});

async function insertSession({ connection }: Database, row: object): Promise<void> {
  await connection.collection('oidc').insertOne({ model: 'Session', ...row });
}

/** Sessions that clients are told of, and the ends that a process can make of them. */
async function sessionsToTell(t: TestContext) {
  const { db, adapter } = await openOidcStore(t);
  const rows = { ...oidcRows(db.connection, 'Session'), insertOne: (row: object) => insertSession(db, row) };
  const ours = mongoSessions(db);
  const ends: Readonly<Record<string, (id: string) => Promise<unknown>>> = {
    'the library': async () => adapter('Session').destroy('cookie'),
    'sign-out': (id) => ours.end(id, start),
    'its owner': (id) => ours.endOf({ accountId: 'ada', id, now: start }),
    'a raised version': () => ours.endOlder({ accountId: 'ada', sessionVersion: 1, now: start }),
    'an erased account': () => mongoAccountData(db).erase('ada', start),
  };
  return {
    db,
    rows,
    ends,
    endings: endingSessions(db, rows),
    raised: raisedSessions(db),
    queued: () => rowsOf(db, 'logouts'),
  };
}

test('whoever ends a session leaves its clients in the queue, and nothing of the session', async (t) => {
  const { db, rows, ends, queued } = await sessionsToTell(t);
  for (const [who, end] of Object.entries(ends)) {
    await rows.insertOne({ ...record('s'), idHash: hashId('cookie') });
    await end('s');
    assert.deepEqual(
      await queued(),
      [{ _id: 's:shop', accountId: 'ada', clientId: 'shop', sid: 'sid', tries: 0, dueAt: start }],
      who,
    );
    assert.deepEqual(await rowsOf(db, 'Session'), [], who);
    await db.connection.collection('logouts').deleteMany({});
  }
});

test('an end that is cut off before the queue has it is over all the same, and its clients are told later', async (t) => {
  const { db, rows, ends, endings, queued } = await sessionsToTell(t);
  for (const [who, end] of Object.entries(ends)) {
    await rows.insertOne({ ...record('s'), idHash: hashId('cookie') });
    const cut = t.mock.method(db.connection.collection('logouts'), 'bulkWrite', async () => {
      throw new Error('cut off');
    });
    await assert.rejects(end('s'), who);
    cut.mock.restore();
    assert.equal(await mongoSessions(db).find('s', start), undefined, who);
    assert.deepEqual(await queued(), []);
    await endings.catchUp(seconds(59));
    assert.deepEqual(await queued(), [], 'it may still be under way');
    await endings.catchUp(minutes(1));
    assert.deepEqual(
      (await queued()).map(({ _id, dueAt }) => [_id, dueAt]),
      [['s:shop', minutes(1)]],
      who,
    );
    await db.connection.collection('logouts').deleteMany({});
    await endings.catchUp(minutes(60));
    assert.deepEqual(await queued(), [], 'told once');
    await db.connection.collection('oidc').deleteMany({});
  }
});

test('an end that is cut off after the queue has it is done by the next try, and queues nobody twice', async (t) => {
  const { db, rows, ends, queued } = await sessionsToTell(t);
  const end = ends['its owner'] ?? assert.fail();
  await rows.insertOne(record('s'));
  const collection = db.connection.collection('oidc');
  const deleteMany = collection.deleteMany.bind(collection);
  const cut = t.mock.method(collection, 'deleteMany', async (filter: { readonly model?: unknown }) => {
    if (filter.model !== 'Session') return deleteMany(filter);
    throw new Error('cut off');
  });
  await assert.rejects(end('s'), /cut off/);
  cut.mock.restore();
  assert.equal((await queued()).length, 1);
  assert.equal(await end('s'), true);
  assert.equal((await queued()).length, 1);
  assert.deepEqual(await rowsOf(db, 'Session'), []);
});

test('sessions of an account that a change has ended are told of, though whoever made the change got no further', async (t) => {
  const { db, rows, endings, raised, queued } = await sessionsToTell(t);
  const accounts = mongoAccounts(db);
  for (const id of ['raised', 'closed', 'same', 'fresh'])
    await accounts.create({ id, email: `${id}@example.com`, createdAt: start });
  const { sessionVersion = 0 } = (await accounts.find('same')) ?? {};
  for (const id of ['raised', 'closed', 'same', 'gone']) await rows.insertOne(record(id, id, sessionVersion));
  // Seen just now: whoever makes the change goes on in it, under the version that it is given in a moment.
  await rows.insertOne({ ...record('fresh', 'fresh', sessionVersion), lastSeen: seconds(3550) });
  // Its end has just begun.
  await rows.insertOne({ ...record('under way', 'raised', sessionVersion), endedAt: seconds(3550) });
  const administration = mongoAdministration(db);
  const raises = { sessionVersion: 1, securityVersion: 0 } as const;
  for (const id of ['raised', 'fresh']) await administration.raise(id, raises);
  await administration.setActive('closed', false, { sessionVersion: 0, securityVersion: 0 });
  // Without a record it is a session of nobody.
  await rows.insertOne({ _id: 'nobody', accountId: 'raised', clients, libraryEndsAt: minutes(600) });
  await raised.end(minutes(60));
  assert.deepEqual((await queued()).map(({ _id }) => _id).sort(), ['closed:shop', 'gone:shop', 'raised:shop']);
  const left = await rowsOf(db, 'Session');
  assert.deepEqual(left.map(({ _id }) => _id).sort(), ['fresh', 'nobody', 'same', 'under way']);
  await raised.end(minutes(61));
  assert.equal((await queued()).length, 4, 'nor is that one forgotten');
  await endings.catchUp(minutes(61));
  assert.equal((await queued()).length, 5);
});

test('however many sessions there are, each is looked at, and none is ended that goes on', async (t) => {
  const { db, raised, queued } = await sessionsToTell(t);
  const accounts = mongoAccounts(db);
  for (const id of ['ada', 'eve']) await accounts.create({ id, email: `${id}@example.com`, createdAt: start });
  await mongoAdministration(db).raise('ada', { sessionVersion: 1, securityVersion: 0 });
  const { sessionVersion = 0 } = (await accounts.find('eve')) ?? {};
  const many = Array.from({ length: 2500 }, (_, n) => record(`${n}`, n % 100 === 99 ? 'ada' : 'eve', sessionVersion));
  // MongoDB's own sweep goes by today's clock.
  const row = { model: 'Session', expiresAt: new Date('2100-01-01') };
  await db.connection.collection('oidc').insertMany(many.map((one) => ({ ...one, ...row })) as object[]);
  await raised.end(minutes(60));
  assert.equal((await queued()).length, 25);
  assert.equal((await rowsOf(db, 'Session')).length, 2475);
});

test('a client that comes to a session in the moment of its end is told, or gets nothing of it', async (t) => {
  const { db, rows, ends, queued } = await sessionsToTell(t);
  await rows.insertOne({ ...record('s'), idHash: hashId('cookie') });
  const late = { _id: 's', endedAt: { $exists: false } };
  const more = [...clients, { clientId: 'desk', sid: 'late' }];
  const find = t.mock.method(db.connection.collection('logouts'), 'bulkWrite', async () => {
    find.mock.restore();
    assert.equal((await rows.updateOne(late, { $set: { clients: more } })).matchedCount, 0);
    throw new Error('cut off');
  });
  await assert.rejects(ends['sign-out']?.('s') ?? assert.fail(), /cut off/);
  await ends['sign-out']?.('s');
  assert.deepEqual(
    (await queued()).map(({ clientId }) => clientId),
    ['shop'],
  );
});
