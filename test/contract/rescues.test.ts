import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { noGuesses } from '../../src/protection/budgets.ts';
import { accountStores, minutes, start, together } from '../support/account-stores.ts';

const still = { sessionVersion: 0, securityVersion: 0 } as const;
const use = { accountId: 'ada-id', address: 'ada@example.com', sessionVersion: 0, now: minutes(9) };
const pass = { hash: 'hash', createdAt: start, expiresAt: minutes(60), by: 'grace' };

for (const [name, openStore] of accountStores) {
  suite(`${name} rescues`, () => {
    test('of 20 at once one goes on: recovery codes and pass are gone, the guesses back, the counters raised, the mailbox noted [check 44]', async (t) => {
      const { accounts, rescues, secondFactorGuesses, change } = await openStore(t, 'ada');
      const recovery = { salt: 'salt', hashes: ['one'], createdAt: start };
      await change('ada-id', { recovery });
      await accounts.setPass('ada-id', pass, still);
      await secondFactorGuesses.take('ada-id', start);
      const rescued = await together(20, () => rescues.use(use));
      const [account, ...others] = rescued.filter((one) => one !== undefined);
      assert.equal(others.length, 0);
      assert.deepEqual([account?.pass, account?.recovery, account?.guesses], [undefined, undefined, noGuesses]);
      assert.deepEqual([account?.sessionVersion, account?.securityVersion], [1, 1]);
      assert.deepEqual(account?.mailboxUses, { rescue: { address: 'ada@example.com', at: minutes(9) } });
      assert.deepEqual(await accounts.find('ada-id'), account);
    });

    test('no account that changed since, none at another address, and none that is disabled [check 59]', async (t) => {
      const { rescues, change } = await openStore(t, 'ada');
      assert.equal(await rescues.use({ ...use, sessionVersion: 1 }), undefined);
      assert.equal(await rescues.use({ ...use, address: 'former@example.com' }), undefined);
      assert.equal(await rescues.use({ ...use, accountId: 'nobody' }), undefined);
      await change('ada-id', { active: false });
      assert.equal(await rescues.use(use), undefined);
      await change('ada-id', { active: true });
      assert.notEqual(await rescues.use(use), undefined);
    });

    test('when the mailbox reset the password is remembered beside it', async (t) => {
      const { accounts, rescues, change } = await openStore(t, 'ada');
      const reset = { address: 'ada@example.com', at: start };
      await change('ada-id', { mailboxUses: { reset } });
      await rescues.use(use);
      assert.deepEqual((await accounts.find('ada-id'))?.mailboxUses, {
        reset,
        rescue: { address: 'ada@example.com', at: minutes(9) },
      });
    });
  });
}
