import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { accountStores, browserId, minutes, network, start, together, totp } from '../support/account-stores.ts';

const sealedTotp = totp();

for (const [kind, openStore] of accountStores) {
  suite(`second factors (${kind})`, () => {
    test('of 20 spends of one step at once exactly one is true [check 20]', async (t) => {
      const { accounts, firstFactors, totpSteps, ada } = await openStore(t, 'ada');
      await firstFactors.add({ accountId: ada.id, sessionVersion: 0, factor: sealedTotp });
      const now = minutes(5);
      const guesses = await together(20, () => totpSteps.guess({ accountId: ada.id, factorId: 'f1', step: 101, now }));
      assert.equal(guesses.filter(({ spent }) => spent).length, 1);
      const [factor] = (await accounts.find(ada.id))?.factors ?? [];
      assert.deepEqual(factor, { ...totp({}, { lastStep: 101 }), lastUsedAt: now });
    });

    test('a step equal to the last one or lower is never spent, the confirming one included [check 20]', async (t) => {
      const { firstFactors, totpSteps, ada } = await openStore(t, 'ada');
      await firstFactors.add({ accountId: ada.id, sessionVersion: 0, factor: sealedTotp });
      const spend = async (step: number) =>
        (await totpSteps.guess({ accountId: ada.id, factorId: 'f1', step, now: start })).spent;
      assert.equal(await spend(100), false);
      assert.equal(await spend(102), true);
      assert.equal(await spend(102), false);
      assert.equal(await spend(101), false);
    });

    test('a step whose code was refused as typed too early is never spent, others are [check 20]', async (t) => {
      const { firstFactors, totpSteps, ada } = await openStore(t, 'ada');
      await firstFactors.add({ accountId: ada.id, sessionVersion: 0, factor: sealedTotp });
      await totpSteps.refuse({ accountId: ada.id, factorId: 'f1', step: 104 });
      const spend = async (step: number) =>
        (await totpSteps.guess({ accountId: ada.id, factorId: 'f1', step, now: start })).spent;
      assert.equal(await spend(103), true);
      assert.equal(await spend(104), false);
      assert.equal(await spend(105), true);
    });

    test("another account's factor, another kind and a foreign id are never spent [check 78]", async (t) => {
      const { accounts, change, firstFactors, totpSteps, ada } = await openStore(t, 'ada');
      await accounts.create({ id: 'eve-id', email: 'eve@example.com', createdAt: start });
      await firstFactors.add({ accountId: ada.id, sessionVersion: 0, factor: sealedTotp });
      await firstFactors.add({ accountId: 'eve-id', sessionVersion: 0, factor: totp({ id: 'f2', kind: 'passkey' }) });
      const spend = async (accountId: string, factorId: string) =>
        (await totpSteps.guess({ accountId, factorId, step: 200, now: start })).spent;
      assert.equal(await spend('eve-id', 'f1'), false);
      assert.equal(await spend('eve-id', 'f2'), false);
      assert.equal(await spend(ada.id, 'f2'), false);
      assert.equal(await spend('nobody', 'f1'), false);
      // Both conditions on one factor: a newer step on the one does not open the other.
      await change(ada.id, { factors: [totp({}, { lastStep: 300 }), totp({ id: 'f3' }, { lastStep: 1 })] });
      assert.equal(await spend(ada.id, 'f1'), false);
    });

    test('an inactive account spends nothing and enrols nothing', async (t) => {
      const { change, firstFactors, totpSteps, ada } = await openStore(t, 'ada');
      await change(ada.id, { active: false });
      assert.equal(await firstFactors.add({ accountId: ada.id, sessionVersion: 0, factor: sealedTotp }), false);
      await change(ada.id, { factors: [sealedTotp] });
      const guess = await totpSteps.guess({ accountId: ada.id, factorId: 'f1', step: 101, now: start });
      assert.deepEqual(guess, { taken: { state: 'closed' }, spent: false });
    });

    test('an account that changed since it was read is given no first factor [check 33, 86]', async (t) => {
      const { accounts, change, firstFactors, ada } = await openStore(t, 'ada');
      await change(ada.id, { sessionVersion: 1 });
      assert.equal(await firstFactors.add({ accountId: ada.id, sessionVersion: 0, factor: sealedTotp }), false);
      assert.deepEqual((await accounts.find(ada.id))?.factors, []);
      assert.equal(await firstFactors.add({ accountId: ada.id, sessionVersion: 1, factor: sealedTotp }), true);
    });

    test('of 20 first factors added at once exactly one is [check 33]', async (t) => {
      const { accounts, firstFactors, ada } = await openStore(t, 'ada');
      const added = await together(20, (n) =>
        firstFactors.add({ accountId: ada.id, sessionVersion: 0, factor: totp({ id: `f${n}` }) }),
      );
      assert.equal(added.filter(Boolean).length, 1);
      assert.equal((await accounts.find(ada.id))?.factors.length, 1);
    });

    test('a spent step and a first factor give every guess back, a refused one gives none [check 22]', async (t) => {
      const { accounts, firstFactors, secondFactorGuesses, totpSteps, ada } = await openStore(t, 'ada');
      const known = { id: browserId, accounts: [ada.id] };
      const guessAll = async () => {
        await accounts.takePasswordGuess({ network, identifier: 'ada', now: start });
        await accounts.takePasswordGuess({ network, identifier: 'ada', known, now: start });
        await secondFactorGuesses.take(ada.id, start);
      };
      await guessAll();
      await firstFactors.add({ accountId: ada.id, sessionVersion: 0, factor: sealedTotp });
      assert.deepEqual((await accounts.find(ada.id))?.guesses, ada.guesses);

      await guessAll();
      await totpSteps.guess({ accountId: ada.id, factorId: 'f1', step: 100, now: start });
      await firstFactors.add({ accountId: ada.id, sessionVersion: 0, factor: totp({ id: 'f2' }) });
      assert.equal((await accounts.find(ada.id))?.guesses.secondFactor.failures, 2);
      await totpSteps.guess({ accountId: ada.id, factorId: 'f1', step: 101, now: start });
      assert.deepEqual((await accounts.find(ada.id))?.guesses, ada.guesses);
    });

    test('of 50 codes tried at once ten are judged, and no right password gives them back [check 21]', async (t) => {
      const { accounts, secondFactorGuesses, ada } = await openStore(t, 'ada');
      const takes = await together(50, () => secondFactorGuesses.take(ada.id, start));
      assert.equal(takes.filter(({ state }) => state === 'taken').length, 10);
      assert.equal(takes.filter(({ state }) => state === 'waiting').length, 40);
      await accounts.takePasswordGuess({ network, identifier: 'ada', now: start });
      assert.deepEqual(await secondFactorGuesses.take(ada.id, start), { state: 'waiting', until: minutes(15) });
      const { guesses } = (await accounts.find(ada.id)) ?? assert.fail();
      assert.deepEqual(guesses.secondFactor, { failures: 10, lockedUntil: minutes(15) });
    });

    test('after the wait one more is judged and the next wait is twice as long, until a hundred close it [check 21]', async (t) => {
      const { change, secondFactorGuesses, ada } = await openStore(t, 'ada');
      await change(ada.id, { guesses: { ...ada.guesses, secondFactor: { failures: 10, lockedUntil: minutes(15) } } });
      const next = await secondFactorGuesses.take(ada.id, minutes(15));
      assert.deepEqual(next, { state: 'taken', failures: 11, lockedUntil: minutes(45) });
      await change(ada.id, { guesses: { ...ada.guesses, secondFactor: { failures: 100 } } });
      assert.deepEqual(await secondFactorGuesses.take(ada.id, minutes(9999)), { state: 'closed' });
    });

    test('one guess that was none is given back with the wait that it began, unless another was taken since [check 21]', async (t) => {
      const { accounts, change, secondFactorGuesses, ada } = await openStore(t, 'ada');
      const kept = async () => (await accounts.find(ada.id))?.guesses.secondFactor;
      const started = (failures: number) =>
        change(ada.id, { guesses: { ...ada.guesses, secondFactor: { failures, lockedUntil: start } } });
      await started(10);
      await secondFactorGuesses.giveBack(ada.id, await secondFactorGuesses.take(ada.id, minutes(1)));
      assert.deepEqual(await kept(), { failures: 10 });
      const mine = await secondFactorGuesses.take(ada.id, minutes(2));
      await secondFactorGuesses.giveBack(ada.id, { state: 'waiting', until: minutes(2) });
      await secondFactorGuesses.take(ada.id, minutes(60));
      await secondFactorGuesses.giveBack(ada.id, mine);
      assert.equal((await kept())?.failures, 12);
    });

    test('an account that is gone or disabled has no guess to take', async (t) => {
      const { change, secondFactorGuesses, ada } = await openStore(t, 'ada');
      assert.deepEqual(await secondFactorGuesses.take('nobody', start), { state: 'closed' });
      await change(ada.id, { active: false });
      assert.deepEqual(await secondFactorGuesses.take(ada.id, start), { state: 'closed' });
    });
  });
}
