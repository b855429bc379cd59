import { type Change, raisesOf } from '../protection/consequences.ts';
import type { SessionVersions } from '../self-service/sessions-elsewhere.ts';
import { accountRows, toAccount } from './account-row.ts';
import type { Database } from './connection.ts';

const change: Change = 'other_sessions_ended';

export function mongoSessionVersions({ connection }: Database): SessionVersions {
  const accounts = accountRows(connection);
  return {
    async raise({ accountId, sessionVersion }) {
      const row = await accounts.findOneAndUpdate(
        { _id: accountId, active: true, sessionVersion }, // guard: end-others-active-account, end-others-as-read
        { $inc: raisesOf(change) }, // guard: end-others-ends-parked
        { returnDocument: 'after' },
      );
      return row ? toAccount(row) : undefined;
    },
  };
}
