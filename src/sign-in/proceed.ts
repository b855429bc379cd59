import type { Account } from '../accounts/account.ts';
import type { DeliveredCodes } from '../accounts/addresses.ts';
import type { Factor } from '../factors/factor.ts';
import type { Attempt, AttemptChange, Attempts } from './attempt.ts';
import type { delivering } from './deliver.ts';
import { next } from './next.ts';
import { moved, type Outcome, type Step } from './outcome.ts';

export interface Proceeding {
  readonly change: AttemptChange;
  /** The account once the change is made. */
  readonly account: Account | undefined;
}

/** Everything an attempt holds about a person, taken out: what "Not you?" and a new password begin from. */
export const blank: AttemptChange = {
  shown: undefined,
  accountId: undefined,
  sessionVersion: undefined,
  proofs: [],
  stay: undefined,
  registration: undefined,
  deliveredCode: undefined,
  enrolment: undefined,
  challengeTries: 0,
  consent: undefined,
};

/**
 * Makes a change and, in the same write, begins what the next stage needs: a pending enrolment, a mailed code. So a GET
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
    const after = changed(step.attempt, change);
    const stage = next({ ...step, attempt: after, account });
    const mailed = stage === 'confirm-mail' && !after.deliveredCode ? account?.email : undefined;
    const begun: AttemptChange = {
      ...change,
      ...(stage === 'finish' ? { finishedAt: deps.now() } : {}),
      ...(stage === 'enrol' && account && !after.enrolment
        ? { enrolment: enrollable(deps.factors).begin(account) }
        : {}),
      ...(mailed
        ? { deliveredCode: deps.deliveredCodes.awaiting({ purpose: 'first-factor', destination: mailed }) }
        : {}),
    };
    const advanced = await deps.attempts.advance(step.attempt, begun, deps.now());
    if (!advanced) return moved;
    if (mailed) await deps.deliver({ ...step, attempt: advanced, account });
    return { outcome: 'moved', reached: { attempt: advanced, account } };
  };
}

/** The kind that a person without any factor sets up first: the first of the list that can be enrolled. */
export function enrollable(factors: readonly Factor[]) {
  const enrolment = factors.find((factor) => factor.enrolment)?.enrolment;
  if (!enrolment) throw new Error('no kind of factor can be enrolled');
  return enrolment;
}

function changed(attempt: Attempt, change: AttemptChange): Attempt {
  const entries = Object.entries({ ...attempt, ...change }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as unknown as Attempt;
}
