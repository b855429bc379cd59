import type { PutOffs } from '../sign-in/put-off.ts';
import { accountRows } from './account-row.ts';
import type { Database } from './connection.ts';

export function mongoPutOffs({ connection }: Database): PutOffs {
  const accounts = accountRows(connection);
  return {
    async count({ accountId, before }) {
      const { modifiedCount } = await accounts.updateOne(
        { _id: accountId, active: true, factors: { $size: 0 }, ...counted(before) },
        { $inc: { enrolmentSkips: 1 } },
      );
      return modifiedCount === 1;
    },
  };
}

function counted(before: number) {
  return before === 0 ? { enrolmentSkips: { $exists: false } } : { enrolmentSkips: before };
}
