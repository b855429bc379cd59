import type { TestContext } from 'node:test';
import type { Database } from '../../src/storage/connection.ts';

interface Reads {
  /** The model whose rows are read, by its name in storage/. */
  readonly model: string;
  readonly method: 'findOne' | 'findOneAndUpdate';
}

type Query = (...question: unknown[]) => { lean(): Promise<unknown> };

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

function holdReads(
  t: TestContext,
  connection: Database['connection'],
  { model: name, method }: Reads,
  hold: (restore: () => void) => Promise<void>,
): void {
  const model = connection.model(name) as unknown as Record<typeof method, Query>;
  const read = model[method].bind(model);
  const held: Query = (...question) => ({
    async lean() {
      const row = await read(...question).lean();
      await hold(() => mock.mock.restore());
      return row;
    },
  });
  const mock = t.mock.method(model, method, held);
}
