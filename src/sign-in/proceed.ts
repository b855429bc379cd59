import type { Account } from '../accounts/account.ts';
import type { AwaitedCode } from '../delivery/code.ts';
import type { DeliveredCodes } from '../delivery/delivered-codes.ts';
import type { Factor, PendingEnrolment } from '../factors/factor.ts';
import { defined } from '../platform/defined.ts';
import { type Attempt, type AttemptChange, type Attempts, isSignIn } from './attempt.ts';
import { blanks } from './blank.ts';
import { begunAt, isUnderWay } from './delivery/awaited.ts';
import type { delivering } from './delivery/deliver.ts';
import { held, standingCode } from './delivery/earlier-code.ts';
import { begunEnrolment } from './enrolment/begun-enrolment.ts';
import { settable } from './factor/offers.ts';
import type { Ending } from './finish.ts';
import { next } from './next.ts';
import { moved, type Outcome, type Step, stepAt } from './outcome.ts';

export interface Proceeding<S extends Step = Step> {
  readonly change: AttemptChange<S['attempt']>;
  /** The account once the change is made. */
  readonly account: Account | undefined;
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
  readonly ending: Ending;
  readonly now: () => Date;
}) {
  return async function proceed<S extends Step>(step: S, { change, account }: Proceeding<S>): Promise<Outcome> {
    const reached = stepAt(step, { attempt: changed(step.attempt, change), account });
    const stage = next(reached);
    const enrolment = stage === 'enrol' ? (reached.attempt.enrolment ?? firstEnrolment(reached)) : undefined;
    const attempt = enrolment ? { ...reached.attempt, enrolment } : reached.attempt;
    const after = stepAt(reached, { attempt, account });
    const { awaited: needed, challenge = attempt.challenge } = begunAt(
      deps.factors,
      { stage, step: after },
      deps.now(),
    );
    const awaited = needed && !isUnderWay(attempt, needed) ? needed : undefined;
    const begun = {
      ...change,
      ...(stage === 'over' ? blanks[step.attempt.purpose] : {}), // guard: ended-change-empty
      ...(stage === 'finish' || stage === 'over' ? await deps.ending.lastChange(after) : {}),
      ...(enrolment ? { enrolment } : {}),
      ...(challenge === attempt.challenge ? {} : { challenge }),
      ...(awaited ? begunCode(step.attempt, { after: { ...attempt, challenge }, awaited }) : {}),
    };
    const advanced = await deps.attempts.advance(step.attempt, begun, deps.now());
    if (!advanced) return moved; // guard: mail-by-advance-winner
    if (awaited) await deps.deliver(stepAt(step, { attempt: advanced, account }));
    if (stage === 'finish') await deps.ending.settle(stepAt(after, { attempt: advanced }));
    return { outcome: 'moved', reached: { attempt: advanced, account } };
  };

  /** What a person without any factor sets up unless another kind is chosen: the first of the list. An account change is begun with its own. */
  function firstEnrolment(step: Step): PendingEnrolment | undefined {
    if (!step.account || !isSignIn(step)) return undefined;
    const { request, account, attempt } = step;
    const [first] = settable(deps.factors, request.leastLevel); // guard: first-enrolment-client-level
    if (!first) throw new Error('no kind of factor can be enrolled');
    return begunEnrolment(first, { account, proofs: attempt.proofs }, deps.now());
  }

  /** The attempt's own earlier code goes on until another one is sent. */
  function begunCode(
    before: Attempt,
    { after, awaited }: { readonly after: Attempt; readonly awaited: AwaitedCode },
  ): AttemptChange {
    const carried = standingCode({ ...after, ...codeOf(before) }, awaited, deps.now());
    return carried ? held(carried, after) : { deliveredCode: deps.deliveredCodes.awaiting(awaited) };
  }
}

function codeOf({ deliveredCode }: Attempt): Pick<Attempt, 'deliveredCode'> {
  return deliveredCode ? { deliveredCode } : {};
}

function changed<A extends Attempt>(attempt: A, change: AttemptChange<A>): A {
  return defined({ ...attempt, ...change }) as unknown as A;
}
