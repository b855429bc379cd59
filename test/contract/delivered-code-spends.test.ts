import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { Account, Accounts } from '../../src/accounts/account.ts';
import type { DeliveredCode } from '../../src/delivery/code.ts';
import type { DeliveredCodeSpends } from '../../src/factors/delivered-code.ts';
import { noGuesses, type SecondFactorGuesses } from '../../src/protection/budgets.ts';
import type { Attempts } from '../../src/sign-in/attempt.ts';
import { mongoAccounts } from '../../src/storage/accounts.ts';
import { mongoAttempts } from '../../src/storage/attempts.ts';
import { mongoDeliveredCodeSpends } from '../../src/storage/delivered-code-spends.ts';
import { mongoSecondFactorGuesses } from '../../src/storage/second-factor-guesses.ts';
import { minutes, start, together, totp } from '../support/account-stores.ts';
import { asked } from '../support/asked.ts';
import { openDatabase } from '../support/database.ts';
import { memoryAccounts } from '../support/fakes/accounts.ts';
import { memoryAttempts } from '../support/fakes/attempts.ts';

interface Store {
  readonly accounts: Accounts;
  readonly attempts: Attempts;
  readonly guesses: SecondFactorGuesses;
  readonly spends: DeliveredCodeSpends;
  change(id: string, change: Partial<Account>): Promise<void>;
}

async function mongoStore(t: TestContext): Promise<Store> {
  const db = await openDatabase(t);
  return {
    accounts: mongoAccounts(db),
    attempts: mongoAttempts(db),
    guesses: mongoSecondFactorGuesses(db),
    spends: mongoDeliveredCodeSpends(db),
    async change(id, change) {
      await db.connection.collection<{ _id: string }>('accounts').updateOne({ _id: id }, { $set: change });
    },
  };
}

async function memoryStore(): Promise<Store> {
  const [accounts, attempts] = [memoryAccounts(), memoryAttempts()];
  const spends = { spend: attempts.spendCode, used: accounts.codeUsed };
  return { accounts, attempts, guesses: accounts.secondFactorGuesses, spends, change: accounts.change };
}

const destination = 'ada@example.com';
const mailbox = { id: 'f1', kind: 'email', name: '', createdAt: start, lastUsedAt: start, data: { destination } };
const running: DeliveredCode = {
  ...{ purpose: 'sign-in', courier: 'mail', destination, factorId: 'f1' },
  ...{ id: 'code', hash: 'hash', tries: 1, expiresAt: minutes(10), nextSendAt: minutes(1) },
};

/** Ada has a mailbox and a code under way in the attempt 'one'; in 'two' another one is. */
async function underWay(store: Store): Promise<Store> {
  await store.accounts.create({ id: 'ada', email: destination, createdAt: start });
  await store.change('ada', { factors: [totp({ id: 'app' }), mailbox] });
  for (const id of ['one', 'two']) {
    await store.attempts.open({ id, clientId: 'app', expiresAt: minutes(60), asked, browserMark: 'mark' });
    const attempt = (await store.attempts.find(id, start)) ?? assert.fail();
    const deliveredCode = id === 'one' ? running : { ...running, hash: 'other' };
    await store.attempts.advance(attempt, { accountId: 'ada', deliveredCode }, start);
  }
  return store;
}

const stores = { MongoDB: mongoStore, memory: memoryStore };
for (const [name, open] of Object.entries(stores)) {
  suite(`codes that were sent (${name})`, () => {
    test('of 20 spends of one code at once exactly one is true, and the code is gone [check 29]', async (t) => {
      const { attempts, spends } = await underWay(await open(t));
      const spent = await together(20, () => spends.spend({ flowId: 'one', hash: 'hash', now: minutes(1) }));
      assert.equal(spent.filter(Boolean).length, 1);
      assert.equal((await attempts.find('one', start))?.deliveredCode, undefined);
      assert.equal((await attempts.find('two', start))?.deliveredCode?.hash, 'other');
    });

    test("another flow's code, a replaced one and an unknown flow spend nothing [check 27] [check 28]", async (t) => {
      const { attempts, spends } = await underWay(await open(t));
      const now = minutes(1);
      assert.equal(await spends.spend({ flowId: 'two', hash: 'hash', now }), false);
      assert.equal(await spends.spend({ flowId: 'three', hash: 'hash', now }), false);
      const attempt = (await attempts.find('one', now)) ?? assert.fail();
      await attempts.advance(attempt, { deliveredCode: { ...running, hash: 'newer' } }, now);
      assert.equal(await spends.spend({ flowId: 'one', hash: 'hash', now }), false);
      assert.equal(await spends.spend({ flowId: 'one', hash: 'newer', now }), true);
    });

    test('a code is good to its end and not a millisecond longer, though it is still there [check 26]', async (t) => {
      const { attempts, spends } = await underWay(await open(t));
      const spendAt = (now: Date) => spends.spend({ flowId: 'one', hash: 'hash', now });
      assert.equal(await spendAt(minutes(10)), false);
      assert.ok((await attempts.find('one', minutes(10)))?.deliveredCode);
      assert.equal(await spendAt(new Date(minutes(10).getTime() - 1)), true);
    });

    test('a use is noted on its own factor, and gives every guess back in the same write [check 22]', async (t) => {
      const { accounts, guesses, spends } = await underWay(await open(t));
      await guesses.take('ada', start);
      assert.equal(await spends.used({ accountId: 'ada', factorId: 'f1', destination, now: minutes(2) }), true);
      const account = (await accounts.find('ada')) ?? assert.fail();
      assert.deepEqual(account.factors, [totp({ id: 'app' }), { ...mailbox, lastUsedAt: minutes(2) }]);
      assert.deepEqual(account.guesses, noGuesses);
    });

    test('what a factor sent to its former destination, or another account, or a disabled one, is no use [check 27] [check 31]', async (t) => {
      const { accounts, change, guesses, spends } = await underWay(await open(t));
      await accounts.create({ id: 'eve', email: 'eve@example.com', createdAt: start });
      await guesses.take('ada', start);
      const used = (question: object = {}) =>
        spends.used({ accountId: 'ada', factorId: 'f1', destination, now: minutes(2), ...question });
      assert.equal(await used({ destination: 'old@example.com' }), false);
      assert.equal(await used({ accountId: 'eve' }), false);
      // Both conditions on one factor.
      assert.equal(await used({ factorId: 'app' }), false);
      await change('ada', { active: false });
      assert.equal(await used(), false);
      assert.equal((await accounts.find('ada'))?.guesses.secondFactor.failures, 1);
    });
  });
}
