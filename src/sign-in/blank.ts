import type { AccountChangeAttempt, Attempt, AttemptChange, Changeable, SignInAttempt } from './attempt.ts';

/** Of the attempt itself, whoever it is that signs in. */
type Impersonal = 'expiresAt' | 'chosen' | 'finishedAt' | 'refused' | 'interaction' | 'events';

/** All the rest: facts belong to one person (CVE-2026-18963), so a field that is added is named here or above, or nothing compiles. */
export type Personal<A extends Attempt> = {
  readonly [K in Exclude<Changeable<A>, Impersonal>]-?: A[K] | undefined;
};

/** What every attempt holds about a person. */
const shared = {
  shown: undefined,
  accountId: undefined,
  sessionVersion: undefined,
  proofs: [],
  deliveredCode: undefined,
  enrolment: undefined,
  recovery: undefined,
  challenge: { tries: 0 },
} as const;

/** Everything that an attempt of each kind holds about a person, taken out: what "Not you?" and a new password begin from. */
export const blanks = {
  'sign-in': {
    ...shared,
    stay: undefined,
    knownBrowser: undefined,
    registration: undefined,
    recoveryLeft: undefined,
    way: undefined,
    clockOffSeconds: undefined,
    consent: undefined,
  },
  change: shared,
  reset: { ...shared, way: undefined, clockOffSeconds: undefined },
} as const satisfies { readonly [A in Attempt as A['purpose']]: Personal<A> };

/** Of a sign-in. */
export const blank = blanks['sign-in'] satisfies AttemptChange<SignInAttempt>;

/** The same, but that a code stays for whoever comes as far again here: it opens nothing by itself, and counts for the same person and destination alone. */
export const { deliveredCode: _code, ...blankButCode } = blank;

/** What a change that is cancelled leaves. */
export const { deliveredCode: _sent, ...changeButCode } = blanks.change;

/** What a change leaves that is begun anew: a code to a destination that has yet to be typed again is looked at then. */
export function blankFrom({ deliveredCode }: AccountChangeAttempt): AttemptChange<AccountChangeAttempt> {
  return deliveredCode?.purpose === 'enrolment' ? changeButCode : blanks.change;
}
