import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createCipher } from '../../src/platform/cipher.ts';
import { hashId } from '../../src/platform/hash.ts';
import { mongoAccounts } from '../../src/storage/accounts.ts';
import { mongoAttempts } from '../../src/storage/attempts.ts';
import { connect, type Database, isOutage } from '../../src/storage/connection.ts';
import { mongoEvents } from '../../src/storage/events.ts';
import { mongoFirstFactors } from '../../src/storage/factor-additions.ts';
import { heldWrites } from '../../src/storage/held-writes.ts';
import { createOidcAdapter } from '../../src/storage/oidc-adapter.ts';
import { redeemedCodes } from '../../src/storage/redeemed-code.ts';
import { mongoSecondFactorGuesses } from '../../src/storage/second-factor-guesses.ts';
import { mongoSentTimes } from '../../src/storage/send-budgets.ts';
import { mongoTotpSteps } from '../../src/storage/totp-steps.ts';
import { network, start, totp } from '../support/account-stores.ts';
import { asked } from '../support/asked.ts';
import { openDatabase, rowsOf } from '../support/database.ts';
import { openLine } from '../support/line.ts';
import { InvalidGrant, LoginRequired, SessionNotFound, Unavailable } from '../support/oidc-store.ts';

const now = start;
const expiresAt = new Date(start.getTime() + 60_000);
const lastStep = 1;
const factor = totp({}, { lastStep });
const account = { id: 'ada', email: 'ada@example.com', createdAt: start };

test('a spend that was carried out and whose answer was lost is still given to its caller, and to nobody else [check 120]', async (t) => {
  const { db, lost } = await shakyDatabase(t);
  const [accounts, attempts] = [mongoAccounts(db), mongoAttempts(db)];
  assert.equal(await lost('accounts', () => accounts.create(account)), 'created');
  assert.equal(await accounts.create({ ...account, id: 'eve' }), 'email_taken');

  const added = { accountId: 'ada', sessionVersion: 0, factor };
  assert.equal(await lost('accounts', () => mongoFirstFactors(db).add(added)), true);
  assert.equal(await mongoFirstFactors(db).add(added), false);

  const use = { accountId: 'ada', factorId: factor.id, step: lastStep + 1, now };
  const taken = (failures: number) => ({ state: 'taken', failures }) as const;
  const spent = await lost('accounts', () => mongoTotpSteps(db).guess(use));
  assert.deepEqual(spent, { taken: taken(1), spent: true });
  assert.deepEqual(await mongoTotpSteps(db).guess(use), { taken: taken(1), spent: false });

  await attempts.open({ id: 'a', clientId: 'app', expiresAt, asked, browserMark: 'mark' });
  const attempt = (await attempts.find('a', now)) ?? assert.fail();
  const advanced = await lost('attempts', () => attempts.advance(attempt, { shown: 'ada' }, now));
  assert.equal(advanced?.revision, attempt.revision + 1);
  assert.equal(await attempts.advance(attempt, { shown: 'eve' }, now), undefined);

  const codes = adapterOf(db)('AuthorizationCode');
  await codes.upsert('code', { clientId: 'app' }, 60);
  await lost('oidc', () => codes.consume('code'));
  await assert.rejects(codes.consume('code'), InvalidGrant);

  const interactions = adapterOf(db)('Interaction');
  const row = { id: hashId('uid'), clientId: 'app', expiresAt, asked, browserMark: 'mark', interaction: 'sealed' };
  await attempts.open(row);
  await lost('attempts', () => interactions.destroy('uid'));
  await assert.rejects(interactions.destroy('uid'), SessionNotFound);
});

test('what was counted and whose answer was lost is counted once [check 120]', async (t) => {
  const { db, lost } = await shakyDatabase(t);
  const [accounts, attempts] = [mongoAccounts(db), mongoAttempts(db)];
  await accounts.create(account);
  const tried = await lost('findAndModify', () =>
    accounts.takePasswordGuess({ network, identifier: account.email, now }),
  );
  assert.equal(tried?.guess.state, 'taken');
  assert.equal((await lost('accounts', () => mongoSecondFactorGuesses(db).take('ada', now))).state, 'taken');
  const { guesses } = (await accounts.find('ada')) ?? assert.fail();
  assert.deepEqual([guesses.password.failures, guesses.secondFactor.failures], [1, 1]);

  await attempts.open({ id: 'a', clientId: 'app', expiresAt, asked, browserMark: 'mark' });
  const attempt = (await attempts.find('a', now)) ?? assert.fail();
  assert.equal(await lost('attempts', () => attempts.takeTry(attempt, 'challenge', now)), true);
  assert.equal((await attempts.find('a', now))?.challenge.tries, 1);

  assert.deepEqual(await lost('send_budgets', () => mongoSentTimes(db).take('ada', { at: now, stranger: true })), {
    allowed: true,
  });
  const [budget] = await rowsOf(db, 'send_budgets');
  assert.deepEqual(budget?.sent, [{ at: now, stranger: true }]);

  const event = { at: now, kind: 'sign_in', result: 'success' } as const;
  await lost('events', () => mongoEvents(db).append(event));
  await lost('events', () => mongoEvents(db).appendOnce('once', event));
  assert.equal((await rowsOf(db, 'events')).length, 2);
});

test('an answer lost with nobody left to ask again is an outage, never a no [check 120]', async (t) => {
  const { db, lost, line } = await shakyDatabase(t);
  await mongoAccounts(db).create(account);
  await mongoFirstFactors(db).add({ accountId: 'ada', sessionVersion: 0, factor });
  const use = { accountId: 'ada', factorId: factor.id, step: lastStep + 1, now };
  db.connection.getClient().once('commandFailed', () => void line.cut());
  await assert.rejects(
    lost('accounts', () => mongoTotpSteps(db).guess(use)),
    isOutage,
  );
  await line.mend();
  assert.equal((await mongoTotpSteps(db).guess(use)).spent, false, 'it was carried out: the step is spent');
});

/** A database behind a line; `lost` runs what it is given, without the answer to the first command that names `word`. */
async function shakyDatabase(t: TestContext) {
  const line = await openLine(t, (await openDatabase(t)).connection.name);
  const db = await connect({ uri: `${line.uri}&monitorCommands=true` });
  t.after(() => db.close());
  const lost = async <T>(word: string, act: () => Promise<T>): Promise<T> => {
    line.loseAnswerTo(word);
    const result = await act().finally(() => assert.equal(line.waits, false, `${word} was asked`));
    return result;
  };
  return { db, line, lost };
}

function adapterOf(db: Database) {
  const unavailable = (cause: unknown) => new Unavailable('', { cause });
  const errors = { InvalidGrant, SessionNotFound, LoginRequired, unavailable };
  const held = heldWrites({ db, errors, request: () => undefined });
  const cipher = createCipher([{ id: 1, key: Buffer.alloc(32, 7) }]);
  const redeemed = redeemedCodes({ db, now: () => now, request: () => undefined });
  return createOidcAdapter({ db, cipher, now: () => now, errors, held, redeemed });
}
