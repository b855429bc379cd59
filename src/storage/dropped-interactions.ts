import type { Database } from './connection.ts';

/**
 * The library's interactions had rows of their own, for an hour at most: a sign-in that was under way when the version changed
 * is told that it ended, and begins anew. A collection that is not there is dropped without a word.
 */
export async function dropInteractions({ connection }: Database): Promise<void> {
  const before = 'oidc_interaction';
  const found = await connection.listCollections();
  if (found.some(({ name }) => name === before)) await connection.collection(before).drop();
}
