import type { Database } from './connection.ts';

/** The oldest that knows every stage of our updates: $sortArray came with 5.2. */
const oldest = 6;

/** Throws where the server is too old: an update that it does not know would fail at the first wrong password, not at the start. */
export async function assertServerVersion({ connection }: Pick<Database, 'connection'>): Promise<void> {
  const { version } = await connection.getClient().db('admin').command({ buildInfo: 1 });
  const fault = versionFault(String(version));
  if (fault) throw new Error(fault);
}

/** In words; undefined: it will do. */
export function versionFault(version: string): string | undefined {
  const major = Number(/^\d+/.exec(version)?.[0]);
  return major >= oldest ? undefined : `MongoDB ${oldest} or newer is needed: this server is ${version}`;
}
