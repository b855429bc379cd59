import type { TestContext } from 'node:test';
import type { AdapterFactory } from 'oidc-provider';
import { createCipher } from '../../src/platform/cipher.ts';
import { createOidcAdapter } from '../../src/storage/oidc-adapter.ts';
import { start } from './account-stores.ts';
import { openDatabase } from './database.ts';

export class InvalidGrant extends Error {}
export class SessionNotFound extends Error {}
export class Unavailable extends Error {}

/** The adapter on a database of its own, with a clock that `moveTo` sets. */
export async function openOidcStore(t: TestContext) {
  const db = await openDatabase(t);
  let time = start;
  // Typed as the library's own, so that the compiler compares the two interfaces.
  const adapter: AdapterFactory = createOidcAdapter({
    db,
    cipher: createCipher([{ id: 1, key: Buffer.alloc(32, 7) }]),
    now: () => time,
    errors: { InvalidGrant, SessionNotFound, unavailable: (cause) => new Unavailable('unavailable', { cause }) },
  });
  const moveTo = (now: Date) => {
    time = now;
  };
  return {
    db,
    adapter,
    moveTo,
    /** So many at once, each a millisecond later by its own clock: written twice, the same time would change nothing and hide it. */
    async atOnce(times: number, from: Date, act: () => Promise<unknown>) {
      const acts = Array.from({ length: times }, (_, n) => {
        moveTo(new Date(from.getTime() + n));
        return act();
      });
      const settled = await Promise.allSettled(acts);
      const errors = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
      return { succeeded: times - errors.length, errors };
    },
  };
}
