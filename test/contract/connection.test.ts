import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mongo } from 'mongoose';
import { mongoAccounts } from '../../src/storage/accounts.ts';
import { mongoAttempts } from '../../src/storage/attempts.ts';
import { connect, isOutage } from '../../src/storage/connection.ts';
import { mongoConsents } from '../../src/storage/consents.ts';
import { mongoEvents } from '../../src/storage/events.ts';
import { mongoFirstFactors } from '../../src/storage/factor-additions.ts';
import { exact } from '../../src/storage/schema.ts';
import { mongoTotpSteps } from '../../src/storage/totp-steps.ts';
import { network, start, totp } from '../support/account-stores.ts';
import { asked } from '../support/asked.ts';
import { openDatabase, rowsOf } from '../support/database.ts';
import { openLine } from '../support/line.ts';
import { testDatabaseUri } from '../support/mongod.ts';
import { sessionStore } from '../support/session-store.ts';
import { signInAttempt } from '../support/sign-in-attempt.ts';

const nothing = undefined as unknown as string;

test('a value that is missing reaches no filter, whichever port is asked [check 15]', async (t) => {
  const db = await openDatabase(t);
  const accounts = mongoAccounts(db);
  await accounts.create({ id: 'a', email: 'a@example.com', createdAt: start });
  for (const missing of [undefined, null] as unknown as string[]) {
    const asks = [
      () => accounts.find(missing),
      () => accounts.findByEmail(missing),
      () => accounts.takePasswordGuess({ network, identifier: missing, now: start }),
      () => accounts.rehash({ id: 'a', from: missing, to: 'stolen' }),
      () => accounts.refillPassword(missing),
      () => mongoTotpSteps(db).guess({ accountId: missing, factorId: 'f', step: 1, now: start }),
      () => mongoTotpSteps(db).refuse({ accountId: 'a', factorId: missing, step: 1 }),
      () => mongoAttempts(db).find(missing, start),
      () => mongoAttempts(db).findClient(missing, start),
      () => sessionStore(db).seen(missing, start),
      () => sessionStore(db).end(missing, start),
      () => mongoConsents(db).find({ accountId: missing, clientId: 'demo' }),
      () => mongoConsents(db).find({ accountId: 'a', clientId: missing }),
    ];
    for (const ask of asks) await assert.rejects(async () => ask(), TypeError, String(ask));
  }
  const [row] = await rowsOf(db, 'accounts');
  assert.equal(row?.passwordHash, undefined);
});

test('a filter names something, and every value in it is one [check 15]', () => {
  const refused = [
    {},
    { a: undefined },
    { a: null },
    { a: { $in: [1, null] } },
    { a: { $elemMatch: { b: undefined } } },
  ];
  for (const filter of refused) assert.throws(() => exact(filter), TypeError);
  const kept = { a: '', b: 0, c: false, d: start, e: { $exists: false }, f: { $in: ['x'] } };
  assert.equal(exact(kept), kept);
});

test('a factor with a field that none has is not enrolled', async (t) => {
  const db = await openDatabase(t);
  await mongoAccounts(db).create({ id: 'a', email: 'a@example.com', createdAt: start });
  const leaky = { ...totp(), secret: 'clear' };
  await assert.rejects(
    async () => mongoFirstFactors(db).add({ accountId: 'a', sessionVersion: 0, factor: leaky }),
    /secret/,
  );
});

test('what was absent comes back absent, at any depth, even when a cast let undefined through', async (t) => {
  const db = await openDatabase(t);
  const attempts = mongoAttempts(db);
  const expiresAt = new Date(start.getTime() + 1000);
  await attempts.open({ id: 'a', clientId: 'demo', expiresAt, asked, browserMark: 'mark' });
  const attempt = await signInAttempt(attempts, 'a', start);
  const registration = { email: 'a@example.com', passwordHash: 'hash', known: false, username: nothing };
  const changed = await attempts.advance(attempt, { registration }, start);
  assert.equal(changed?.registration && 'username' in changed.registration, false);

  const sessions = sessionStore(db);
  const record = { accountId: 'a', sessionVersion: 0, proofs: [], signedInAt: start, lastSeen: start, expiresAt };
  await sessions.save({ id: 's', ...record, browser: nothing });
  assert.deepEqual(await sessions.seen('s', start), { id: 's', ...record });
});

test('every write waits for the majority', async (t) => {
  const { connection } = await openDatabase(t);
  assert.equal(connection.getClient().options.writeConcern?.w, 'majority');
  assert.equal(connection.collection('accounts').writeConcern?.w ?? 'majority', 'majority');
});

test('the database can be asked whether it is there, and a closed connection says no: an outage [check 120]', async () => {
  const db = await connect({ uri: testDatabaseUri('twofold_unused') });
  await db.ping();
  await db.close();
  const asks = [
    () => db.ping(),
    () => mongoAccounts(db).find('a'),
    () => mongoAccounts(db).takePasswordGuess({ network, identifier: 'a', now: start }),
    () => mongoAttempts(db).sweep(start),
  ];
  for (const ask of asks) await assert.rejects(async () => ask(), isOutage, String(ask));
});

test('a database lost while running is an outage at once, and comes back by itself [check 120]', async (t) => {
  const line = await openLine(t);
  const db = await connect({ uri: line.uri });
  t.after(() => db.close());
  await db.ping();
  await line.cut();
  const asks = [
    () => mongoAccounts(db).find('a'),
    () => mongoAccounts(db).refillPassword('a'),
    () => connect({ uri: line.uri }),
  ];
  // Several rows at once are another road through the driver.
  const appends = async () => mongoEvents(db).append({ at: start, kind: 'sign_in', result: 'failure' });
  // Beside each other: each waits its two seconds for itself.
  await Promise.all(
    [...asks, appends].map(async (ask) => {
      const began = performance.now();
      await assert.rejects(async () => ask(), isOutage);
      // Two seconds, and what a busy machine adds; the driver and mongoose themselves would wait for ten or thirty.
      assert.ok(performance.now() - began < 9_000, String(ask));
    }),
  );
  await line.mend();
  assert.equal(await mongoAccounts(db).find('a'), undefined);
});

test('what the server says of itself is an outage, what it says of the question is not', () => {
  const server = (code: number) => new mongo.MongoServerError({ message: 'told', code });
  for (const code of [10107, 13435, 11600, 189, 91, 64]) assert.equal(isOutage(server(code)), true, String(code));
  for (const code of [11000, 2, 9, 121]) assert.equal(isOutage(server(code)), false, String(code));
  assert.equal(isOutage(new Error('wrapped', { cause: new mongo.MongoNetworkError('gone') })), true);
  const labelled = new mongo.MongoServerError({ message: 'told', code: 4242, errorLabels: ['RetryableWriteError'] });
  assert.equal(isOutage(labelled), true);
  const hungUp = new Error('This socket has been ended by the other party');
  assert.equal(isOutage(Object.assign(hungUp, { code: 'EPIPE' })), true, 'as seen in a failover');
  assert.equal(isOutage(new TypeError('a bug')), false);
  assert.equal(isOutage('gone'), false);
});
