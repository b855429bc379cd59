import { AsyncLocalStorage } from 'node:async_hooks';
import type { TestContext } from 'node:test';
import type { AdapterFactory } from 'oidc-provider';
import { createCipher } from '../../src/platform/cipher.ts';
import type { Database } from '../../src/storage/connection.ts';
import { heldWrites } from '../../src/storage/held-writes.ts';
import { createOidcAdapter } from '../../src/storage/oidc-adapter.ts';
import { redeemedCodes } from '../../src/storage/redeemed-code.ts';
import { start } from './account-stores.ts';
import { openDatabase } from './database.ts';

export class InvalidGrant extends Error {}
export class SessionNotFound extends Error {}
export class LoginRequired extends Error {}
export class Unavailable extends Error {}

/** The adapter on a database of its own, with a clock that `moveTo` sets. */
export async function openOidcStore(t: TestContext, given?: Database) {
  const db = given ?? (await openDatabase(t));
  let time = start;
  const requests = new AsyncLocalStorage<object>();
  const errors = {
    ...{ InvalidGrant, SessionNotFound, LoginRequired },
    unavailable: (cause: unknown) => new Unavailable('unavailable', { cause }),
  };
  const request = () => requests.getStore();
  const held = heldWrites({ db, errors, request });
  const redeemed = redeemedCodes({ db, now: () => time, request });
  // Typed as the library's own, so that the compiler compares the two interfaces.
  const adapter: AdapterFactory = createOidcAdapter({
    db,
    cipher: createCipher([{ id: 1, key: Buffer.alloc(32, 7) }]),
    now: () => time,
    errors,
    held,
    redeemed,
  });
  const moveTo = (now: Date) => {
    time = now;
  };
  return {
    db,
    adapter,
    moveTo,
    held,
    redeemed,
    /** In a request that gathers its writes. */
    inRequest: <Answer>(act: () => Promise<Answer>, request: object = {}) => requests.run(request, act),
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
