import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import type { FactorGuessedBefore, Verdict } from '../../src/factors/factor.ts';
import type { Taken } from '../../src/protection/budgets.ts';
import { provingFactor } from '../../src/sign-in/factor/prove-factor.ts';
import { begun, useCases } from '../support/use-cases.ts';

const accepted: Verdict = {
  outcome: 'accepted',
  proof: { kind: 'card', factorId: 'one', amr: ['otp'], level: '2fa', at: begun },
};

/** A kind whose answers are judged once the guess was taken; what is asked is told in its order. */
async function asked(taken: Taken, guessable = true) {
  const world = await useCases();
  const order: string[] = [];
  const card: FactorGuessedBefore = {
    ...{ kind: 'card', level: '2fa', amr: ['otp'], guessable, field: 'letters' },
    answer: z.object({ letters: z.string() }),
    shows: z.object({}),
    offers: () => [{ kind: 'card', id: 'one', label: '' }],
    facts: async () => ({}),
    async verify() {
      order.push('judged');
      return accepted;
    },
  };
  const prove = provingFactor({
    attempts: {
      ...world.attempts,
      async takeTry() {
        order.push('try');
        return true;
      },
    },
    guesses: {
      ...world.accounts.secondFactorGuesses,
      async take() {
        order.push('taken');
        return taken;
      },
    },
    factors: [card],
    events: world.events,
    carryOut: async () => assert.fail(),
    rememberDevice: async () => assert.fail(),
    notices: { tell: async () => assert.fail() },
    async proceed() {
      order.push('went on');
      return { outcome: 'moved' };
    },
    now: () => begun,
  });
  await world.ada({});
  const step = { ...(await world.step()), account: await world.stored() };
  const outcome = await prove(step, { input: { letters: 'ABC' } });
  return { order, outcome };
}

test('where nothing is matched in memory the try and the guess are taken before the answer is judged [check 21]', async () => {
  const { order } = await asked({ state: 'taken', failures: 1 });
  assert.deepEqual(order, ['try', 'taken', 'judged', 'went on']);
});

test('where no guess is left the answer is not judged at all [check 21]', async () => {
  const { order, outcome } = await asked({ state: 'closed' });
  assert.deepEqual(order, ['try', 'taken']);
  assert.match(JSON.stringify(outcome), /code_locked_closed/);
});

test('what cannot be guessed takes no guess', async () => {
  const { order } = await asked({ state: 'closed' }, false);
  assert.deepEqual(order, ['judged', 'went on']);
});
