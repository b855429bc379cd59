import type { PasswordGuess } from '../../accounts/account.ts';
import type { Origin } from '../../platform/origin.ts';
import { passwordRule } from '../../protection/budgets.ts';
import { type Event, type Events, eventSubject } from '../../protection/events.ts';
import type { Notice, Notices } from '../../protection/notices.ts';
import { strangerRule } from '../../protection/stranger-guesses.ts';

/** Where a password was typed that is judged: at a client's sign-in, or in the account area. */
export interface Guesser {
  readonly origin: Origin;
  readonly clientId: string;
}

/** What a password that does not sign in sets off: one command, whoever it named and whatever it began. */
export function passwordRefused(deps: {
  readonly events: Events;
  readonly notices: Notices;
  readonly now: () => Date;
}) {
  return async function refuse(by: Guesser, found: PasswordGuess | undefined): Promise<void> {
    const who = eventSubject({ accountId: found?.account.id, ...by });
    const event: Event = { at: deps.now(), kind: 'password', result: 'failure', detail: detailOf(found), ...who };
    const locks = locksOf(found).map((detail) => ({ ...event, kind: 'lock', result: 'success', detail }) as const);
    // In the same command: whether a try began a wait must not be told by the time that the answer takes.
    await deps.events.append(event, ...locks);
    // Nobody waits for the mail: that an account is there must not be told by the time it takes.
    if (found?.account.active) void Promise.all(noticesOf(by, found, deps.now()).map(deps.notices.tell)); // guard: wrong-password-mail-unawaited
  };
}

/** Nothing that the stranger sent stands in them: no browser's name, and of the address what it can not choose freely. */
function noticesOf(
  { origin: { address } }: Guesser, // guard: wrong-password-mail-own-words-too
  { account, guess, tell }: PasswordGuess,
  at: Date,
): readonly Notice[] {
  const notice = { to: account.email, accountId: account.id, event: 'passwords_rejected', at } as const;
  const failures = guess.state === 'taken' ? guess.failures : 0;
  return tell.map((kind) =>
    kind === 'network'
      ? { ...notice, kind, count: failures, origin: address === undefined ? {} : { address } } // guard: wrong-password-mail-own-words
      : { ...notice, kind, count: strangerRule.perDay, origin: {} },
  );
}

function detailOf(found: PasswordGuess | undefined): string {
  if (!found) return 'unknown';
  const { guess, account } = found;
  if (guess.state !== 'taken') return guess.state;
  return account.active ? 'wrong' : 'disabled';
}

/** What this try closed: its own network or browser for a while or for long, and new browsers for the day. */
function locksOf(found: PasswordGuess | undefined): readonly string[] {
  if (found?.guess.state !== 'taken') return [];
  const { failures, lockedUntil } = found.guess;
  const own = failures >= passwordRule.closedAt ? 'password_closed' : 'password';
  return [...(lockedUntil ? [own] : []), ...(found.dayFull ? ['password_day'] : [])]; // guard: full-day-event
}
