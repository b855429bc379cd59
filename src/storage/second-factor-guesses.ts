import { judgeTake, type SecondFactorGuesses, secondFactorRule } from '../protection/budgets.ts';
import { accountRows, toAccount } from './account-row.ts';
import type { Database } from './connection.ts';
import { guessUpdate } from './guess-update.ts';

export function mongoSecondFactorGuesses({ connection }: Database): SecondFactorGuesses {
  const accounts = accountRows(connection);
  return {
    async take(accountId, now) {
      const update = guessUpdate('guesses.secondFactor', secondFactorRule, now);
      const filter = { _id: accountId, active: true }; // guard: guess-active-account
      const row = await accounts.findOneAndUpdate(filter, update, { returnDocument: 'before' });
      if (!row) return { state: 'closed' }; // guard: no-account-no-guess
      return judgeTake(toAccount(row).guesses.secondFactor, secondFactorRule, now);
    },

    async giveBack(accountId, taken) {
      if (taken.state !== 'taken') return;
      await accounts.updateOne(
        { _id: accountId, 'guesses.secondFactor.failures': taken.failures }, // guard: guess-given-back-own
        { $inc: { 'guesses.secondFactor.failures': -1 }, $unset: { 'guesses.secondFactor.lockedUntil': 1 } },
      );
    },
  };
}
