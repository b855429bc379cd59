import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import type { Removal } from '../../src/factors/factor-changes.ts';
import { raisesOf } from '../../src/protection/consequences.ts';
import { accountStores, start, together, totp } from '../support/account-stores.ts';

const phone = totp({ id: 'f1', name: 'Phone' });
const tablet = totp({ id: 'f2', name: 'Tablet' }, { lastStep: 7 });
const mailbox = totp({ id: 'f3', kind: 'email', name: 'Work' });
const unmarked = { salt: 'salt', hashes: ['one', 'two'], createdAt: start };
const recovery = { ...unmarked, level: '2fa' } as const;
const configured = ['totp', 'email'];

for (const [kind, openStore] of accountStores) {
  const holding = async (t: Parameters<typeof openStore>[0], change: Partial<Account>) => {
    const store = await openStore(t, 'ada');
    await store.change(store.ada.id, change);
    const read = { accountId: store.ada.id, sessionVersion: 0, kinds: ['totp', 'email'] };
    const now = async () => (await store.accounts.find(store.ada.id)) ?? assert.fail();
    const { remove: take, ...changes } = store.factorChanges;
    const remove = (change: Omit<Removal, 'unmarked'>) => take({ unmarked: '2fa-email', ...change });
    return { ...store, ...changes, remove, read, now, before: await now() };
  };

  suite(`changes to what is set up (${kind})`, () => {
    test('a removed factor is gone, the others and the recovery codes stay, and sign-ins and remembered devices end [check 38, 51]', async (t) => {
      const { remove, read, now, before } = await holding(t, { factors: [phone, tablet], recovery, recoveryDue: true });
      const changed = await remove({ ...read, factorId: 'f1', beside: configured });
      assert.deepEqual(raisesOf('factor_removed'), { sessionVersion: 1, securityVersion: 1 });
      assert.deepEqual(changed, { ...before, factors: [tablet], sessionVersion: 1, securityVersion: 1 });
      assert.deepEqual(await now(), changed);
    });

    test('recovery codes that were kept without their level are worth from then on what they were worth before [check 33]', async (t) => {
      const factors = [phone, mailbox];
      const { remove, read, now } = await holding(t, { factors, recovery: unmarked });
      await remove({ ...read, factorId: 'f3' });
      assert.deepEqual((await now()).recovery, { ...unmarked, level: '2fa-email' });
    });

    test('an account without recovery codes is given none by a removal', async (t) => {
      const { remove, read, now } = await holding(t, { factors: [phone, mailbox] });
      await remove({ ...read, factorId: 'f3' });
      assert.equal('recovery' in (await now()), false);
    });

    test('the last factor takes the recovery codes with it and what was chosen about factors', async (t) => {
      const chosen = { recovery, recoveryDue: true, preferredFactorId: 'f1', twoStepOff: true };
      const { remove, read, now, before } = await holding(t, { factors: [phone], ...chosen });
      await remove({ ...read, factorId: 'f1' });
      const {
        recovery: _recovery,
        recoveryDue: _due,
        preferredFactorId: _preferred,
        twoStepOff: _off,
        ...rest
      } = before;
      assert.deepEqual(await now(), { ...rest, factors: [], sessionVersion: 1, securityVersion: 1 });
    });

    test('a preference goes with its factor and stays with another', async (t) => {
      const { remove, read, now } = await holding(t, { factors: [phone, tablet, mailbox], preferredFactorId: 'f2' });
      await remove({ ...read, factorId: 'f1' });
      assert.equal((await now()).preferredFactorId, 'f2');
      await remove({ ...read, sessionVersion: 1, factorId: 'f2' });
      assert.equal((await now()).preferredFactorId, undefined);
    });

    test('what was switched off stays off while something is left', async (t) => {
      const { remove, read, now } = await holding(t, { factors: [phone, tablet], twoStepOff: true });
      await remove({ ...read, factorId: 'f1' });
      assert.equal((await now()).twoStepOff, true);
    });

    test('the last factor is not removed where one has to stay, and one that nobody can be asked for does not count', async (t) => {
      const { remove, read, change, now } = await holding(t, { factors: [phone] });
      assert.equal(await remove({ ...read, factorId: 'f1', beside: configured }), undefined);
      await change('ada-id', { factors: [phone, mailbox] });
      assert.equal(await remove({ ...read, factorId: 'f1', beside: ['totp', 'sms'] }), undefined);
      assert.equal((await now()).factors.length, 2);
      assert.ok(await remove({ ...read, factorId: 'f1', beside: configured }));
    });

    test('of 20 removals of different factors at once one has to stay, whichever versions they were read under [check 38]', async (t) => {
      const factors = Array.from({ length: 20 }, (_, n) => totp({ id: `f${n}` }));
      const { remove, read, now } = await holding(t, { factors });
      const versions = Array.from({ length: 21 }, (_, sessionVersion) => sessionVersion);
      for (const sessionVersion of versions) {
        await together(20, (n) => remove({ ...read, sessionVersion, factorId: `f${n}`, beside: ['totp'] }));
      }
      assert.deepEqual([(await now()).factors.length, (await now()).sessionVersion], [1, 19]);
    });

    test('of 20 removals at once that read the same account one is made', async (t) => {
      const factors = Array.from({ length: 20 }, (_, n) => totp({ id: `f${n}` }));
      const { remove, read, now } = await holding(t, { factors });
      const made = await together(20, (n) => remove({ ...read, factorId: `f${n}` }));
      assert.equal(made.filter(Boolean).length, 1);
      assert.equal((await now()).factors.length, 19);
    });

    test('a name and a preference are of one factor, and end nothing', async (t) => {
      const { rename, prefer, read, now, before } = await holding(t, { factors: [phone, tablet] });
      assert.equal(await rename({ ...read, factorId: 'f2', name: 'Old one' }), true);
      assert.equal(await rename({ ...read, factorId: 'f2', name: 'Old one' }), true, 'as it is already');
      assert.equal(await prefer({ ...read, factorId: 'f2' }), true);
      assert.equal(await prefer({ ...read, factorId: 'f2' }), true);
      const factors = [phone, { ...tablet, name: 'Old one' }];
      assert.deepEqual(await now(), { ...before, factors, preferredFactorId: 'f2' });
    });

    test('two-step sign-in is switched off once, which ends sign-ins and remembered devices, and on once, which ends nothing [check 38, 51]', async (t) => {
      const { switchTwoStep, read, now, before } = await holding(t, { factors: [phone] });
      const off = await together(20, () => switchTwoStep({ ...read, off: true }));
      assert.equal(off.filter(Boolean).length, 1);
      assert.deepEqual(await now(), { ...before, twoStepOff: true, sessionVersion: 1, securityVersion: 1 });
      assert.equal(await switchTwoStep({ ...read, sessionVersion: 1, off: true }), undefined);
      const on = await together(20, () => switchTwoStep({ ...read, sessionVersion: 1, off: false }));
      assert.equal(on.filter(Boolean).length, 1);
      assert.deepEqual(await now(), { ...before, sessionVersion: 1, securityVersion: 1 });
    });

    test('where nothing is set up nothing is switched off: a first factor is asked for', async (t) => {
      const { switchTwoStep, read, now, before } = await holding(t, {});
      assert.equal(await switchTwoStep({ ...read, off: true }), undefined);
      assert.deepEqual(await now(), before);
    });

    test('of a stronger way that is added and what the weaker one does at once, the later one does nothing to it', async (t) => {
      const store = await holding(t, { factors: [mailbox] });
      const read = { ...store.read, kinds: ['email'] };
      const app = { accountId: read.accountId, sessionVersion: 0, factor: totp({ id: 'f9' }), kinds: ['email'] };
      const added = await together(20, () => store.furtherFactors.add(app));
      assert.equal(added.filter(Boolean).length, 1);
      const untouched = await store.now();
      const held = { ...read, factorId: 'f3' };
      assert.equal(await store.remove(held), undefined);
      assert.equal(await store.remove({ ...held, factorId: 'f9' }), undefined);
      assert.equal(await store.rename({ ...held, name: 'Mine' }), false);
      assert.equal(await store.prefer(held), false);
      assert.equal(await store.switchTwoStep({ ...read, off: true }), undefined);
      const another = totp({ id: 'f10', kind: 'email', data: { destination: 'eve@example.com' } });
      assert.equal(await store.furtherFactors.add({ ...app, factor: another }), false);
      assert.deepEqual(await store.now(), untouched);
      assert.equal(await store.rename({ ...held, kinds: ['email', 'totp'], name: 'Mine' }), true);
    });

    test('nothing changes of a foreign factor, a disabled account, or one that changed since it was read [check 38, 78]', async (t) => {
      const factors = [phone, tablet];
      const { accounts, remove, rename, prefer, switchTwoStep, read, change, now } = await holding(t, { factors });
      await accounts.create({ id: 'eve-id', email: 'eve@example.com', createdAt: start });
      await change('eve-id', { factors: [totp({ id: 'e1' }), totp({ id: 'e2' })] });
      const tryAll = async (who: { accountId: string; sessionVersion: number; factorId: string }) => {
        const held = { kinds: ['totp', 'email'], ...who };
        const made = [await remove(held), await rename({ ...held, name: 'Mine' }), await prefer(held)];
        assert.deepEqual(made, [undefined, false, false], JSON.stringify(held));
      };
      const untouched = await now();
      await tryAll({ ...read, factorId: 'e1' });
      await tryAll({ accountId: 'eve-id', sessionVersion: 0, factorId: 'f1' });
      await tryAll({ accountId: 'nobody', sessionVersion: 0, factorId: 'f1' });
      await tryAll({ ...read, sessionVersion: 1, factorId: 'f1' });
      assert.equal(await switchTwoStep({ ...read, sessionVersion: 1, off: true }), undefined);
      assert.deepEqual(await now(), untouched);
      await change(read.accountId, { active: false });
      await tryAll({ ...read, factorId: 'f1' });
      assert.equal(await switchTwoStep({ ...read, off: true }), undefined);
      await change(read.accountId, { twoStepOff: true });
      assert.equal(await switchTwoStep({ ...read, off: false }), undefined);
      assert.deepEqual(await now(), { ...untouched, active: false, twoStepOff: true });
    });
  });
}
