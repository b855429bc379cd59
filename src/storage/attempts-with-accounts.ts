import { defined } from '../platform/defined.ts';
import type { AttemptsWithAccounts } from '../sign-in/attempt.ts';
import { type AccountRow, toAccount } from './account-row.ts';
import { attemptRows, toAttempt } from './attempts.ts';
import type { Database } from './connection.ts';

export function mongoAttemptsWithAccounts({ connection }: Database): AttemptsWithAccounts {
  const attempts = attemptRows(connection);
  return {
    async find(id, now) {
      const running = { _id: id, expiresAt: { $gt: now } }; // guard: ended-attempt-not-joined
      const found = await attempts.findJoined(running, { from: 'accounts', by: 'accountId' });
      if (!found) return undefined;
      const account = found.joined as AccountRow | undefined;
      return { attempt: toAttempt(found.row), ...defined({ account: account && toAccount(account) }) };
    },
  };
}
