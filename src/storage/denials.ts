import { type Change, raisesOf } from '../protection/consequences.ts';
import type { Denials } from '../self-service/deny.ts';
import { accountRows, toAccount } from './account-row.ts';
import type { Database } from './connection.ts';

const change: Change = 'not_me';

export function mongoDenials({ connection }: Database): Denials {
  const accounts = accountRows(connection);
  return {
    async raise({ accountId, link }) {
      const raised = await accounts.findOneAndUpdate(
        { _id: accountId, deniedBy: { $ne: link } }, // guard: denial-raises-once
        { $inc: raisesOf(change), $set: { deniedBy: link } },
        { returnDocument: 'after' },
      );
      const row = raised ?? (await accounts.findOne({ _id: accountId }));
      return row ? toAccount(row) : undefined;
    },
  };
}
