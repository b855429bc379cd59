import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AdapterPayload } from 'oidc-provider';
import { hashId } from '../../src/platform/hash.ts';
import type { KeptSession, SessionRecord } from '../../src/sign-in/sessions.ts';
import { mongoSessions } from '../../src/storage/sessions.ts';
import { minutes, start, together } from '../support/account-stores.ts';
import { rowsOf } from '../support/database.ts';
import { openOidcStore } from '../support/oidc-store.ts';

const hour = 3600;
const said = { uid: 'uid', accountId: 'ada-id' };
const record: SessionRecord = {
  ...{ id: hashId('uid'), accountId: 'ada-id', sessionVersion: 2, proofs: [] },
  ...{ signedInAt: start, lastSeen: start, expiresAt: minutes(60) },
};

interface Found extends AdapterPayload {
  readonly kept: KeptSession;
}

/** The library's side and ours of one row; `begin`: somebody signs in, as the last redirect saves it. */
async function openBoth(t: Parameters<typeof openOidcStore>[0]) {
  const store = await openOidcStore(t);
  const library = store.adapter('Session');
  const find = async (id: string) => (await library.find(id)) as Found | undefined;
  const begin = (id: string, begun: SessionRecord = record, from: KeptSession = {}) =>
    library.upsert(id, { ...said, accountId: begun.accountId, kept: { ...from, record: begun, begun: true } }, hour);
  return { ...store, library, find, begin, ours: mongoSessions(store.db), rows: () => rowsOf(store.db, 'Session') };
}

test('what the library says and the record that begins with it are one row, found by id and by uid', async (t) => {
  const { library, find, begin, ours, rows } = await openBoth(t);
  await begin('cookie', { ...record, idleSeconds: 600, browser: 'Firefox', address: '192.0.2.1' });
  const whole = { ...record, idleSeconds: 600, browser: 'Firefox', address: '192.0.2.1' };
  const found = { ...said, kept: { idHash: hashId('cookie'), record: whole } };
  assert.deepEqual(await find('cookie'), found);
  assert.deepEqual(await library.findByUid('uid'), found);
  assert.deepEqual(await ours.find(record.id, start), whole);
  assert.equal((await rows()).length, 1);
  assert.equal(await find('other'), undefined);
  assert.equal(await find(hashId('cookie')), undefined, 'a stored hash is no id');
  assert.equal(await library.findByUid('cookie'), undefined);
});

test('a session of nobody has no record and is in no list; it is over at the library’s time', async (t) => {
  const { library, find, ours, moveTo } = await openBoth(t);
  await library.upsert('cookie', { uid: 'uid', state: { of: 'x' } }, hour);
  assert.deepEqual(await find('cookie'), { uid: 'uid', state: { of: 'x' }, kept: { idHash: hashId('cookie') } });
  assert.equal(await ours.find(hashId('uid'), start), undefined);
  moveTo(minutes(60));
  assert.equal(await find('cookie'), undefined);
});

test('a save says nothing of the record but when it was seen good, and never sets that back', async (t) => {
  const { library, find, begin, ours } = await openBoth(t);
  await begin('cookie');
  const first = (await find('cookie')) ?? assert.fail();
  await library.upsert('cookie', { ...first, state: { of: 'y' } }, hour);
  assert.deepEqual(await ours.find(record.id, start), record, 'it was judged by nobody');
  first.kept.seenAt = minutes(9);
  await library.upsert('cookie', first, hour);
  const slower = (await find('cookie')) ?? assert.fail();
  slower.kept.seenAt = minutes(5);
  slower.kept.record = { ...record, sessionVersion: 99 };
  await library.upsert('cookie', slower, hour);
  assert.deepEqual(await ours.find(record.id, start), { ...record, lastSeen: minutes(9) });
});

test('a fresh sign-in replaces the record whole', async (t) => {
  const { find, begin, ours } = await openBoth(t);
  await begin('cookie', { ...record, idleSeconds: 600, browser: 'Firefox', address: '192.0.2.1' });
  const { kept } = (await find('cookie')) ?? assert.fail();
  await begin('cookie', { ...record, sessionVersion: 3 }, kept);
  assert.deepEqual(await ours.find(record.id, start), { ...record, sessionVersion: 3 });
});

test('what one account proved is not left to a session that is another’s now [check 61]', async (t) => {
  const { library, find, begin, ours, rows } = await openBoth(t);
  await begin('cookie', { ...record, idleSeconds: 600 });
  const found = (await find('cookie')) ?? assert.fail();
  await library.upsert('cookie', { ...found, accountId: 'eve-id' }, hour);
  assert.equal(await ours.find(record.id, start), undefined);
  assert.deepEqual((await find('cookie'))?.kept, { idHash: hashId('cookie') });
  const fields = ['_id', 'accountId', 'idHash', 'libraryEndsAt', 'model', 'payload'];
  assert.deepEqual(Object.keys((await rows())[0] ?? {}).sort(), fields);
});

