import type { Verdict } from '../../factors/factor.ts';
import type { Attempts, ResetAttempt, SignInAttempt } from '../attempt.ts';

type Rejected = Extract<Verdict, { outcome: 'rejected' }>;

/** Two codes typed one after the other are of neighbouring steps at most. */
const sameSeconds = 60;

/**
 * The minutes by which a phone's clock is off: told once two wrong answers in a row fit the same offset, which a guess
 * hardly does once. It only explains: neither code is accepted, and each has cost its guess.
 */
export function clockWatch(deps: { readonly attempts: Attempts; readonly now: () => Date }) {
  return async function minutesOff(
    attempt: SignInAttempt | ResetAttempt,
    { clockOffSeconds }: Rejected,
  ): Promise<number | undefined> {
    const before = attempt.clockOffSeconds;
    if (clockOffSeconds !== before) await deps.attempts.advance(attempt, { clockOffSeconds }, deps.now());
    if (clockOffSeconds === undefined || before === undefined) return undefined;
    if (Math.abs(clockOffSeconds - before) > sameSeconds) return undefined;
    return Math.max(1, Math.round(Math.abs(clockOffSeconds) / 60));
  };
}
