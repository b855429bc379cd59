import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { mongoAccounts } from '../../src/storage/accounts.ts';
import { mongoPasswordChanges } from '../../src/storage/password-changes.ts';
import { network, start } from '../support/account-stores.ts';
import { openDatabase } from '../support/database.ts';

const made = { accountId: 'ada', sessionVersion: 0, from: 'the old hash', to: 'a new hash' };

/** Ada, whose password somebody has guessed at. */
async function ada(t: TestContext, set: object = {}) {
  const db = await openDatabase(t);
  const accounts = mongoAccounts(db);
  await accounts.create({ id: 'ada', email: 'ada@example.com', passwordHash: made.from, createdAt: start });
  for (let n = 0; n < 7; n += 1)
    await accounts.takePasswordGuess({ identifier: 'ada@example.com', network, now: start });
  const rows = db.connection.collection<{ readonly _id: string }>('accounts');
  await rows.updateOne({ _id: 'ada' }, { $set: { 'guesses.secondFactor': { failures: 4 }, ...set } });
  const { change } = mongoPasswordChanges(db);
  return { change, now: async () => (await accounts.find('ada')) ?? assert.fail() };
}

test('a new hash takes the place of the one that was verified; sign-ins and remembered devices end, and guesses at the password are given back', async (t) => {
  const { change, now } = await ada(t);
  const before = await now();
  assert.equal(before.guesses.password.failures, 5);
  const changed = await change(made);
  assert.deepEqual(await now(), changed);
  const { passwordHash, sessionVersion, securityVersion, guesses, ...rest } = changed ?? assert.fail();
  assert.deepEqual([passwordHash, sessionVersion, securityVersion], ['a new hash', 1, 1]);
  assert.deepEqual(guesses, { password: { failures: 0, networks: [] }, secondFactor: { failures: 4 }, browsers: {} });
  assert.deepEqual({ ...before, ...rest, guesses: before.guesses }, { ...before });
});

for (const [what, set, given] of [
  ['of an account that is disabled', { active: false }, made],
  ['of an account that changed since', { sessionVersion: 1 }, made],
  ['whose verified hash is another’s by now', {}, { ...made, from: 'another hash' }],
] as const)
  test(`nothing is changed ${what}`, async (t) => {
    const { change, now } = await ada(t, set);
    const before = await now();
    assert.equal(await change(given), undefined);
    assert.deepEqual(await now(), before);
  });

test('of 20 at once one is the change', async (t) => {
  const { change, now } = await ada(t);
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => change({ ...made, to: `hash ${n}` })));
  const [won, ...more] = answers.filter((answer) => answer !== undefined);
  assert.deepEqual(more, []);
  assert.deepEqual(await now(), won);
  assert.equal(won?.sessionVersion, 1);
});