test('a rotated session is one row, found under its new id only, and saved again under it by the same request [check 55]', async (t) => {
  const { library, find, begin, rows } = await openBoth(t);
  await begin('old');
  const found = (await find('old')) ?? assert.fail();
  await library.upsert('new', found, hour);
  await library.upsert('new', { ...found, state: { of: 'later' } }, hour);
  assert.equal(await find('old'), undefined);
  assert.deepEqual(await find('new'), { ...said, state: { of: 'later' }, kept: { idHash: hashId('new'), record } });
  assert.equal((await rows()).length, 1);
});

test('of 20 rotations at once one wins, and a save of what was read before it is dropped [check 55]', async (t) => {
  const { library, find, begin, rows } = await openBoth(t);
  await begin('old');
  const read = await Promise.all(Array.from({ length: 21 }, async () => (await find('old')) ?? assert.fail()));
  await together(20, (n) => library.upsert(`new ${n}`, read[n] ?? assert.fail(), hour));
  await library.upsert('old', read[20] ?? assert.fail(), hour);
  assert.equal(await find('old'), undefined);
  const won = await Promise.all(Array.from({ length: 20 }, (_, n) => find(`new ${n}`)));
  assert.equal(won.filter(Boolean).length, 1);
  assert.equal((await rows()).length, 1);
});

test('an ended session is revived by no save that was in flight, rotated or not, nor by a sign-in in it [check 58]', async (t) => {
  const { library, find, begin, ours, rows } = await openBoth(t);
  const ends: Readonly<Record<string, () => Promise<unknown>>> = {
    'the library': () => library.destroy('cookie') ?? assert.fail(),
    'sign-out': () => ours.end(record.id, start),
    'its owner': () => ours.endOf({ accountId: 'ada-id', id: record.id, now: start }),
    'a raised version': () => ours.endOlder({ accountId: 'ada-id', sessionVersion: 3, now: start }),
  };
  for (const [who, end] of Object.entries(ends)) {
    await begin('cookie');
    const read = (await find('cookie')) ?? assert.fail();
    const saves = together(20, () => library.upsert('cookie', { ...read, kept: { ...read.kept } }, hour));
    await end();
    await saves;
    await library.upsert('cookie', read, hour);
    await library.upsert('rotated', read, hour);
    await begin('fresh', record, read.kept);
    assert.deepEqual(await rows(), [], who);
  }
});

test('a session whose end has begun is found by nobody and saved by nobody [check 58, 60]', async (t) => {
  const { db, library, find, begin, ours } = await openBoth(t);
  await begin('cookie');
  const read = (await find('cookie')) ?? assert.fail();
  await db.connection.collection('oidc').updateMany({ model: 'Session' }, { $set: { endedAt: start } });
  assert.equal(await find('cookie'), undefined);
  assert.equal(await library.findByUid('uid'), undefined);
  await library.upsert('rotated', read, hour);
  const [row] = await rowsOf(db, 'Session');
  assert.equal(row?.idHash, hashId('cookie'));
  assert.equal((await ours.list('ada-id', start)).length, 1, 'the next try of its end finds it');
});

test('20 first saves of one session at once all succeed, and no other session takes its id', async (t) => {
  const { library, find, rows } = await openBoth(t);
  await together(20, () => library.upsert('cookie', { uid: 'uid' }, hour));
  assert.equal((await find('cookie'))?.uid, 'uid');
  await library.upsert('cookie', { uid: 'other' }, hour);
  assert.equal((await rows()).length, 1);
  assert.equal((await find('cookie'))?.uid, 'uid');
});

test('a dump holds of a session no id, uid or word in clear, and swapped payloads are unreadable [check 99, 101]', async (t) => {
  const { db, library, find, rows } = await openBoth(t);
  for (const name of ['one', 'two'])
    await library.upsert(
      `clear-${name}`,
      { uid: `clear-uid-${name}`, state: { of: 'clear-state' }, jti: `clear-${name}` },
      hour,
    );
  assert.equal(JSON.stringify(await rows()).includes('clear'), false);
  const [first, second] = await rows();
  const sessions = db.connection.collection<{ _id: string }>('oidc');
  await sessions.updateOne({ _id: String(first?._id) }, { $set: { payload: second?.payload } });
  await sessions.updateOne({ _id: String(second?._id) }, { $set: { payload: first?.payload } });
  for (const name of ['one', 'two']) await assert.rejects(find(`clear-${name}`));
});
