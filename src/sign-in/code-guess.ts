import type { Account } from '../accounts/account.ts';
import type { DeliveredCode } from '../accounts/addresses.ts';
import { type SecondFactorGuesses, type Taken, triesPerChallenge } from '../protection/budgets.ts';
import type { Attempts } from './attempt.ts';
import { lockRefusal } from './lock.ts';
import { moved, type Outcome, refused, type Step } from './outcome.ts';

export interface CodeGuess {
  readonly refusal?: Outcome;
  readonly taken?: Taken;
}

/** Guesses at codes that were sent to prove a mailbox or a phone, on the way to what will be a second factor. */
export function guessingCodes(deps: {
  readonly attempts: Attempts;
  readonly guesses: SecondFactorGuesses;
  readonly now: () => Date;
}) {
  /**
   * Taken before the code is looked at, by one conditional update each: of 100 at once one is judged, of all that follow five.
   * With an account, out of its second-factor budget too: newer codes and sign-ins begun anew bring no new guesses.
   */
  return async function takeCodeGuess(
    { attempt }: Step,
    code: DeliveredCode,
    account: Account | undefined,
  ): Promise<CodeGuess> {
    const now = deps.now();
    const locked = account && lockRefusal(account, now);
    if (locked) return { refusal: locked };
    const left = triesPerChallenge - code.tries;
    if (left > 0 && code.expiresAt <= now) return { refusal: refused('code', 'code_rejected', { n: left }) }; // guard: mailbox-code-ends
    if (left <= 0) return { refusal: refused('code', 'code_spent') };
    if (!(await deps.attempts.takeTry(attempt, 'deliveredCode', now))) return { refusal: moved }; // guard: mailbox-try-before-judging
    if (!account) return {}; // guard: mailbox-codes-share-budget
    const taken = await deps.guesses.take(account.id, now);
    const refusal = lockRefusal(account, now, taken);
    return refusal ? { refusal } : { taken };
  };
}

/** The sentence of a wrong one. */
export function codeRefusal({ tries }: DeliveredCode): Outcome {
  const left = triesPerChallenge - tries - 1;
  return left > 0 ? refused('code', 'code_rejected', { n: left }) : refused('code', 'code_spent');
}
