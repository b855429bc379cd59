import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mongoAccounts } from '../../src/storage/accounts.ts';
import { browserId, network, start, together } from '../support/account-stores.ts';
import { watchedDatabase } from '../support/commands.ts';
import { openDatabase, rowsOf } from '../support/database.ts';

const later = new Date(start.getTime() + 60_000);
const atDecoys = ['find accounts', 'findAndModify decoys'];
const atAccounts = ['find accounts', 'findAndModify accounts'];

test('a try at an unknown, a wrong, a waiting, a closed and a known name is one read and one write each [check 10]', async (t) => {
  const { database, during } = await watchedDatabase(t);
  const accounts = mongoAccounts(database);
  const rows = database.connection.collection<{ _id: string }>('accounts');
  await accounts.create({ id: 'ada-id', email: 'ada@example.com', username: 'ada', createdAt: start });
  const known = { id: browserId, accounts: ['ada-id'] };
  const attempt = (identifier: string, browser?: typeof known) =>
    during(() =>
      accounts.takePasswordGuess({ network, identifier, now: start, ...(browser ? { known: browser } : {}) }),
    );

  assert.deepEqual(await attempt('eve'), atDecoys);
  assert.deepEqual(await attempt('eve@example.com'), atDecoys);
  assert.deepEqual(await attempt('eve@example.com', known), atDecoys);
  assert.deepEqual(await attempt('ada@example.com'), atAccounts);
  assert.deepEqual(await attempt('ada', known), atAccounts);
  await rows.updateOne({ _id: 'ada-id' }, { $set: { 'guesses.password': { failures: 5, lockedUntil: later } } });
  assert.deepEqual(await attempt('ada'), atAccounts);
  await rows.updateOne({ _id: 'ada-id' }, { $set: { 'guesses.password': { failures: 100 } } });
  assert.deepEqual(await attempt('ada'), atAccounts);
});

test('every try changes its row, whether it is counted or not: what changes nothing is not journalled and returns sooner [check 10]', async (t) => {
  const db = await openDatabase(t);
  const accounts = mongoAccounts(db);
  await accounts.create({ id: 'ada-id', email: 'ada@example.com', createdAt: start });
  const tries = async (collection: string) => {
    const rows = await rowsOf(db, collection);
    return rows.reduce((sum, row) => sum + Number(row.tries ?? 0), 0);
  };
  for (let made = 1; made <= 8; made++) {
    await accounts.takePasswordGuess({ network, identifier: 'ada@example.com', now: start });
    await accounts.takePasswordGuess({ network, identifier: 'eve@example.com', now: start });
    assert.deepEqual([await tries('accounts'), await tries('decoys')], [made, made]);
  }
  assert.equal((await accounts.find('ada-id'))?.guesses.password.failures, 5);
});

test('tries at names that nobody has keep nothing of the names, and no more rows than there are slots [check 10] [check 111]', async (t) => {
  const db = await openDatabase(t);
  const accounts = mongoAccounts(db);
  await together(50, () => accounts.takePasswordGuess({ network, identifier: 'eve@example.com', now: start }));
  const rows = await rowsOf(db, 'decoys');
  assert.equal(rows.length, 1);
  assert.match(String(rows[0]?._id), /^[\w-]{2}$/);
  assert.ok(!JSON.stringify(rows).includes('eve'));
});
