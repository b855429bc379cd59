import { noStrangers } from '../protection/budgets.ts';
import { raisesOf } from '../protection/consequences.ts';
import type { PasswordChanges } from '../self-service/change-password.ts';
import { accountRows, toAccount } from './account-row.ts';
import type { Database } from './connection.ts';

export function mongoPasswordChanges({ connection }: Database): PasswordChanges {
  const accounts = accountRows(connection);
  return {
    async change({ accountId, sessionVersion, from, to }) {
      const given = { 'guesses.password': noStrangers, 'guesses.browsers': {} };
      const row = await accounts.findOneAndUpdate(
        { _id: accountId, active: true, sessionVersion, passwordHash: from }, // guard: password-change-active-account, password-change-as-read, password-change-as-verified
        {
          $set: { passwordHash: to, ...given }, // guard: password-change-gives-back-guesses
          $inc: raisesOf('password_changed'), // guard: password-change-ends-sign-ins
        },
        { returnDocument: 'after' },
      );
      return row ? toAccount(row) : undefined;
    },
  };
}
