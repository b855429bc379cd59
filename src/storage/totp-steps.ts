import type { EnrolledFactor } from '../accounts/account.ts';
import type { TotpSteps } from '../factors/totp.ts';
import { totpData } from '../factors/totp-data.ts';
import { judgeTake, secondFactorRule } from '../protection/budgets.ts';
import { accountRows, toAccount } from './account-row.ts';
import type { Database } from './connection.ts';
import { type StepGuess, stepGuessUpdate } from './step-guess-update.ts';

/** Tries of one challenge and a few more: an older one has passed by itself. */
const refusedKept = 20;

export function mongoTotpSteps({ connection }: Database): TotpSteps {
  const accounts = accountRows(connection);
  return {
    /** Exactly one caller per step finds it unspent before its own write. */
    async guess({ accountId, factorId, step, keepsGuesses = false, now }) {
      const guess = { factorId, step, keepsGuesses, now };
      const filter = { _id: accountId, active: true }; // guard: totp-step-active-account
      const row = await accounts.findOneAndUpdate(filter, stepGuessUpdate(guess), { returnDocument: 'before' });
      if (!row) return { taken: { state: 'closed' }, spent: false }; // guard: no-account-no-step-guess
      const before = toAccount(row);
      const taken = judgeTake(before.guesses.secondFactor, secondFactorRule, now);
      const isSpent = taken.state === 'taken' && before.factors.some((factor) => isUnspent(factor, guess)); // guard: step-spent-within-budget
      return { taken, spent: isSpent };
    },

    async refuse({ accountId, factorId, step }) {
      const refused = { $each: [step], $slice: -refusedKept };
      await accounts.updateOne(
        { _id: accountId, factors: { $elemMatch: { id: factorId, kind: 'totp' } } },
        { $push: { 'factors.$.data.refusedSteps': refused } },
      );
    },
  };
}

/** As the update judges it. */
function isUnspent(factor: EnrolledFactor, { factorId, step }: StepGuess): boolean {
  if (step === undefined) return false;
  if (factor.id !== factorId || factor.kind !== 'totp') return false; // guard: before-row-own-factor, before-row-own-kind
  const { lastStep, refusedSteps } = totpData(factor);
  return lastStep < step && !refusedSteps?.includes(step); // guard: before-row-step-greater, before-row-step-not-refused
}
