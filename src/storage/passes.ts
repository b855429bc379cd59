import type { PassSpends } from '../factors/pass.ts';
import { noGuesses } from '../protection/budgets.ts';
import { raisesOf } from '../protection/consequences.ts';
import { accountRows, toAccount } from './account-row.ts';
import type { Database } from './connection.ts';

export function mongoPasses({ connection }: Database): PassSpends {
  const accounts = accountRows(connection);
  return {
    async spend({ accountId, hash, now }) {
      const running = { 'pass.hash': hash, 'pass.expiresAt': { $gt: now } }; // guard: pass-spent-once, ended-pass-not-spent
      const used = {
        $unset: { pass: 1, recovery: 1 },
        $set: { guesses: noGuesses },
        $inc: raisesOf('pass_used'),
      };
      const active = { _id: accountId, active: true }; // guard: pass-active-account
      const row = await accounts.findOneAndUpdate({ ...active, ...running }, used, { returnDocument: 'after' });
      return row ? toAccount(row) : undefined;
    },
  };
}
