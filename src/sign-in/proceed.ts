import type { Account } from '../accounts/account.ts';
import type { AwaitedCode, DeliveredCodes } from '../accounts/addresses.ts';
import type { Factor } from '../factors/factor.ts';
import type { Attempt, AttemptChange, Attempts } from './attempt.ts';
import { awaitedCode, isUnderWay } from './awaited.ts';
import { begunEnrolment } from './begun-enrolment.ts';
import type { delivering } from './deliver.ts';
import { held, standingCode } from './earlier-code.ts';
import { next } from './next.ts';
import { settable } from './offers.ts';
import { moved, type Outcome, type Step } from './outcome.ts';

export interface Proceeding {
  readonly change: AttemptChange;
  /** The account once the change is made. */
  readonly account: Account | undefined;
}

/** Of the attempt itself, whoever it is that signs in. */
type Impersonal = 'expiresAt' | 'chosen' | 'finishedAt' | 'refused';

/** All the rest: facts belong to one person (CVE-2026-18963), so a field that is added is named here or above, or nothing compiles. */
export type Personal = Required<Omit<AttemptChange, Impersonal>>;

/** Everything an attempt holds about a person, taken out: what "Not you?" and a new password begin from. */
export const blank = {
  shown: undefined,
  accountId: undefined, // guard: blank-account
  sessionVersion: undefined,
  proofs: [], // guard: blank-proofs
  stay: undefined,
  registration: undefined,
  deliveredCode: undefined,
  enrolment: undefined, // guard: blank-enrolment
  recovery: undefined,
  recoveryLeft: undefined,
  challengeTries: 0, // guard: blank-challenge
  way: undefined,
  clockOffSeconds: undefined,
  consent: undefined, // guard: blank-consent
} as const satisfies Personal satisfies AttemptChange;

/** The same, but that a code stays for whoever comes as far again here: it opens nothing by itself, and counts for the same person and destination alone. */
export const { deliveredCode: _code, ...blankButCode } = blank;

/** What a change leaves that is begun anew: a code to a destination that has yet to be typed again is looked at then. */
export function blankFrom({ deliveredCode }: Attempt): AttemptChange {
  return deliveredCode?.purpose === 'enrolment' ? blankButCode : blank;
}

/**
 * Makes a change and, in the same write, begins what the next stage needs: a pending enrolment, a code to be sent. So a GET
 * never has to begin anything, and what is begun is begun once: by the POST that led there.
 */
export function proceeding(deps: {
  readonly attempts: Attempts;
  readonly deliveredCodes: DeliveredCodes;
  readonly factors: readonly Factor[];
  readonly deliver: ReturnType<typeof delivering>;
  readonly now: () => Date;
}) {
  return async function proceed(step: Step, { change, account }: Proceeding): Promise<Outcome> {
    const reached = changed(step.attempt, change);
    const stage = next({ ...step, attempt: reached, account });
    const enrolment =
      stage === 'enrol' && account
        ? (reached.enrolment ?? firstEnrolment(step, { account, proofs: reached.proofs }))
        : undefined;
    const after = enrolment ? { ...reached, enrolment } : reached;
    const { request } = step;
    const needed = account && awaitedCode(deps.factors, { stage, attempt: after, account, request }, deps.now());
    const awaited = needed && !isUnderWay(after, needed) ? needed : undefined;
    const begun: AttemptChange = {
      ...change,
      ...(stage === 'over' ? blank : {}), // guard: ended-change-empty
      ...(stage === 'finish' || stage === 'over' ? { finishedAt: deps.now() } : {}),
      ...(enrolment ? { enrolment } : {}),
      ...(awaited ? begunCode(step.attempt, { after, awaited }) : {}),
    };
    const advanced = await deps.attempts.advance(step.attempt, begun, deps.now());
    if (!advanced) return moved; // guard: mail-by-advance-winner
    if (awaited) await deps.deliver({ ...step, attempt: advanced, account });
    return { outcome: 'moved', reached: { attempt: advanced, account } };
  };

  /** What a person without any factor sets up unless another kind is chosen: the first of the list. */
  function firstEnrolment({ request }: Step, whose: { readonly account: Account } & Pick<Attempt, 'proofs'>) {
    const [first] = settable(deps.factors, request.leastLevel); // guard: first-enrolment-client-level
    if (!first) throw new Error('no kind of factor can be enrolled');
    return begunEnrolment(first, whose, deps.now());
  }

  /** The attempt's own earlier code goes on until another one is sent. */
  function begunCode(
    before: Attempt,
    { after, awaited }: { readonly after: Attempt; readonly awaited: AwaitedCode },
  ): AttemptChange {
    const standing = standingCode({ ...after, ...codeOf(before) }, awaited, deps.now());
    return standing ? held(standing, after) : { deliveredCode: deps.deliveredCodes.awaiting(awaited) };
  }
}

function codeOf({ deliveredCode }: Attempt): Pick<Attempt, 'deliveredCode'> {
  return deliveredCode ? { deliveredCode } : {};
}

function changed(attempt: Attempt, change: AttemptChange): Attempt {
  const entries = Object.entries({ ...attempt, ...change }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as unknown as Attempt;
}
