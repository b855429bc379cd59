import type { Account } from '../../accounts/account.ts';
import type { FieldError } from '../../http/render.ts';
import { lockOutcome } from '../../sign-in/factor/lock.ts';
import type { JudgedFacts } from '../../sign-in/outcome.ts';

/** What a page tells while nothing is judged. */
export interface ShownLock {
  readonly facts: JudgedFacts;
  readonly errors?: readonly FieldError[];
}

/** What a page tells while nothing is judged that it could take; undefined: its forms are open. */
export function shownLock(account: Account | undefined, now: Date): ShownLock | undefined {
  const lock = account && lockOutcome(account, now);
  if (lock?.outcome !== 'invalid') return undefined;
  return lock.facts ? { facts: lock.facts } : { facts: {}, errors: lock.errors };
}
