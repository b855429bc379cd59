import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { noGuesses } from '../../src/protection/budgets.ts';
import { stores } from '../../src/wiring/stores.ts';
import { minutes, start, totp } from '../support/account-stores.ts';
import { asked } from '../support/asked.ts';
import { watchedDatabase } from '../support/commands.ts';
import { signInAttempt } from '../support/sign-in-attempt.ts';

/** Two accounts, the first one's password proved in an attempt that ends after an hour. */
async function proved(t: TestContext) {
  const watched = await watchedDatabase(t);
  const ports = stores(watched.database);
  const { accounts, attempts, firstFactors } = ports;
  for (const name of ['ada', 'eve'])
    await accounts.create({ id: name, email: `${name}@example.com`, roles: ['staff'], createdAt: start });
  await firstFactors.add({ accountId: 'ada', sessionVersion: 0, factor: totp() });
  await attempts.open({ id: 'uid-hash', clientId: 'demo', expiresAt: minutes(60), asked, browserMark: 'mark' });
  const fresh = await signInAttempt(attempts, 'uid-hash', start);
  const proofs = [{ kind: 'password', amr: ['pwd'], level: '1fa', at: start }] as const;
  const advance = () => attempts.advance(fresh, { accountId: 'ada', sessionVersion: 0, proofs }, start);
  const find = async (now = start) => {
    let found: Awaited<ReturnType<typeof ports.attemptsWithAccounts.find>>;
    const sent = await watched.during(async () => {
      found = await ports.attemptsWithAccounts.find('uid-hash', now);
    });
    assert.deepEqual(sent, ['aggregate attempts']);
    return found;
  };
  const rows = (name: string) => watched.database.connection.collection<{ _id: string }>(name);
  return { ...ports, advance, find, rows };
}

test('an attempt and the account that was proved there are one read, as two would tell them', async (t) => {
  const { accounts, attempts, advance, find } = await proved(t);
  await advance();
  const found = await find();
  assert.deepEqual(found, { attempt: await attempts.find('uid-hash', start), account: await accounts.find('ada') });
  const { account, attempt } = found ?? assert.fail();
  assert.deepEqual([attempt.revision, attempt.accountId, attempt.purpose], [1, 'ada', 'sign-in']);
  assert.deepEqual([account?.email, account?.factors, account?.guesses], ['ada@example.com', [totp()], noGuesses]);
});

test('before a password was proved there is no account, also where a row names none', async (t) => {
  const { attempts, find } = await proved(t);
  assert.deepEqual(await find(), { attempt: await attempts.find('uid-hash', start) });
});

test('an account that is gone is not there, and its attempt is', async (t) => {
  const { attempts, advance, find, rows } = await proved(t);
  await advance();
  await rows('accounts').deleteOne({ _id: 'ada' });
  assert.deepEqual(await find(), { attempt: await attempts.find('uid-hash', start) });
});

test('an account that was disabled or changed is told as it is now', async (t) => {
  const { advance, find, rows } = await proved(t);
  await advance();
  await rows('accounts').updateOne({ _id: 'ada' }, { $set: { active: false, sessionVersion: 3 } });
  const { account } = (await find()) ?? assert.fail();
  assert.deepEqual([account?.active, account?.sessionVersion], [false, 3]);
});

test('an attempt is not found from its end on, to the millisecond, nor is one of another id', async (t) => {
  const { advance, find, attemptsWithAccounts } = await proved(t);
  await advance();
  assert.equal(await find(minutes(60)), undefined);
  assert.ok(await find(new Date(minutes(60).getTime() - 1)));
  assert.equal(await attemptsWithAccounts.find('another', start), undefined);
});

test('a value that is missing finds nothing', async (t) => {
  const { attemptsWithAccounts } = await proved(t);
  const missing = undefined as unknown as string;
  await assert.rejects(async () => attemptsWithAccounts.find(missing, start));
});
