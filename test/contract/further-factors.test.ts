import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { EnrolledFactor } from '../../src/accounts/account.ts';
import type { Twin } from '../../src/factors/first-factor.ts';
import { accountStores, start, together, totp } from '../support/account-stores.ts';

const address = { destination: 'ada@example.com' };
const mailed = (id: string, change: Partial<EnrolledFactor> = {}): EnrolledFactor => {
  const times = { createdAt: start, lastUsedAt: start };
  return { id, kind: 'email', name: '', ...times, data: address, ...change };
};

/** As the factors that go to a destination say it; an app has none. */
const twinOf = ({ kind, data }: EnrolledFactor) => (kind === 'totp' ? undefined : (data as Twin));

for (const [kind, openStore] of accountStores) {
  suite(`further factors (${kind})`, () => {
    async function withOne(t: Parameters<typeof openStore>[0]) {
      const store = await openStore(t, 'ada');
      await store.firstFactors.add({ accountId: store.ada.id, sessionVersion: 0, factor: totp() });
      const add = (factor: EnrolledFactor, sessionVersion = 0, twin: Twin | undefined = twinOf(factor)) => {
        const read = { accountId: store.ada.id, sessionVersion, kinds: ['totp', 'email', 'sms'] };
        return store.furtherFactors.add({ ...read, factor, ...(twin ? { twin } : {}) });
      };
      const ids = async () => (await store.accounts.find(store.ada.id))?.factors.map(({ id }) => id);
      return { ...store, add, ids };
    }

    test('a further factor stands beside the others, as it was given', async (t) => {
      const { add, accounts, ada } = await withOne(t);
      assert.equal(await add(mailed('f2', { name: 'Work' })), true);
      assert.deepEqual((await accounts.find(ada.id))?.factors, [totp(), mailed('f2', { name: 'Work' })]);
    });

    test('none is added to an account without one, that is disabled, gone or changed since [check 33, 86]', async (t) => {
      const { add, ids, change, ada, furtherFactors } = await withOne(t);
      assert.equal(await add(mailed('f2'), 1), false);
      assert.equal(
        await furtherFactors.add({ accountId: 'nobody', sessionVersion: 0, factor: mailed('f2'), kinds: ['totp'] }),
        false,
      );
      await change(ada.id, { active: false });
      assert.equal(await add(mailed('f2')), false);
      await change(ada.id, { active: true, factors: [] });
      assert.equal(await add(mailed('f2')), false);
      assert.deepEqual(await ids(), []);
    });

    test('the same factor, or one of the same kind and destination, is never there twice [check 33]', async (t) => {
      const { add, ids } = await withOne(t);
      assert.equal(await add(totp()), false);
      const added = await together(20, (n) => add(mailed(`f${n + 2}`)));
      assert.equal(added.filter(Boolean).length, 1);
      assert.equal(await add(mailed('other', { data: { destination: 'work@example.com' } })), true);
      assert.equal(await add(mailed('sms', { kind: 'sms' })), true, 'another kind may go to the same place');
      assert.equal((await ids())?.length, 4);
    });

    test('of 20 different ones at once each is added, up to ten in all', async (t) => {
      const { add, ids } = await withOne(t);
      const added = await together(20, (n) => add(totp({ id: `other${n}` })));
      assert.equal(added.filter(Boolean).length, 9);
      const all = (await ids()) ?? [];
      assert.equal(new Set(all).size, 10);
      assert.equal(all.length, 10);
    });

    test('a further factor gives no guess back [check 21]', async (t) => {
      const { add, accounts, secondFactorGuesses, ada } = await withOne(t);
      await secondFactorGuesses.take(ada.id, start);
      assert.equal(await add(mailed('f2')), true);
      assert.equal((await accounts.find(ada.id))?.guesses.secondFactor.failures, 1);
    });
  });
}
