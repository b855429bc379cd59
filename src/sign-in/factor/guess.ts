import type { Account } from '../../accounts/account.ts';
import type { DeliveredCode } from '../../delivery/code.ts';
import type { Guessed } from '../../factors/factor.ts';
import { type SecondFactorGuesses, type Taken, triesPerChallenge } from '../../protection/budgets.ts';
import type { Attempts, TriesOf } from '../attempt.ts';
import { invalid, moved, type Outcome, type Step } from '../outcome.ts';
import { lockOutcome } from './lock.ts';

/** `refusal`: nothing is judged. `taken`: what the guess cost the account, to be given back where it was none. */
export interface Guess {
  readonly stopped?: Outcome;
  readonly taken?: Taken;
}

/** Whose tries an answer costs, and the field it stands in. */
interface Asked {
  readonly tries: TriesOf;
  readonly field: string;
}

/** Guesses after the right password, and at codes that prove a mailbox or a phone on the way to what will be a second factor. */
export function guessing(deps: {
  readonly attempts: Attempts;
  readonly guesses: SecondFactorGuesses;
  readonly now: () => Date;
}) {
  /**
   * Both budgets are taken before the answer is looked at, by one conditional update each: the challenge's or the code's five,
   * of any number at once one, and the account's over all challenges, codes and sign-ins (NIST SP 800-63B-4 section 3.2.2).
   * Without an account there is none to guess at: the code's own tries are all that is taken.
   */
  return async function takeGuess(step: Step, asked: Asked, account: Account | undefined): Promise<Guess> {
    const now = deps.now();
    const over = await takeTry(deps.attempts, step, { ...asked, account, now });
    if (over) return { stopped: over };
    if (!account) return {};
    const taken = await deps.guesses.take(account.id, now); // guard: challenges-share-budget
    const stopped = lockOutcome(account, now, taken);
    return stopped ? { stopped } : { taken };
  };
}

/** The same for an answer that is matched at once: its own write takes the guess, right or wrong. */
export function guessingAtOnce(deps: { readonly attempts: Attempts; readonly now: () => Date }) {
  return async function guessAtOnce(
    step: Step,
    { account, guess, ...asked }: Asked & { readonly account: Account; guess(now: Date): Promise<Guessed> },
  ): Promise<{ readonly stopped: Outcome } | (Guessed & { readonly stopped?: never })> {
    const now = deps.now();
    const over = await takeTry(deps.attempts, step, { ...asked, account, now }); // guard: try-before-guess-at-once
    if (over) return { stopped: over };
    const guessed = await guess(now);
    const stopped = lockOutcome(account, now, guessed.taken); // guard: over-budget-told-alike
    return stopped ? { stopped } : guessed;
  };
}

/** Takes one of the tries of the challenge or the code; what is over before is told, and costs none. */
async function takeTry(
  attempts: Attempts,
  { attempt }: Step,
  { account, tries, field, now }: Asked & { readonly account: Account | undefined; readonly now: Date },
): Promise<Outcome | undefined> {
  const locked = account && lockOutcome(account, now);
  if (locked) return locked;
  const over = tries === 'deliveredCode' ? codeOver(attempt.deliveredCode, field, now) : undefined;
  if (over) return over;
  return (await attempts.takeTry(attempt, tries, now)) ? undefined : moved; // guard: try-before-judging
}

/** What the form of a code says that is over: no answer is right any more. */
function codeOver(code: DeliveredCode | undefined, field: string, now: Date): Outcome | undefined {
  if (!code) return moved;
  const left = triesPerChallenge - code.tries;
  if (left <= 0) return codeRejected(field, left);
  return code.expiresAt <= now ? codeRejected(field, left) : undefined; // guard: mailbox-code-ends
}

/** The sentence of a wrong code that was sent to prove a mailbox or a phone. */
export function wrongCode(field: string, { tries }: DeliveredCode): Outcome {
  return codeRejected(field, triesPerChallenge - tries - 1);
}

function codeRejected(field: string, left: number): Outcome {
  return left > 0 ? invalid(field, 'code_rejected', { n: left }) : invalid(field, 'code_spent');
}
