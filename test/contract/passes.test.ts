import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Pass } from '../../src/accounts/pass.ts';
import { noGuesses } from '../../src/protection/budgets.ts';
import { accountStores, minutes, start, together, totp } from '../support/account-stores.ts';

const still = { sessionVersion: 0, securityVersion: 0 } as const;
const pass: Pass = { hash: 'hash', createdAt: start, expiresAt: minutes(60), by: 'grace' };
const use = { accountId: 'ada-id', hash: 'hash', now: minutes(59) };

for (const [name, openStore] of accountStores) {
  suite(`${name} passes`, () => {
    test('of 20 uses of one pass at once one takes it, with what it ends and the guesses back [check 44]', async (t) => {
      const { accounts, passes, secondFactorGuesses, recoverySets } = await openStore(t, 'ada');
      const set = { salt: 'salt', hashes: ['one'], createdAt: start };
      await recoverySets.keep({ accountId: 'ada-id', sessionVersion: 0, replaces: undefined, set });
      await accounts.setPass('ada-id', pass, still);
      const before = await accounts.find('ada-id');
      await secondFactorGuesses.take('ada-id', start);
      const spent = await together(20, () => passes.spend(use));
      const [account, ...others] = spent.filter((one) => one !== undefined);
      assert.equal(others.length, 0);
      assert.deepEqual([account?.pass, account?.recovery, account?.guesses], [undefined, undefined, noGuesses]);
      assert.equal(account?.sessionVersion, (before?.sessionVersion ?? 0) + 1);
      assert.equal(account?.securityVersion, (before?.securityVersion ?? 0) + 1);
      assert.deepEqual(await accounts.find('ada-id'), account);
    });

    test('no other code, none that is over, and none of a disabled account is taken [check 44]', async (t) => {
      const { accounts, passes, change } = await openStore(t, 'ada');
      await accounts.setPass('ada-id', pass, still);
      assert.equal(await passes.spend({ ...use, hash: 'another' }), undefined);
      assert.equal(await passes.spend({ ...use, now: minutes(60) }), undefined);
      await change('ada-id', { active: false });
      assert.equal(await passes.spend(use), undefined);
      await change('ada-id', { active: true });
      assert.notEqual(await passes.spend(use), undefined);
    });

    test('a newer pass takes the place of an earlier one, and what is taken back opens nothing', async (t) => {
      const { accounts, passes } = await openStore(t, 'ada');
      await accounts.setPass('ada-id', pass, still);
      await accounts.setPass('ada-id', { ...pass, hash: 'newer' }, still);
      assert.equal(await passes.spend(use), undefined);
      await accounts.setPass('ada-id', undefined, still);
      assert.equal(await passes.spend({ ...use, hash: 'newer' }), undefined);
      assert.equal((await accounts.find('ada-id'))?.pass, undefined);
      assert.equal(await accounts.setPass('nobody', pass, still), undefined);
    });

    test('a reset of the factors takes a pass away, too', async (t) => {
      const { accounts, passes } = await openStore(t, 'ada');
      await accounts.setPass('ada-id', pass, still);
      await accounts.resetFactors('ada-id', still);
      assert.equal(await passes.spend(use), undefined);
    });

    test('what is set up for lost ways takes the place of all of them, once, for the account as it was proved [check 33]', async (t) => {
      const { accounts, firstFactors, change } = await openStore(t, 'ada');
      const lost = [totp({ id: 'app' }), totp({ id: 'other', kind: 'email', data: { destination: 'a@example.com' } })];
      await change('ada-id', { factors: lost, preferredFactorId: 'app', twoStepOff: true });
      const replacing = { accountId: 'ada-id', sessionVersion: 0, factor: totp({ id: 'new' }) };
      assert.equal(await firstFactors.replaceLost({ ...replacing, sessionVersion: 1 }), false);
      assert.equal(await firstFactors.replaceLost({ ...replacing, factor: totp({ id: 'app' }) }), false);
      const done = await together(20, () => firstFactors.replaceLost(replacing));
      assert.equal(done.filter(Boolean).length, 1);
      const account = await accounts.find('ada-id');
      assert.deepEqual(
        account?.factors.map(({ id }) => id),
        ['new'],
      );
      assert.deepEqual(
        [account.preferredFactorId, account.twoStepOff, account.recoveryDue],
        [undefined, undefined, true],
      );
    });
  });
}
