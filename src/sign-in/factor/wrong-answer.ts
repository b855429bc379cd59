import type { Account } from '../../accounts/account.ts';
import { failuresToTell, type Taken } from '../../protection/budgets.ts';
import type { Event, Events } from '../../protection/events.ts';
import type { Notice, Notices } from '../../protection/notices.ts';
import type { Attempt } from '../attempt.ts';
import type { Outcome, Step } from '../outcome.ts';
import { lockOutcome } from './lock.ts';

/** What a wrong answer sets off, whatever kind was asked: all that is guessable after the right password shares one budget. */
export function answeredWrongly(deps: { readonly events: Events; readonly notices: Notices }) {
  /** The wait that it began, recorded and told; undefined: there are guesses left. */
  return async function answeredWrong(
    { origin, attempt }: Step,
    account: Account,
    { taken, event }: { readonly taken: Taken | undefined; readonly event: Event },
  ): Promise<Outcome | undefined> {
    await deps.events.append(event); // guard: wrong-answer-recorded
    if (taken?.state !== 'taken') return undefined;
    const { at } = event;
    const told = { to: account.email, accountId: account.id };
    // Somebody has the password, or opened a link for a new one: its owner hears of it once in each row of failures (ASVS 6.3.5).
    if (taken.failures === failuresToTell)
      // guard: owner-told-password-known
      await deps.notices.tell({ ...told, event: 'codes_rejected', ...inReset(attempt), at, origin });
    if (!taken.lockedUntil) return undefined;
    await deps.events.append({ ...event, kind: 'lock', result: 'success', detail: 'second_factor' });
    return lockOutcome(account, at, { state: 'waiting', until: taken.lockedUntil });
  };
}

/** There a mailed link was opened, and nobody has shown to know the password. */
function inReset({ purpose }: Attempt): Pick<Notice, 'kind'> {
  return purpose === 'reset' ? { kind: 'reset' } : {}; // guard: reset-codes-own-notice
}
