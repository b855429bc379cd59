import { signInRecord } from '../protection/events.ts';
import type { FinishedSignIns } from '../protection/finished-sends.ts';
import { attemptRows } from './attempts.ts';
import type { Database } from './connection.ts';
import { eventRows } from './events.ts';

/**
 * Read from the audit record, which outlives the attempt, and from what is still on its way there. One that proved no more
 * than the password says nothing of the mailbox: whoever knows the password would have its owner mailed all day.
 */
export function mongoFinishedSignIns({ connection }: Database): FinishedSignIns {
  const events = eventRows(connection);
  const attempts = attemptRows(connection);
  return {
    async among(signIns) {
      const records = { _id: { $in: signIns.map(signInRecord) }, detail: { $ne: '1fa' } }; // guard: lone-password-gives-nothing-back
      const full = { 'event.kind': 'sign_in', 'event.detail': { $ne: '1fa' } }; // guard: lone-password-waiting-gives-nothing
      const waiting = { _id: { $in: signIns }, events: { $elemMatch: full } };
      const [recorded, told] = await Promise.all([
        events.find(records, { projection: { _id: 1 } }),
        attempts.find(waiting, { projection: { _id: 1 } }),
      ]);
      const finished = new Set([...recorded, ...told].map(({ _id }) => _id));
      return signIns.filter((signIn) => finished.has(signInRecord(signIn)) || finished.has(signIn)); // guard: finished-once-recorded
    },
  };
}
