import type { Account } from '../../accounts/account.ts';
import { lockRefusal } from '../../sign-in/lock.ts';
import type { Shown } from './stage-page.ts';

/** What a page tells while nothing is judged that it could take; undefined: its forms are open. */
export function shownLock(account: Account | undefined, now: Date): Pick<Shown, 'facts' | 'errors'> | undefined {
  const lock = account && lockRefusal(account, now);
  if (lock?.outcome !== 'refused') return undefined;
  return lock.facts ? { facts: lock.facts } : { facts: {}, errors: lock.refusals };
}
