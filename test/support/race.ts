import type { TestContext } from 'node:test';
import type { Database } from '../../src/storage/connection.ts';

interface Reads {
  readonly collection: string;
  readonly method: 'findOne' | 'findOneAndUpdate';
}

type Read = (...question: unknown[]) => Promise<unknown>;

/** Every reader goes on only once `readers` of them have read: what each then decides rests on the same old row. */
export function meetAfterReading(
  t: TestContext,
  { connection }: Database,
  { readers, ...reads }: Reads & { readonly readers: number },
): void {
  const all = Promise.withResolvers<void>();
  let arrived = 0;
  holdReads(t, connection, reads, async (restore) => {
    arrived += 1;
    if (arrived === readers) {
      restore();
      all.resolve();
    }
    await all.promise;
  });
}

/** The next reader goes on only when it is let go; whoever comes later is not held. */
export function holdNextReader(t: TestContext, { connection }: Database, reads: Reads) {
  const arrived = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  holdReads(t, connection, reads, async (restore) => {
    restore();
    arrived.resolve();
    await gate.promise;
  });
  return { arrived: arrived.promise, letGo: gate.resolve };
}

/** Held at the driver's edge: mongoose keeps one object for each collection of a connection, and every question passes it. */
function holdReads(
  t: TestContext,
  connection: Database['connection'],
  { collection, method }: Reads,
  hold: (restore: () => void) => Promise<void>,
): void {
  const rows = connection.collection(collection) as unknown as Record<typeof method, Read>;
  const read = rows[method].bind(rows);
  const mock = t.mock.method(rows, method, async (...question: unknown[]) => {
    const row = await read(...question);
    await hold(() => mock.mock.restore());
    return row;
  });
}
