import type { Database } from '../../src/storage/connection.ts';

export interface Plan {
  readonly collection: string;
  readonly operation: string;
  /** MongoDB's own summary of what it did: IDHACK, IXSCAN { ... } or COLLSCAN. */
  readonly plan: string;
}

/** What the server really did for every command that `act` sent, from its profiler: nothing is asked that is not seen. */
export async function profileQueries({ connection }: Database, act: () => Promise<unknown>): Promise<readonly Plan[]> {
  const { db } = connection;
  if (!db) throw new Error('not connected');
  await db.command({ profile: 2 });
  await act();
  await db.command({ profile: 0 });
  const seen = await db.collection('system.profile').find({}).toArray();
  await db.dropCollection('system.profile');
  return seen
    .filter(({ op, command }) => op !== 'insert' && command?.profile === undefined)
    .map(({ ns, op, planSummary }) => ({
      collection: String(ns).slice(String(ns).indexOf('.') + 1),
      operation: String(op),
      plan: String(planSummary),
    }));
}
