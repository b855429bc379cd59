import { signInRecord } from '../protection/events.ts';
import type { FinishedSignIns } from '../protection/finished-sends.ts';
import type { Database } from './connection.ts';
import { eventRows } from './events.ts';

/**
 * Read from the audit record: it is written before the library is told, and outlives the attempt. One that proved no more than
 * the password says nothing of the mailbox: whoever knows the password would have its owner mailed all day.
 */
export function mongoFinishedSignIns({ connection }: Database): FinishedSignIns {
  const events = eventRows(connection);
  return {
    async among(signIns) {
      const records = { _id: { $in: signIns.map(signInRecord) }, detail: { $ne: '1fa' } }; // guard: lone-password-gives-nothing-back
      const recorded = await events.find(records, { projection: { _id: 1 } });
      const names = new Set(recorded.map(({ _id }) => _id));
      return signIns.filter((signIn) => names.has(signInRecord(signIn))); // guard: finished-once-recorded
    },
  };
}
