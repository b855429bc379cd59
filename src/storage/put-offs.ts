import type { PutOffs } from '../sign-in/enrolment/put-off.ts';
import { accountRows } from './account-row.ts';
import type { Database } from './connection.ts';

export function mongoPutOffs({ connection }: Database): PutOffs {
  const accounts = accountRows(connection);
  return {
    async count({ accountId, attemptId, before }) {
      const { modifiedCount } = await accounts.updateOne(
        { _id: accountId, active: true, factors: { $size: 0 }, putOffIn: { $ne: attemptId }, ...counted(before) }, // guard: put-off-active-factorless, put-off-once-per-sign-in
        { $inc: { enrolmentSkips: 1 }, $set: { putOffIn: attemptId } },
      );
      if (modifiedCount === 1) return true;
      return (await accounts.findOne({ _id: accountId, putOffIn: attemptId }, { projection: { _id: 1 } })) !== null;
    },
  };
}

function counted(before: number) {
  return before === 0 ? { enrolmentSkips: { $exists: false } } : { enrolmentSkips: before }; // guard: put-off-counted-once
}
