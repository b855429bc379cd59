import type { Account } from '../accounts/account.ts';
import { judgeTake, secondFactorRule, type Taken } from '../protection/budgets.ts';
import { type Outcome, refused, secondsUntil } from './outcome.ts';

/** Whether the second-factor budget judges nothing now. Told openly: who sees it has proved the password. */
export function lockRefusal(
  account: Account,
  now: Date,
  taken: Taken = judgeTake(account.guesses.secondFactor, secondFactorRule, now),
): Outcome | undefined {
  switch (taken.state) {
    case 'taken':
      return undefined;
    case 'closed':
      return refused('code', 'code_closed');
    case 'waiting':
      return refused('code', 'code_locked', { seconds: secondsUntil(taken.until, now) });
  }
}
