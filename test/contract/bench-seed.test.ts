import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watch } from '../../bench/database.ts';
import { emailOf, mailedEmailOf, person, secretOf } from '../../bench/people.ts';
import { seedAccounts } from '../../bench/seed.ts';
import { createPasswords } from '../../src/accounts/password.ts';
import { deliveredData } from '../../src/factors/delivered-data.ts';
import { totpData } from '../../src/factors/totp-data.ts';
import { makeKeys } from '../../src/oidc/keys.ts';
import { createCipher } from '../../src/platform/cipher.ts';
import { mongoAccounts } from '../../src/storage/accounts.ts';
import { openDatabase, rowsOf } from '../support/database.ts';
import { testDatabaseUri } from '../support/mongod.ts';

const keys = makeKeys();

test("seeded accounts are read by Twofold's own store, with a password and a factor each", async (t) => {
  const database = await openDatabase(t);
  const { accounts: made, seedSeconds } = await seedAccounts(database, { keys, apps: 3, mailed: 2 });
  assert.equal(made, 5);
  assert.ok(seedSeconds > 0);
  const accounts = mongoAccounts(database);
  const app = await accounts.findByEmail(emailOf(2));
  const mailed = await accounts.findByEmail(mailedEmailOf(1));
  assert.deepEqual([app?.active, app?.factors.length, app?.factors[0]?.kind], [true, 1, 'totp']);
  assert.deepEqual([mailed?.active, mailed?.factors.length, mailed?.factors[0]?.kind], [true, 1, 'email']);
  const passwords = createPasswords({ concurrency: 1, queue: 1 });
  const verified = await passwords.verify(async () => app?.passwordHash, person.password);
  assert.ok(verified);
  assert.equal(mailed?.passwordHash, app?.passwordHash);
});

test('the secret of an app is sealed to its account, and the driver knows it', async (t) => {
  const database = await openDatabase(t);
  await seedAccounts(database, { keys, apps: 2, mailed: 0 });
  const account = await mongoAccounts(database).findByEmail(emailOf(1));
  const [factor] = account?.factors ?? [];
  if (!account || !factor) throw new Error('nobody was seeded');
  const opened = createCipher(keys.cipher).open(
    totpData(factor).sealedSecret,
    `account:${account.id}:factor:${factor.id}`,
  );
  assert.equal(opened, secretOf(emailOf(1)));
});

test('codes by mail go to the address of the account', async (t) => {
  const database = await openDatabase(t);
  await seedAccounts(database, { keys, apps: 0, mailed: 1 });
  const [factor] = (await mongoAccounts(database).findByEmail(mailedEmailOf(0)))?.factors ?? [];
  assert.equal(factor && deliveredData(factor).destination, mailedEmailOf(0));
});

test('more than one batch holds are all there, and nothing that only helped to make them', async (t) => {
  const database = await openDatabase(t);
  await seedAccounts(database, { keys, apps: 2_001, mailed: 1 });
  const rows = await rowsOf(database, 'accounts');
  const emails = new Set(rows.map(({ email }) => email));
  assert.equal(rows.length, 2_002);
  assert.deepEqual(
    [emails.has(emailOf(0)), emails.has(emailOf(2_000)), emails.has(emailOf(2_001))],
    [true, true, false],
  );
});

test("the database's own counters tell commands and writes", async (t) => {
  const { connection } = await openDatabase(t);
  const watched = await watch(testDatabaseUri(connection.name));
  t.after(() => watched.close());
  const rows = connection.collection<{ _id: string; n?: number }>('counted');
  const before = await watched.counted();
  await rows.insertOne({ _id: 'one' });
  await rows.findOne({ _id: 'one' });
  await rows.findOneAndUpdate({ _id: 'one' }, { $set: { n: 1 } });
  await rows.bulkWrite([
    { updateOne: { filter: { _id: 'one' }, update: { $set: { n: 2 } } } },
    { updateOne: { filter: { _id: 'one' }, update: { $set: { n: 3 } } } },
  ]);
  await rows.deleteOne({ _id: 'one' });
  const after = await watched.counted();
  // Other files use this server meanwhile: at least what was done here.
  assert.ok(after.writes - before.writes >= 4);
  assert.ok(after.commands - before.commands >= 5);
  assert.ok(watched.pid > 0);
});
