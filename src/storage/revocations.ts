import { type Change, raisesOf } from '../protection/consequences.ts';
import type { Revocations } from '../self-service/applications.ts';
import { accountRows, toAccount } from './account-row.ts';
import type { Database } from './connection.ts';

const change: Change = 'application_revoked';

export function mongoRevocations({ connection }: Database): Revocations {
  const accounts = accountRows(connection);
  return {
    async raise({ accountId, clientId, times }) {
      const never = { 'revocations.clientId': { $ne: clientId } }; // guard: first-revoked-once
      const asRead = times === 0 ? never : { revocations: { $elemMatch: { clientId, times } } }; // guard: revoked-as-read
      const raised =
        times === 0
          ? { $push: { revocations: { clientId, times: 1 } }, $inc: raisesOf(change) }
          : { $inc: { 'revocations.$.times': 1, ...raisesOf(change) } };
      const own = { _id: accountId, active: true, ...asRead }; // guard: revoking-active-account
      const row = await accounts.findOneAndUpdate(own, raised, { returnDocument: 'after' });
      return row ? toAccount(row) : undefined;
    },
  };
}
