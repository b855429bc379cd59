import type { Account, AccountId } from '../accounts/account.ts';
import { stillProved } from '../accounts/still-proved.ts';
import type { Origin } from '../platform/origin.ts';
import type { CarryOut } from '../protection/carry-out.ts';
import { type Events, eventSubject } from '../protection/events.ts';
import type { SessionRecord, Sessions } from '../sign-in/sessions.ts';
import type { Changer } from './account-change.ts';

/** The port to the version that every session and every sign-in under way carries. */
export interface SessionVersions {
  /** Raises it where the active account is as it was read; answers the account as it is then, to exactly one caller. */
  raise(read: { readonly accountId: AccountId; readonly sessionVersion: number }): Promise<Account | undefined>;
}

export interface Elsewhere {
  /** Where this account is signed in, the last seen first. */
  list(account: Account): Promise<readonly SessionRecord[]>;
  /** False: this account has no such session (any more). */
  end(account: Account, id: string, origin: Origin): Promise<boolean>;
  /** Every other session, and every sign-in that was begun before, wherever it is parked. False: another change came in between. */
  endOthers(who: Changer): Promise<boolean>;
}

/** What a person can do about the sessions of their own account (ASVS 7.5.2). */
export function sessionsElsewhere(deps: {
  readonly sessions: Sessions;
  readonly sessionVersions: SessionVersions;
  readonly events: Events;
  readonly carryOut: CarryOut;
  readonly now: () => Date;
}): Elsewhere {
  return {
    async list(account) {
      const all = await deps.sessions.list(account.id, deps.now());
      // Ended by a change of the account; the row is only not swept yet.
      return all.filter((session) => stillProved(account, session)); // guard: ended-session-not-listed
    },

    async end({ id: accountId }, id, origin) {
      const now = deps.now();
      const ended = await deps.sessions.endOf({ accountId, id, now });
      const event = {
        at: now,
        kind: 'sign_out',
        result: 'success',
        detail: 'elsewhere',
        ...eventSubject({ accountId, origin }),
      } as const;
      if (ended) await deps.events.append(event);
      return ended;
    },

    async endOthers({ account: { id: accountId, sessionVersion }, session, origin }) {
      const account = await deps.sessionVersions.raise({ accountId, sessionVersion });
      if (!account) return false;
      await deps.carryOut({ change: 'other_sessions_ended', account, origin, keep: { session: session.id } }); // guard: end-others-keeps-own
      return true;
    },
  };
}
