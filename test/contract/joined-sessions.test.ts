import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCipher } from '../../src/platform/cipher.ts';
import { hashId } from '../../src/platform/hash.ts';
import type { Database } from '../../src/storage/connection.ts';
import { gatherOidcRows } from '../../src/storage/gathered-rows.ts';
import { joinSessions } from '../../src/storage/joined-sessions.ts';
import { mongoSessions } from '../../src/storage/sessions.ts';
import { minutes, start } from '../support/account-stores.ts';
import { rowsOf } from '../support/database.ts';
import { openOidcStore } from '../support/oidc-store.ts';

const cipher = createCipher([{ id: 1, key: Buffer.alloc(32, 7) }]);

const record = (uid: string) => ({
  ...{ _id: hashId(uid), accountId: 'ada', sessionVersion: 2, proofs: [], signedInAt: start },
  ...{ lastSeen: start, expiresAt: minutes(600) },
});

/** As the library's half was written in a row of its own. */
const half = (id: string, uid: string, more: object = {}) => ({
  ...{ _id: hashId(id), accountId: 'ada', uidHash: hashId(uid), expiresAt: minutes(60) },
  payload: cipher.seal(JSON.stringify({ uid, accountId: 'ada', state: id }), `oidc:Session:${hashId(id)}`),
  ...more,
});

/** On the way to where sessions are today. */
async function join(db: Database): Promise<void> {
  await joinSessions(db, start);
  await gatherOidcRows(db, start);
}

async function before(t: Parameters<typeof openOidcStore>[0], records: object[], halves: object[]) {
  const store = await openOidcStore(t);
  if (records.length > 0) await store.db.connection.collection('sessions').insertMany(records);
  if (halves.length > 0) await store.db.connection.collection('oidc_session').insertMany(halves);
  return { ...store, find: (id: string) => store.adapter('Session').find(id) };
}

test('who is signed in stays so: both halves of a session are one row, and the rows from before are gone', async (t) => {
  const { db, find } = await before(t, [record('uid'), record('alone')], [half('cookie', 'uid')]);
  await join(db);
  const { _id: id, ...rest } = record('uid');
  const kept = { idHash: hashId('cookie'), record: { id, ...rest } };
  assert.deepEqual(await find('cookie'), { uid: 'uid', accountId: 'ada', state: 'cookie', kept });
  assert.equal((await mongoSessions(db).list('ada', start)).length, 2);
  assert.deepEqual(await rowsOf(db, 'oidc_session'), []);
  const [row] = (await rowsOf(db, 'Session')).filter((one) => one._id === id);
  assert.deepEqual(row?.libraryEndsAt, minutes(60));
});

test('what was over, or had no record, ends: it is joined to nothing [check 58, 61]', async (t) => {
  const tombstone = { _id: hashId('ended'), endedAt: start, expiresAt: minutes(10) };
  const halves = [
    half('nobody', 'no record'),
    half('past', 'past', { expiresAt: start }),
    half('marked', 'marked', { endedAt: start }),
    tombstone,
  ];
  const { db, find } = await before(t, ['past', 'marked'].map(record), halves);
  await join(db);
  for (const id of ['nobody', 'past', 'marked', 'ended']) assert.equal(await find(id), undefined, id);
  assert.deepEqual(
    (await rowsOf(db, 'Session')).map(({ idHash }) => idHash),
    [undefined, undefined],
  );
});

test('of several halves of one session the last is joined; one that is joined already stays as it is', async (t) => {
  const halves = [half('older', 'uid', { expiresAt: minutes(30) }), half('newer', 'uid'), half('stale', 'today')];
  const { _id, payload } = half('now', 'today');
  const joined = { ...record('today'), idHash: _id, payload, libraryEndsAt: minutes(60) };
  const { db, find } = await before(t, [record('uid'), joined], halves);
  await join(db);
  assert.equal((await find('newer'))?.state, 'newer');
  assert.equal(await find('older'), undefined);
  assert.equal(await find('stale'), undefined);
  assert.equal((await find('now'))?.uid, 'today');
});

test('it is done once, twice at a time does no more, and a database without rows from before is as it was', async (t) => {
  const { db, find } = await before(t, [record('uid')], [half('cookie', 'uid')]);
  await Promise.all([joinSessions(db, start), joinSessions(db, start)]);
  await gatherOidcRows(db, start);
  assert.ok(await find('cookie'));
  const [done] = await rowsOf(db, 'migrations');
  assert.deepEqual(done, { _id: 'joined_sessions', at: start });
  await db.connection.collection('oidc_session').insertOne(half('later', 'uid') as object);
  await joinSessions(db, minutes(1));
  assert.equal(await find('later'), undefined);

  const empty = await before(t, [], []);
  await joinSessions(empty.db, start);
  assert.deepEqual(await rowsOf(empty.db, 'sessions'), []);
});
