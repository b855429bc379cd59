import type { RecoverySets } from '../factors/recovery-codes.ts';
import { noGuesses } from '../protection/budgets.ts';
import { raisesOf } from '../protection/consequences.ts';
import { accountRows, toAccount } from './account-row.ts';
import type { Database } from './connection.ts';

export function mongoRecoverySets({ connection }: Database): RecoverySets {
  const accounts = accountRows(connection);
  return {
    async spend({ accountId, salt, hash, keepsGuesses }) {
      const { modifiedCount } = await accounts.updateOne(
        { _id: accountId, active: true, 'recovery.salt': salt, 'recovery.hashes': hash }, // guard: recovery-code-still-left, recovery-code-active-account
        {
          $pull: { 'recovery.hashes': hash }, // guard: recovery-code-spent-once
          ...(keepsGuesses ? {} : { $set: { guesses: noGuesses } }),
          $inc: raisesOf('recovery_code_used'),
        },
      );
      return modifiedCount === 1;
    },

    async keep({ accountId, sessionVersion, set, replaces }) {
      const before = replaces === undefined ? { recovery: { $exists: false } } : { 'recovery.salt': replaces }; // guard: first-set-only-first
      const raises = raisesOf(replaces === undefined ? 'factor_added' : 'recovery_codes_replaced');
      const row = await accounts.findOneAndUpdate(
        { _id: accountId, active: true, sessionVersion, ...before }, // guard: set-kept-as-proved
        { $set: { recovery: set }, $unset: { recoveryDue: 1 }, $inc: raises },
        { returnDocument: 'after' },
      );
      return row ? toAccount(row) : undefined;
    },
  };
}
