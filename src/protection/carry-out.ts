import { defined } from '../platform/defined.ts';
import type { Origin } from '../platform/origin.ts';
import { type Change, consequences } from './consequences.ts';
import { type Events, eventSubject } from './events.ts';
import type { Notices } from './notices.ts';

/** The port to what clients hold in an account's name. */
export interface Grants {
  /** Ends every grant of the account, but of a session that goes on or of all clients but one, and, with them, their codes, refresh and access tokens: also those that outlived their session. */
  endAll(accountId: string, but?: { readonly keepSession?: string; readonly clientAlone?: string }): Promise<void>;
}

/** The port to what was proved at a level that the policy no longer lets an account begin with. */
export interface TooWeak {
  end(accountId: string): Promise<void>;
}

/** The port to codes that were sent in sign-ins under way. */
export interface PendingCodes {
  endAll(accountId: string, pending: { readonly keepAttempt?: string; readonly now: Date }): Promise<void>;
}

/** The part of the session records that a change reaches. */
export interface ChangedSessions {
  /** Carries the session that made the change over to the raised version; none that was ended meanwhile. */
  restamp(session: { readonly id: string; readonly accountId: string; readonly sessionVersion: number }): Promise<void>;
  /** Removes those of older versions, which the raise has ended already, and ends what hangs on them at the library. */
  endOlder(sessions: {
    readonly accountId: string;
    readonly sessionVersion: number;
    readonly now: Date;
  }): Promise<void>;
}

export interface SecurityChange {
  readonly change: Change;
  /** As the change left it: its counters are raised. */
  readonly account: { readonly id: string; readonly email: string; readonly sessionVersion: number };
  readonly origin: Origin;
  /** Who did it, where it was not the owner. */
  readonly actor?: string;
  readonly clientId?: string;
  /** A word for the event, from code only. */
  readonly detail?: string;
  /** The kind of factor it is about, for the notice. */
  readonly kind?: string;
  /** Further addresses that are told: the former one, every mailbox of the owner. */
  readonly alsoTo?: readonly string[];
  /** The session and the sign-in in which it was done go on. */
  readonly keep?: { readonly session?: string; readonly attempt?: string };
}

export type CarryOut = (made: SecurityChange) => Promise<void>;

/** Ends what the table says, writes the event and tells the owner. Each is tried whatever becomes of the others; then the first failure is thrown. */
export function carryingOut(deps: {
  readonly sessions: ChangedSessions;
  readonly grants: Grants;
  readonly pendingCodes: PendingCodes;
  readonly tooWeak: TooWeak;
  readonly events: Events;
  readonly notices: Notices;
  readonly now: () => Date;
}): CarryOut {
  return async (made) => {
    const { account, keep = {} } = made;
    const { sessions, grants, pendingCodes } = consequences[made.change];
    const now = deps.now();
    const done = await Promise.allSettled([
      sessions === 'end' && endSessions(made, now),
      grants === 'end' && deps.grants.endAll(account.id),
      grants === 'elsewhere' && deps.grants.endAll(account.id, keep.session ? { keepSession: keep.session } : {}), // guard: unlisted-sessions-grants-end
      grants === 'of-client' &&
        made.clientId !== undefined && // guard: revoked-client-alone
        deps.grants.endAll(account.id, { clientAlone: made.clientId }),
      (sessions === 'too-weak' || grants === 'too-weak') && deps.tooWeak.end(account.id), // guard: table-ends-too-weak
      pendingCodes === 'end' &&
        deps.pendingCodes.endAll(account.id, { now, ...(keep.attempt ? { keepAttempt: keep.attempt } : {}) }),
      record(made, now),
      tell(made, now),
    ]);
    const failed = done.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  };

  async function endSessions({ account: { id, sessionVersion }, keep }: SecurityChange, now: Date): Promise<void> {
    if (keep?.session) await deps.sessions.restamp({ id: keep.session, accountId: id, sessionVersion });
    await deps.sessions.endOlder({ accountId: id, sessionVersion, now });
  }

  function record({ change, account, origin, actor, clientId, detail }: SecurityChange, at: Date): Promise<void> {
    const who = eventSubject({ accountId: account.id, clientId, actor, origin });
    return deps.events.append({ at, kind: change, result: 'success', ...who, ...defined({ detail }) });
  }

  async function tell({ change, account, origin, actor, kind, alsoTo = [] }: SecurityChange, at: Date): Promise<void> {
    const about = { accountId: account.id, event: change, at, origin, ...defined({ actor, kind }) };
    const addresses = new Set([account.email, ...alsoTo]);
    await Promise.all([...addresses].map((to) => deps.notices.tell({ to, ...about })));
  }
}
