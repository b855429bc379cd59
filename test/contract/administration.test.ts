import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { accountStores, start, together, totp } from '../support/account-stores.ts';

const none = { sessionVersion: 0, securityVersion: 0 } as const;
const both = { sessionVersion: 1, securityVersion: 1 } as const;

for (const [kind, openStore] of accountStores) {
  suite(`administration (${kind})`, () => {
    test('accounts are listed by e-mail, a page at a time', async (t) => {
      const { accounts } = await openStore(t);
      for (const name of ['carl', 'ada', 'bob', 'adam'])
        await accounts.create({ id: name, email: `${name}@example.com`, createdAt: start });
      const ids = async (search: Partial<Parameters<typeof accounts.list>[0]>) =>
        (await accounts.list({ limit: 10, ...search })).map(({ id }) => id);
      assert.deepEqual(await ids({}), ['ada', 'adam', 'bob', 'carl']);
      assert.deepEqual(await ids({ limit: 2 }), ['ada', 'adam']);
      assert.deepEqual(await ids({ limit: 2, after: 'adam@example.com' }), ['bob', 'carl']);
      assert.deepEqual(await ids({ email: 'ada' }), ['ada', 'adam']);
      assert.deepEqual(await ids({ email: 'ada@' }), ['ada']);
      assert.deepEqual(await ids({ email: '.*' }), [], 'what is typed is no pattern [check 116]');
      assert.deepEqual(await ids({ email: 'ada', after: 'ada@example.com' }), ['adam']);
    });

    test('accounts are found by role and by whether they are active', async (t) => {
      const { accounts } = await openStore(t);
      await accounts.create({ id: 'a', email: 'a@example.com', roles: ['admin', 'support'], createdAt: start });
      await accounts.create({ id: 'b', email: 'b@example.com', createdAt: start });
      await accounts.setActive('b', false, none);
      const ids = async (search: object) => (await accounts.list({ limit: 10, ...search })).map(({ id }) => id);
      assert.deepEqual(await ids({ role: 'support' }), ['a']);
      assert.deepEqual(await ids({ role: 'nobody' }), []);
      assert.deepEqual(await ids({ active: true }), ['a']);
      assert.deepEqual(await ids({ active: false }), ['b']);
      assert.deepEqual(await ids({ active: false, role: 'admin' }), []);
    });

    test('a change raises the counters it is told to, in the same step; of 20 at once none is lost', async (t) => {
      const { accounts, ada } = await openStore(t, 'ada');
      const closed = await accounts.setActive(ada.id, false, both);
      assert.deepEqual(closed, { ...ada, active: false, sessionVersion: 1, securityVersion: 1 });
      assert.deepEqual(await accounts.setActive(ada.id, true, none), { ...closed, active: true });
      assert.deepEqual(await accounts.find(ada.id), { ...closed, active: true });
      await together(20, () => accounts.raise(ada.id, both));
      const raised = await accounts.find(ada.id);
      assert.deepEqual([raised?.sessionVersion, raised?.securityVersion], [21, 21]);
    });

    test('roles are given and taken in one step; of 20 changes at once none is lost', async (t) => {
      const { accounts, ada } = await openStore(t, 'ada');
      const roles = async () => (await accounts.find(ada.id))?.roles.toSorted();
      await accounts.changeRoles(ada.id, { add: ['admin', 'support', 'admin'], remove: [] }, none);
      assert.deepEqual(await roles(), ['admin', 'support']);
      const changed = await accounts.changeRoles(ada.id, { add: ['$email'], remove: ['admin', 'other'] }, both);
      assert.deepEqual(changed?.roles.toSorted(), ['$email', 'support']);
      assert.deepEqual([changed?.sessionVersion, changed?.securityVersion], [1, 1]);
      await together(20, (n) => accounts.changeRoles(ada.id, { add: [`r${n}`], remove: [] }, none));
      assert.equal((await roles())?.length, 22);
    });

    test('unlocking gives every guess back, a closed second factor included', async (t) => {
      const { accounts, ada, change } = await openStore(t, 'ada');
      const used = { failures: 100, lockedUntil: start };
      const password = { failures: 300, endsAt: start, networks: [{ network: 'n', ...used, at: start }] };
      await change(ada.id, { guesses: { password, secondFactor: used, browsers: { b: used } } });
      assert.deepEqual((await accounts.unlock(ada.id, none))?.guesses, ada.guesses);
      assert.deepEqual((await accounts.find(ada.id))?.guesses, ada.guesses);
    });

    test('resetting the factors leaves none, no recovery code and no wish about them, and nothing else is changed', async (t) => {
      const { accounts, ada, change } = await openStore(t, 'ada');
      const recovery = { salt: 'salt', hashes: ['hash'], createdAt: start };
      await change(ada.id, {
        factors: [totp()],
        recovery,
        recoveryDue: true,
        preferredFactorId: 'f1',
        twoStepOff: true,
      });
      const reset = await accounts.resetFactors(ada.id, both);
      assert.deepEqual(reset, { ...ada, sessionVersion: 1, securityVersion: 1 });
    });

    test('a deleted account is gone, and its address is free again', async (t) => {
      const { accounts, ada } = await openStore(t, 'ada');
      await accounts.delete(ada.id);
      assert.equal(await accounts.find(ada.id), undefined);
      assert.equal(
        await accounts.create({ id: 'new', email: ada.email, username: 'ada', createdAt: start }),
        'created',
      );
    });

    test('what nobody has is neither changed nor made', async (t) => {
      const { accounts } = await openStore(t);
      assert.equal(await accounts.setActive('nobody', true, both), undefined);
      assert.equal(await accounts.changeRoles('nobody', { add: ['admin'], remove: [] }, none), undefined);
      assert.equal(await accounts.unlock('nobody', none), undefined);
      assert.equal(await accounts.resetFactors('nobody', both), undefined);
      assert.equal(await accounts.raise('nobody', both), undefined);
      await accounts.delete('nobody');
      assert.deepEqual(await accounts.list({ limit: 10 }), []);
    });
  });
}
