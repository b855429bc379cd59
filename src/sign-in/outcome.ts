import type { Origin } from '../platform/origin.ts';
import type { KnownBrowser } from '../protection/budgets.ts';
import type { Attempt } from './attempt.ts';
import type { DeviceCookies } from './device/remembered-devices.ts';
import type { ChangePosition, Position, ResetPosition, SignInPosition } from './next.ts';

/** A sentence about one field ('' = the whole form); the page shows it from the catalogue. */
export interface FieldError {
  readonly field: string;
  readonly code: string;
  readonly params?: Readonly<Record<string, string | number>>;
}

/** What an answer that was not enough leaves, for the page. */
export interface JudgedFacts {
  readonly triesLeft?: number;
  readonly lockedUntil?: string;
  readonly secondsLocked?: number;
}

/** How far a use case came: what decides where to go on without loading it again. */
export type Reached = Pick<Position, 'attempt' | 'account'>;

/** What a use case answers: go to what is next (whatever that is now), or the same form with sentences. */
export type Outcome =
  | {
      readonly outcome: 'moved';
      readonly reached?: Reached;
      /** By a wrong answer, which counts wherever wrong ones do; a form that was not judged leads on, too. */
      readonly failed?: true;
    }
  | {
      readonly outcome: 'invalid';
      readonly errors: readonly FieldError[];
      /** It was no answer: no guess was taken. */
      readonly unjudged?: true;
      readonly facts?: JudgedFacts;
    };

export type Invalid = Extract<Outcome, { readonly outcome: 'invalid' }>;

/** A POST as a use case sees it. */
interface Posted {
  readonly origin: Origin;
  /** The client's name, for mails. */
  readonly clientName: string;
  /** To which accounts this browser is known; only asked where it decides. */
  readonly knownBrowser?: () => KnownBrowser | undefined;
  /** What this browser is remembered by; absent where no device is. */
  readonly devices?: DeviceCookies;
}

export interface SignInStep extends SignInPosition, Posted {}

export interface ChangeStep extends ChangePosition, Posted {}

export interface ResetStep extends ResetPosition, Posted {}

/** Where a factor that is set up is proved. */
export type ProvingStep = SignInStep | ResetStep;

export type Step = ProvingStep | ChangeStep;

/** The same step as far as a use case came in it: with its own attempt as that was stored last. */
export function stepAt<S extends Step>(step: S, reached: { readonly attempt: Attempt } & Partial<Reached>): S {
  return { ...step, ...reached };
}

export const moved: Outcome = { outcome: 'moved' };

export function invalid(field: string, code: string, params?: FieldError['params'], facts?: JudgedFacts): Invalid {
  return {
    outcome: 'invalid',
    errors: [{ field, code, ...(params ? { params } : {}) }],
    ...(facts ? { facts } : {}),
  };
}

/** Whole seconds from now until `then`, never negative: durations are told, not clock times. */
export function secondsUntil(then: Date, now: Date): number {
  return Math.max(0, Math.ceil((then.getTime() - now.getTime()) / 1000));
}
