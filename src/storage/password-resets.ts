import { noStrangers } from '../protection/budgets.ts';
import { raisesOf } from '../protection/consequences.ts';
import type { PasswordResets } from '../sign-in/password/reset.ts';
import { accountRows, toAccount } from './account-row.ts';
import type { Database } from './connection.ts';

export function mongoPasswordResets({ connection }: Database): PasswordResets {
  const accounts = accountRows(connection);
  return {
    async reset({ accountId, sessionVersion, mailbox, attemptId, passwordHash, now }) {
      const row = await accounts.findOneAndUpdate(
        { _id: accountId, active: true, sessionVersion, email: mailbox }, // guard: reset-active-account, reset-once, reset-own-mailbox
        {
          $set: {
            passwordHash,
            resetIn: attemptId,
            'mailboxUses.reset': { address: mailbox, at: now },
            ...{ 'guesses.password': noStrangers, 'guesses.browsers': {} }, // guard: reset-opens-password
          },
          $inc: raisesOf('password_reset'), // guard: reset-ends-sign-ins
        },
        { returnDocument: 'after' },
      );
      return row ? toAccount(row) : undefined;
    },
  };
}
