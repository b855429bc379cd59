import { signInRecord } from '../protection/events.ts';
import type { FinishedSignIns } from '../protection/finished-sends.ts';
import type { Database } from './connection.ts';
import { exact } from './schema.ts';

/** Read from the audit record: it is written before the library is told, and outlives the attempt. */
export function mongoFinishedSignIns({ connection }: Database): FinishedSignIns {
  const events = connection.collection<{ readonly _id: string }>('events');
  return {
    async among(signIns) {
      const filter = exact({ _id: { $in: signIns.map(signInRecord) } });
      const recorded = await events.find(filter, { projection: { _id: 1 } }).toArray();
      const names = new Set(recorded.map(({ _id }) => _id));
      return signIns.filter((signIn) => names.has(signInRecord(signIn))); // guard: finished-once-recorded
    },
  };
}
