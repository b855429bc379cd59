import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { RecoverySet } from '../../src/accounts/recovery-set.ts';
import { accountStores, start, together, totp } from '../support/account-stores.ts';

const set = (salt: string): RecoverySet => ({ salt, hashes: ['one', 'two'], createdAt: start });

for (const [name, openStore] of accountStores) {
  suite(`${name} recovery codes`, () => {
    test('of 20 first sets at once exactly one is kept, and none beside it later', async (t) => {
      const { recoverySets, ada } = await openStore(t, 'ada');
      const first = { accountId: ada.id, sessionVersion: 0, replaces: undefined };
      const kept = await together(20, (n) => recoverySets.keep({ ...first, set: set(`salt${n}`) }));
      assert.equal(kept.filter((account) => account !== undefined).length, 1);
      assert.equal(await recoverySets.keep({ ...first, set: set('later') }), undefined);
    });

    test('codes are due from the first factor on, until a set is kept', async (t) => {
      const { recoverySets, firstFactors, accounts, ada } = await openStore(t, 'ada');
      const isDue = async () => (await accounts.find(ada.id))?.recoveryDue;
      assert.equal(await isDue(), undefined);
      await firstFactors.add({ accountId: ada.id, sessionVersion: 0, factor: totp() });
      assert.equal(await isDue(), true);
      const first = { accountId: ada.id, sessionVersion: 0, replaces: undefined, set: set('first') };
      await recoverySets.keep({ ...first, replaces: 'another' });
      assert.equal(await isDue(), true);
      await recoverySets.keep(first);
      assert.equal(await isDue(), undefined);
    });

    test('a set takes the place of the one that was seen and of no other, for an account as it was [check 86]', async (t) => {
      const { recoverySets, ada } = await openStore(t, 'ada');
      const first = { accountId: ada.id, sessionVersion: 0, replaces: undefined, set: set('first') };
      const { sessionVersion = -1 } = (await recoverySets.keep(first)) ?? {};
      const next = { accountId: ada.id, sessionVersion, set: set('second') };
      assert.equal(await recoverySets.keep({ ...next, replaces: 'another' }), undefined);
      assert.equal(
        await recoverySets.keep({ ...next, replaces: 'first', sessionVersion: sessionVersion + 1 }),
        undefined,
      );
      assert.equal((await recoverySets.keep({ ...next, replaces: 'first' }))?.recovery?.salt, 'second');
    });

    test('of 20 uses of one code at once exactly one is true, and only of this very set [check 41]', async (t) => {
      const { recoverySets, accounts, ada } = await openStore(t, 'ada');
      await recoverySets.keep({ accountId: ada.id, sessionVersion: 0, replaces: undefined, set: set('salt') });
      const use = { accountId: ada.id, salt: 'salt', hash: 'one' };
      assert.equal(await recoverySets.spend({ ...use, salt: 'another' }), false);
      const spent = await together(20, () => recoverySets.spend(use));
      assert.equal(spent.filter(Boolean).length, 1);
      assert.deepEqual((await accounts.find(ada.id))?.recovery?.hashes, ['two']);
    });

    test('a disabled account keeps and spends none [check 59]', async (t) => {
      const { recoverySets, change, ada } = await openStore(t, 'ada');
      const first = { accountId: ada.id, sessionVersion: 0, replaces: undefined, set: set('salt') };
      const { sessionVersion = -1 } = (await recoverySets.keep(first)) ?? {};
      await change(ada.id, { active: false });
      assert.equal(await recoverySets.spend({ accountId: ada.id, salt: 'salt', hash: 'one' }), false);
      assert.equal(await recoverySets.keep({ ...first, sessionVersion, replaces: 'salt' }), undefined);
    });
  });
}
