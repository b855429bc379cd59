import type { Account } from '../../accounts/account.ts';
import { judgeTake, secondFactorRule, type Taken, triesPerChallenge } from '../../protection/budgets.ts';
import { invalid, type JudgedFacts, type Outcome, secondsUntil } from '../outcome.ts';

/** Whether the second-factor budget judges nothing now. Told openly: who sees it has proved the password. */
export function lockOutcome(
  account: Account,
  now: Date,
  taken: Taken = judgeTake(account.guesses.secondFactor, secondFactorRule, now),
): Outcome | undefined {
  switch (taken.state) {
    case 'taken':
      return undefined;
    case 'closed':
      return invalid('', 'code_locked_closed'); // guard: closed-budget-judges-nothing
    case 'waiting':
      return invalid('', 'code_locked', { seconds: secondsUntil(taken.until, now) }, lockFacts(taken.until, now)); // guard: waiting-budget-judges-nothing
  }
}

function lockFacts(until: Date, now: Date): JudgedFacts {
  return { lockedUntil: until.toISOString(), secondsLocked: secondsUntil(until, now) };
}

/** Wrong answers that are still open: the smaller of what the challenge and what the account leave. */
export function triesLeft(tries: number, accountFailures: number): number {
  const untilWait = secondFactorRule.waits.findIndex((wait) => wait > 0);
  const accountLeft = accountFailures < untilWait ? untilWait - accountFailures : 1;
  return Math.max(0, Math.min(triesPerChallenge - tries, accountLeft));
}
