import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mongoAccounts } from '../../src/storage/accounts.ts';
import { fillUsernameSkeletons } from '../../src/storage/username-skeletons.ts';
import { openDatabase, rowsOf } from '../support/database.ts';

const at = new Date('2026-05-04T09:30:00Z');

interface Old {
  readonly _id: string;
  readonly username?: string;
}

const named = (count: number): readonly Old[] =>
  Array.from({ length: count }, (_, n) => ({ _id: `a${n}`, username: `person-${String(n).padStart(5, '0')}` }));

async function before(t: Parameters<typeof openDatabase>[0], rows: readonly Old[]) {
  const database = await openDatabase(t);
  const accounts = database.connection.collection<Old & { readonly email: string }>('accounts');
  await accounts.insertMany(rows.map((row) => ({ ...row, email: `${row._id}@example.com` })));
  return database;
}

test('names from before get their looks, in as many batches as it takes, and new ones are compared with them', async (t) => {
  const database = await before(t, [...named(2500), { _id: 'nameless' }, { _id: 'z', username: 'zoë' }]);
  await fillUsernameSkeletons(database, at);
  const rows = await rowsOf(database, 'accounts');
  assert.equal(rows.filter(({ usernameSkeleton }) => typeof usernameSkeleton === 'string').length, 2501);
  const accounts = mongoAccounts(database);
  const look = { id: 'new', email: 'new@example.com', username: 'реrsоn-00042', createdAt: at };
  assert.equal(await accounts.create(look), 'username_taken');
  assert.equal(await accounts.create({ ...look, username: 'nobody-yet' }), 'created');
});

test('names that look alike already stay, sign in as ever, and keep a third one out', async (t) => {
  const database = await before(t, [
    { _id: 'one', username: 'paypal' },
    { _id: 'two', username: 'раураl' },
    { _id: 'three', username: 'grace' },
  ]);
  await fillUsernameSkeletons(database, at);
  const rows = await rowsOf(database, 'accounts');
  const looks = rows.map(({ _id, usernameSkeleton }) => [_id, usernameSkeleton !== undefined]);
  assert.equal(looks.filter(([, has]) => has).length, 2);
  assert.deepEqual(
    rows.map(({ username }) => username),
    ['paypal', 'раураl', 'grace'],
  );
  const third = { id: 'new', email: 'new@example.com', username: 'paypa1', createdAt: at };
  assert.equal(await mongoAccounts(database).create(third), 'username_taken');
});

test('it is done once: a second start reads one row and writes none', async (t) => {
  const database = await before(t, named(3));
  await fillUsernameSkeletons(database, at);
  await database.connection.collection<Old>('accounts').insertOne({ _id: 'late', username: 'late' });
  await fillUsernameSkeletons(database, new Date(at.getTime() + 1000));
  const late = (await rowsOf(database, 'accounts')).find(({ _id }) => String(_id) === 'late');
  assert.equal(late?.usernameSkeleton, undefined);
  assert.deepEqual(await rowsOf(database, 'migrations'), [{ _id: 'username_skeletons', at }]);
});

test('two starts at once end as one does', async (t) => {
  const database = await before(t, named(1200));
  await Promise.all([fillUsernameSkeletons(database, at), fillUsernameSkeletons(database, at)]);
  const rows = await rowsOf(database, 'accounts');
  assert.ok(rows.every(({ usernameSkeleton }) => typeof usernameSkeleton === 'string'));
});
