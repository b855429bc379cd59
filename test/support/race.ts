import type { TestContext } from 'node:test';
import type { Database } from '../../src/storage/connection.ts';

interface Reads {
  readonly collection: string;
  readonly method: 'findOne' | 'findOneAndUpdate';
  /** Of the library's rows, those of this model alone. */
  readonly model?: string;
}

type Read = (...question: unknown[]) => Promise<unknown>;

/** Nobody ordinarily waits for a fraction of it; a test that is run to see it fail is given longer. */
const longestSeconds = 60;

/** Every reader goes on only once `readers` of them have read: what each then decides rests on the same old row. */
export function meetAfterReading(
  t: TestContext,
  { connection }: Database,
  { readers, ...reads }: Reads & { readonly readers: number },
): void {
  const all = Promise.withResolvers<void>();
  let arrived = 0;
  let met = () => {};
  holdReads(t, connection, reads, async (restore) => {
    arrived += 1;
    const missing = () => `${arrived} of ${readers} readers of ${reads.collection} came`;
    if (arrived === 1) met = failLater(t, missing, all.reject);
    if (arrived === readers) {
      restore();
      met();
      all.resolve();
    }
    await all.promise;
  });
}

/** The next reader goes on only when it is let go; whoever comes later is not held. */
export function holdNextReader(t: TestContext, { connection }: Database, reads: Reads) {
  const arrived = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const came = failLater(t, () => `no reader of ${reads.collection} came`, arrived.reject);
  // Whoever does not ask whether one came is not told.
  arrived.promise.catch(() => {});
  holdReads(t, connection, reads, async (restore) => {
    restore();
    came();
    arrived.resolve();
    await gate.promise;
  });
  return { arrived: arrived.promise, letGo: gate.resolve };
}

/** A reader that stays away, such as one whose question the database did not answer, must not keep a test waiting for ever. */
function failLater(t: TestContext, told: () => string, fail: (reason: Error) => void): () => void {
  const timer = setTimeout(() => {
    const sentence = `after ${longestSeconds} seconds ${told()}`;
    // Behind a server the error is one answer of several: here it is told in any case.
    t.diagnostic(sentence);
    fail(new Error(sentence));
  }, longestSeconds * 1000);
  const end = () => clearTimeout(timer);
  t.after(end);
  return end;
}

/** Held at the driver's edge: mongoose keeps one object for each collection of a connection, and every question passes it. */
function holdReads(
  t: TestContext,
  connection: Database['connection'],
  { collection, method, model }: Reads,
  hold: (restore: () => void) => Promise<void>,
): void {
  const rows = connection.collection(collection) as unknown as Record<typeof method, Read>;
  const read = rows[method].bind(rows);
  const mocks: { restore(): void }[] = [];
  const held = () => hold(() => mocks.forEach((each) => void each.restore()));
  const mock = t.mock.method(rows, method, async (...question: unknown[]) => {
    const row = await read(...question);
    if (model !== undefined && (question[0] as { readonly model?: unknown }).model !== model) return row;
    await held();
    return row;
  });
  mocks.push(mock.mock);
  const isJoined = collection === 'attempts' || collection === 'accounts';
  if (method === 'findOne' && isJoined) mocks.push(holdJoined(t, connection, collection, held));
}

interface Joins {
  aggregate(...question: unknown[]): { toArray(): Promise<readonly { readonly joined?: readonly unknown[] }[]> };
}

/** One command reads an attempt and its account: of accounts it is a read where it found one. */
function holdJoined(
  t: TestContext,
  connection: Database['connection'],
  collection: 'attempts' | 'accounts',
  held: () => Promise<void>,
): { restore(): void } {
  const rows = connection.collection('attempts') as unknown as Joins;
  const aggregate = rows.aggregate.bind(rows);
  const { mock } = t.mock.method(rows, 'aggregate', (...question: unknown[]) => ({
    async toArray() {
      const found = await aggregate(...question).toArray();
      if (collection === 'attempts' || found.some(({ joined }) => joined?.length)) await held();
      return found;
    },
  }));
  return mock;
}
