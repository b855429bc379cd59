import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { mongoAccounts } from '../../src/storage/accounts.ts';
import { mongoAttempts } from '../../src/storage/attempts.ts';
import { moveFactorData } from '../../src/storage/factor-data.ts';
import { mongoTotpSteps } from '../../src/storage/totp-steps.ts';
import { minutes, start } from '../support/account-stores.ts';
import { openDatabase, rowsOf } from '../support/database.ts';

const times = { createdAt: start, lastUsedAt: start };
const app = { id: 'app', kind: 'totp', name: 'Phone', sealedSecret: 'sealed', lastStep: 100, refusedSteps: [104] };
const untyped = { id: 'app2', kind: 'totp', name: '', sealedSecret: 'other', lastStep: 7 };
const mailbox = { id: 'mail', kind: 'email', name: 'Home', destination: 'ada@example.com' };
const guesses = { password: { failures: 0, networks: [] }, secondFactor: { failures: 0 }, browsers: {} };

/** As they were written before factors owned their data. */
const account = (_id: string, factors: readonly object[]) => ({
  ...{ _id, email: `${_id}@example.com`, roles: [], active: true, sessionVersion: 3, securityVersion: 1 },
  ...{ factors: factors.map((factor) => ({ ...factor, ...times })), guesses, createdAt: start },
});

const attempt = (_id: string, more: object) => ({
  ...{ _id, revision: 4, clientId: 'app', expiresAt: minutes(60), removeAt: minutes(120), emptied: false },
  ...{ asked: {}, browserMark: 'mark', proofs: [], ...more },
});

async function before(t: TestContext, rows: { readonly accounts?: object[]; readonly attempts?: object[] }) {
  const database = await openDatabase(t);
  for (const [name, given] of Object.entries(rows)) await database.connection.collection(name).insertMany(given);
  return database;
}

test('what a kind kept beside what every factor has is in its own place, and nothing else changed', async (t) => {
  const database = await before(t, { accounts: [account('ada', [app, mailbox, untyped]), account('bob', [])] });
  await moveFactorData(database, start);
  const rows = await rowsOf(database, 'accounts');
  assert.deepEqual(
    rows.map(({ factors }) => factors),
    [
      [
        {
          ...{ id: 'app', kind: 'totp', name: 'Phone', ...times },
          data: { sealedSecret: 'sealed', lastStep: 100, refusedSteps: [104] },
        },
        { id: 'mail', kind: 'email', name: 'Home', ...times, data: { destination: 'ada@example.com' } },
        { id: 'app2', kind: 'totp', name: '', ...times, data: { sealedSecret: 'other', lastStep: 7 } },
      ],
      [],
    ],
  );
  const { factors: _, ...rest } = rows[0] ?? {};
  const { factors: _before, ...asBefore } = account('ada', []);
  assert.deepEqual(rest, asBefore);
});

test('a spent step stays spent, a refused one refused, and a new one is good once [check 20]', async (t) => {
  const database = await before(t, { accounts: [account('ada', [app])] });
  await moveFactorData(database, start);
  const spend = async (step: number) =>
    (await mongoTotpSteps(database).guess({ accountId: 'ada', factorId: 'app', step, now: start })).spent;
  assert.deepEqual([await spend(99), await spend(100), await spend(104)], [false, false, false]);
  assert.deepEqual([await spend(101), await spend(101)], [true, false]);
});

test('a factor of the new form beside one of the old is left as it is', async (t) => {
  const { sealedSecret, lastStep, refusedSteps, ...rest } = app;
  const moved = { ...rest, ...times, data: { sealedSecret, lastStep, refusedSteps } };
  const database = await before(t, { accounts: [account('ada', [moved, mailbox])] });
  await moveFactorData(database, start);
  const { factors } = (await mongoAccounts(database).find('ada')) ?? assert.fail();
  assert.deepEqual(factors[0], moved);
  assert.deepEqual(factors[1]?.data, { destination: 'ada@example.com' });
});

test('what is being set up in a sign-in that is under way goes on with the same secret or destination', async (t) => {
  const pending = { factorId: 'f', expiresAt: minutes(10) };
  const database = await before(t, {
    attempts: [
      attempt('app', { enrolment: { ...pending, kind: 'totp', sealedSecret: 'sealed', renewed: true } }),
      attempt('mail', { enrolment: { ...pending, kind: 'email', destination: 'ada@example.com' } }),
      attempt('phone', { enrolment: { ...pending, kind: 'sms' } }),
      attempt('none', {}),
    ],
  });
  await moveFactorData(database, start);
  const attempts = mongoAttempts(database);
  const enrolments = ['app', 'mail', 'phone', 'none'].map(async (id) => (await attempts.find(id, start))?.enrolment);
  assert.deepEqual(await Promise.all(enrolments), [
    { ...pending, kind: 'totp', renewed: true, data: { sealedSecret: 'sealed' } },
    { ...pending, kind: 'email', data: { destination: 'ada@example.com' } },
    { ...pending, kind: 'sms', data: {} },
    undefined,
  ]);
});

test('wrong answers in a sign-in that is under way still count [check 28]', async (t) => {
  const database = await before(t, {
    attempts: [attempt('three', { challengeTries: 3 }), attempt('none', { challengeTries: 0 })],
  });
  await moveFactorData(database, start);
  const attempts = mongoAttempts(database);
  const three = (await attempts.find('three', start)) ?? assert.fail();
  assert.deepEqual(three.challenge, { tries: 3 });
  assert.deepEqual((await attempts.find('none', start))?.challenge, { tries: 0 });
  assert.equal(await attempts.takeTry(three, 'challenge', start), true);
  assert.equal(await attempts.takeTry(three, 'challenge', start), false);
  assert.equal(
    (await rowsOf(database, 'attempts')).some((row) => 'challengeTries' in row),
    false,
  );
});

test('it is done once, and rows of the new form are left as they are: also by two starts at once', async (t) => {
  const database = await before(t, { accounts: [account('ada', [app, mailbox])] });
  await Promise.all([moveFactorData(database, start), moveFactorData(database, start)]);
  const once = await mongoAccounts(database).find('ada');
  await database.connection.collection('migrations').deleteMany({});
  await moveFactorData(database, minutes(1));
  assert.deepEqual(await mongoAccounts(database).find('ada'), once);
  assert.deepEqual(await rowsOf(database, 'migrations'), [{ _id: 'factor_data', at: minutes(1) }]);
  await database.connection.collection<{ _id: string }>('accounts').insertOne(account('late', [app]));
  await moveFactorData(database, minutes(2));
  assert.deepEqual(await rowsOf(database, 'migrations'), [{ _id: 'factor_data', at: minutes(1) }]);
});
