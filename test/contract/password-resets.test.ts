import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { stores } from '../../src/wiring/stores.ts';
import { minutes, start, together } from '../support/account-stores.ts';
import { openDatabase } from '../support/database.ts';

const endsAt = minutes(60);
const closed = {
  'guesses.password': { failures: 300, endsAt, networks: [] },
  'guesses.browsers': { '0123456789abcdefghij': { failures: 7, lockedUntil: endsAt } },
  'guesses.secondFactor': { failures: 4 },
};

async function opened(t: TestContext) {
  const database = await openDatabase(t);
  const { accounts, passwordResets } = stores(database);
  await accounts.create({ id: 'ada', email: 'ada@example.com', passwordHash: 'old', createdAt: start });
  const rows = database.connection.collection<{ _id: string }>('accounts');
  const made = {
    accountId: 'ada',
    sessionVersion: 0,
    mailbox: 'ada@example.com',
    attemptId: 'one',
    passwordHash: 'new',
  };
  return {
    change: (change: object) => rows.updateOne({ _id: 'ada' }, { $set: change }),
    reset: (change: object = {}) => passwordResets.reset({ ...made, now: minutes(5), ...change }),
    account: async () => (await accounts.find('ada')) ?? ({} as Account),
  };
}

test('a reset puts the new hash in place, opens what strangers closed and nothing else, and says in which attempt', async (t) => {
  const { change, reset, account } = await opened(t);
  await change(closed);
  const changed = await reset();
  assert.deepEqual(changed, await account());
  const { passwordHash, resetIn, mailboxUses, sessionVersion, securityVersion, guesses } = await account();
  assert.deepEqual([passwordHash, resetIn, sessionVersion, securityVersion], ['new', 'one', 1, 1]);
  assert.deepEqual(mailboxUses, { reset: { address: 'ada@example.com', at: minutes(5) } });
  assert.deepEqual(guesses, { password: { failures: 0, networks: [] }, secondFactor: { failures: 4 }, browsers: {} });
});

test('of 20 at once one resets [check 87]', async (t) => {
  const { reset, account } = await opened(t);
  const done = await together(20, (n) => reset({ attemptId: `attempt ${n}`, passwordHash: `hash ${n}` }));
  const [winner, ...others] = done.filter((changed) => changed !== undefined);
  assert.equal(others.length, 0);
  assert.deepEqual(winner, await account());
});

test('nothing is reset of an account that is disabled, that changed, or that has another mailbox by now', async (t) => {
  const { change, reset, account } = await opened(t);
  assert.equal(await reset({ sessionVersion: 1 }), undefined);
  assert.equal(await reset({ mailbox: 'former@example.com' }), undefined);
  await change({ active: false });
  assert.equal(await reset(), undefined);
  assert.equal((await account()).passwordHash, 'old');
});
