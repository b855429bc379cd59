import type { Account } from '../accounts/account.ts';
import type { Origin } from '../platform/origin.ts';
import type { Events } from '../protection/events.ts';
import type { SessionRecord, Sessions } from './sessions.ts';

export interface Elsewhere {
  /** Where this account is signed in, the last seen first. */
  list(account: Account): Promise<readonly SessionRecord[]>;
  /** False: this account has no such session (any more). */
  end(account: Account, id: string, origin: Origin): Promise<boolean>;
  endOthers(account: Account, keepId: string, origin: Origin): Promise<void>;
}

/** What a person can do about the sessions of their own account (ASVS 7.5.2). */
export function signedInElsewhere(deps: {
  readonly sessions: Sessions;
  readonly events: Events;
  readonly now: () => Date;
}): Elsewhere {
  const record = (account: Account, detail: string, origin: Origin) =>
    deps.events.append({
      ...{ at: deps.now(), kind: 'sign_out', result: 'success', accountId: account.id, detail },
      ...origin,
    });

  return {
    async list({ id, sessionVersion }) {
      const all = await deps.sessions.list(id, deps.now());
      // Ended by a change of the account; the row is only not swept yet.
      return all.filter((session) => session.sessionVersion === sessionVersion);
    },

    async end(account, id, origin) {
      const ended = await deps.sessions.endOf({ accountId: account.id, id, now: deps.now() });
      if (ended) await record(account, 'elsewhere', origin);
      return ended;
    },

    async endOthers(account, keepId, origin) {
      const ended = await deps.sessions.endOthers({ accountId: account.id, keepId, now: deps.now() });
      if (ended > 0) await record(account, 'everywhere_else', origin);
    },
  };
}
