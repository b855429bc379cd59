import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { EnrolledFactor } from '../../src/accounts/account.ts';
import { type Budget, noGuesses, type Taken } from '../../src/protection/budgets.ts';
import { stores } from '../../src/wiring/stores.ts';
import { accountStores, adaWithApp, minutes, totp } from '../support/account-stores.ts';
import { watchedDatabase } from '../support/commands.ts';

const now = minutes(60);
const waiting: Budget = { failures: 10, lockedUntil: minutes(61) };

/** What stands before the write, what the guess comes to, and what is counted where it is not right. */
const budgets: Readonly<Record<string, readonly [Budget, Taken, Budget]>> = {
  'within the budget': [{ failures: 3 }, { state: 'taken', failures: 4 }, { failures: 4 }],
  'at the last before a wait': [
    { failures: 9 },
    { state: 'taken', failures: 10, lockedUntil: minutes(75) },
    { failures: 10, lockedUntil: minutes(75) },
  ],
  'in the wait': [waiting, { state: 'waiting', until: minutes(61) }, waiting],
  'at the end of the wait': [
    { failures: 10, lockedUntil: now },
    { state: 'taken', failures: 11, lockedUntil: minutes(90) },
    { failures: 11, lockedUntil: minutes(90) },
  ],
  'at the last of all': [
    { failures: 99 },
    { state: 'taken', failures: 100, lockedUntil: minutes(60 + 24 * 60) },
    { failures: 100, lockedUntil: minutes(60 + 24 * 60) },
  ],
  closed: [{ failures: 100 }, { state: 'closed' }, { failures: 100 }],
};

const ofTwo = [totp({}, { refusedSteps: [104] }), totp({ id: 'other', kind: 'passkey' })];
const answers: Readonly<Record<string, { readonly factorId?: string; readonly step?: number }>> = {
  'right and unspent': { step: 101 },
  'right and spent': { step: 100 },
  'right and older': { step: 99 },
  'right and refused': { step: 104 },
  wrong: {},
  'of a factor that is gone': { factorId: 'gone', step: 101 },
  'of another kind': { factorId: 'other', step: 101 },
};

for (const [kind, openStore] of accountStores) {
  for (const [standing, [before, taken, counted]] of Object.entries(budgets)) {
    test(`a code ${standing} is spent only right, unspent and within it (${kind}) [check 20] [check 21]`, async (t) => {
      const { accounts, change, totpSteps, ada } = await openStore(t, 'ada');
      const held = { ...noGuesses, browsers: { 'a-known-browser-of-ada': { failures: 2 } } };
      for (const [answer, guess] of Object.entries(answers)) {
        const guesses = { ...held, secondFactor: before };
        await change(ada.id, { factors: ofTwo, guesses });
        const isSpent = answer === 'right and unspent' && taken.state === 'taken';
        const came = await totpSteps.guess({ accountId: ada.id, factorId: 'f1', now, ...guess });
        assert.deepEqual(came, { taken, spent: isSpent }, answer);
        const after = (await accounts.find(ada.id)) ?? assert.fail();
        const spentOne = { ...totp({}, { refusedSteps: [104], lastStep: 101 }), lastUsedAt: now };
        assert.deepEqual(after.factors, isSpent ? [spentOne, ofTwo[1]] : ofTwo, answer);
        assert.deepEqual(after.guesses, isSpent ? noGuesses : { ...held, secondFactor: counted }, answer);
      }
    });
  }

  test(`an account that is disabled or gone takes no guess and spends nothing (${kind})`, async (t) => {
    const { accounts, change, totpSteps, ada } = await openStore(t, 'ada');
    await change(ada.id, { factors: ofTwo, active: false });
    const before = await accounts.find(ada.id);
    for (const accountId of [ada.id, 'nobody']) {
      for (const guess of Object.values(answers)) {
        const came = await totpSteps.guess({ accountId, factorId: 'f1', now, ...guess });
        assert.deepEqual(came, { taken: { state: 'closed' }, spent: false });
      }
    }
    assert.deepEqual(await accounts.find(ada.id), before);
  });
}

const use = { accountId: 'ada', factorId: 'f1', now };

async function watched(t: TestContext) {
  const seen = await watchedDatabase(t);
  return { ...seen, ...stores(seen.database), ...(await adaWithApp(seen.database)) };
}

test('right or wrong, and over the budget too, a guess is one and the same command [check 21]', async (t) => {
  const { timeSteps, change, during, database } = await watched(t);
  const shapes: string[] = [];
  const shapeOf = (value: unknown): unknown =>
    value instanceof Date || typeof value !== 'object' || value === null
      ? typeof value
      : Array.isArray(value)
        ? value.map(shapeOf)
        : Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shapeOf(one)]));
  database.connection.getClient().on('commandStarted', ({ commandName, command }) => {
    if (commandName === 'findAndModify') shapes.push(JSON.stringify(shapeOf([command.query, command.update])));
  });
  for (const secondFactor of [{ failures: 0 }, waiting]) {
    for (const guess of Object.values(answers)) {
      await change({ factors: [totp()], guesses: { ...noGuesses, secondFactor } });
      const sent = await during(() => timeSteps.guess({ ...use, ...guess }));
      assert.deepEqual(sent, ['findAndModify accounts']);
    }
  }
  assert.equal(shapes.length, 14);
  assert.equal(new Set(shapes).size, 1);
});

test('a row without its last step is a fault: nothing is spent, whatever the code', async (t) => {
  const { timeSteps, change, ada } = await watched(t);
  const broken: EnrolledFactor = { ...totp(), data: { sealedSecret: 'sealed' } };
  await change({ factors: [broken] });
  await assert.rejects(timeSteps.guess({ ...use, step: 101 }));
  assert.deepEqual((await timeSteps.guess(use)).spent, false);
  assert.deepEqual((await ada()).factors, [broken]);
  assert.deepEqual((await ada()).guesses.secondFactor, { failures: 2 });
});
