import { Problem } from '../../platform/problem.ts';
import type { AddressBudget, LimitedKind } from '../../protection/address-budget.ts';
import { type Outcome, secondsUntil } from '../../sign-in/outcome.ts';
import type { Answer } from './contract.ts';

export interface LimitDeps {
  readonly addressLimits: AddressBudget;
  readonly now: () => Date;
}

/** The address tried too much: the form is shown again, unjudged, whatever account it names. */
export interface TooMany {
  readonly outcome: 'too-many';
  readonly invalid: Extract<Outcome, { outcome: 'invalid' }>;
  readonly retryAfterSeconds: number;
}

/** Sentences about a form that was not looked into, beside what a factor calls no answer: no guess was taken. */
const unjudged: ReadonlySet<string> = new Set(['missing', 'username_shape', 'usernames_spent']);

/** What a form is limited in, and the address that it came from. */
export interface Limited {
  readonly limit: LimitedKind | undefined;
  readonly address: string | undefined;
}

/** Judges a form within what its client's address may try over all accounts; a kind is declared by the form alone. */
export async function withinLimit(
  { addressLimits, now }: LimitDeps,
  { limit, address }: Limited,
  act: () => Promise<Answer>,
): Promise<Answer | TooMany> {
  if (!limit) return act();
  const until = await addressLimits.admit(limit, address);
  if (until) return tooMany(secondsUntil(until, now()));
  const outcome = await act();
  if (isFailure(outcome)) await addressLimits.charge(limit, address);
  return outcome;
}

/**
 * Reads what a form with a limit was sent. What no page of ours can send (64 KB of names) is charged as a wrong answer is; a
 * foreign page could send it from anybody's browser, and charges nobody.
 */
export async function readWithinLimit<T>(
  { addressLimits, now }: LimitDeps,
  { limit, address, isOurs }: Limited & { readonly isOurs: boolean },
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Problem) || limit === undefined || !isOurs) throw error; // guard: foreign-form-not-charged
    const until = await addressLimits.admit(limit, address);
    if (until) throw tooManyTries(secondsUntil(until, now())); // guard: waiting-address-told
    await addressLimits.charge(limit, address); // guard: unreadable-form-charged
    throw error;
  }
}

function tooManyTries(seconds: number): Problem {
  return new Problem('network', 429, { retryAfterSeconds: seconds, params: { seconds } });
}

function tooMany(seconds: number): TooMany {
  const errors = [{ field: '', code: 'network', params: { seconds } }];
  return { outcome: 'too-many', invalid: { outcome: 'invalid', errors }, retryAfterSeconds: seconds };
}

/** The last wrong code of a challenge leads on, and counts as the others do; a second click and a stale tab lead on and count for nothing. */
function isFailure(outcome: Answer): boolean {
  switch (outcome.outcome) {
    case 'cancelled':
      return false;
    case 'invalid':
      return outcome.unjudged !== true && outcome.errors.some(({ code }) => !unjudged.has(code));
    case 'moved':
    case 'done':
      return outcome.failed === true; // guard: last-wrong-code-charged, unjudged-not-charged
  }
}
