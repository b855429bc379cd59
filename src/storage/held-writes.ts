import type { Database } from './connection.ts';
import type { OidcErrors } from './oidc-adapter.ts';
import { type OidcWrite, oidcRows } from './oidc-rows.ts';

interface Options {
  readonly db: Database;
  readonly errors: Pick<OidcErrors, 'unavailable'>;
  /** The request that is under way, if what it writes may wait for what it writes later. */
  readonly request: () => object | undefined;
}

export type HeldWrites = ReturnType<typeof heldWrites>;

/** Writes of one request that wait for one more of it and go in the same command: each costs the database nearly what all of them do. */
export function heldWrites({ db, errors, request }: Options) {
  const rows = oidcRows(db.connection);
  const byRequest = new WeakMap<object, readonly OidcWrite[]>();

  function take(of = request()): readonly OidcWrite[] {
    const held = (of && byRequest.get(of)) ?? [];
    if (of) byRequest.delete(of);
    return held;
  }

  /** In this order: one that meets no row it may change is the last that is done. */
  async function send(writes: readonly OidcWrite[]): Promise<void> {
    if (writes.length === 0) return;
    const last = await rows.updateInOrder(writes).catch((cause) => {
      throw errors.unavailable(cause); // guard: held-outage-503
    });
    const refused = last?.unmet?.();
    if (refused) throw refused; // guard: unmet-write-told
  }

  return {
    take,
    send,
    /** False: nothing of this request may wait. */
    hold(write: OidcWrite): boolean {
      const of = request();
      if (of) byRequest.set(of, [...(byRequest.get(of) ?? []), write]);
      return of !== undefined;
    },
    /** Whatever else the request asks finds what it has written. */
    settle: () => send(take()),
    /** For what nothing came: whoever lost by then has been answered. */
    end: (of: object) => send(take(of).map((write) => ({ ...write, unmet: () => undefined }))), // guard: held-written-at-end
  };
}
