import type { PendingCodes } from '../protection/carry-out.ts';
import { attemptRows } from './attempts.ts';
import type { Database } from './connection.ts';

export function mongoPendingCodes({ connection }: Database): PendingCodes {
  const attempts = attemptRows(connection);
  return {
    /** By the code's own account: one that waits in a sign-in that was cancelled, or begun anew, ends too. Expired rather than removed: the page that asks for it goes on to offer another. The revision moves, so that no request in flight writes the code back. */
    async endAll(accountId, { keepAttempt, now }) {
      const live = { 'deliveredCode.accountId': accountId, 'deliveredCode.expiresAt': { $gt: now } }; // guard: running-code-ended
      const others = { ...live, ...(keepAttempt === undefined ? {} : { _id: { $ne: keepAttempt } }) };
      await attempts.updateMany(others, { $set: { 'deliveredCode.expiresAt': now }, $inc: { revision: 1 } }); // guard: change-ends-sent-codes, ended-code-revision-moves
    },
  };
}
