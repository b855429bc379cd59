import type { DeliveredCode } from '../../delivery/code.ts';
import type { DeliveredCodes } from '../../delivery/delivered-codes.ts';
import type { Factor } from '../../factors/factor.ts';
import { defined } from '../../platform/defined.ts';
import { type AttemptChange, type Attempts, registrationOf } from '../attempt.ts';
import { renewed } from '../enrolment/begun-enrolment.ts';
import { next } from '../next.ts';
import { invalid, moved, type Outcome, type Step, secondsUntil, stepAt } from '../outcome.ts';
import type { proceeding } from '../proceed.ts';
import { type Begun, begunAt, isUnderWay } from './awaited.ts';
import type { delivering } from './deliver.ts';

export function sendingAnother(deps: {
  readonly attempts: Attempts;
  readonly deliveredCodes: DeliveredCodes;
  readonly factors: readonly Factor[];
  readonly deliver: ReturnType<typeof delivering>;
  readonly proceed: ReturnType<typeof proceeding>;
  readonly now: () => Date;
}) {
  /** A newer code ends the older one. What a budget refuses looks like a wait; how long is told where it began here. */
  return async function sendAnother(step: Step): Promise<Outcome> {
    const { account, attempt } = step;
    const { deliveredCode: running } = attempt;
    const now = deps.now();
    const { awaited, challenge }: Begun = account
      ? begunAt(deps.factors, { stage: next(step), step }, now)
      : defined({ awaited: registrationOf(attempt) && running });
    // A challenge that needs no message, and was not begun, is over or was spent right before an outage.
    if (!awaited && challenge?.data !== undefined) return deps.proceed(step, { account, change: {} });
    if (!awaited) return moved;
    // None is running: it was spent right before an outage, or a lock has just ended.
    if (!running || !isUnderWay(attempt, awaited)) return deps.proceed(step, { account, change: begunAnew(step, now) }); // guard: another-code-where-none-runs
    if (running.nextSendAt > now) return wait(running.nextSendAt, now);
    return replace(step, running, now);
  };

  async function replace(step: Step, running: DeliveredCode, now: Date): Promise<Outcome> {
    const claim: AttemptChange = {
      deliveredCode: { ...running, nextSendAt: deps.deliveredCodes.awaiting(running).nextSendAt },
      ...begunAnew(step, now),
    };
    const attempt = await deps.attempts.advance(step.attempt, claim, now);
    if (!attempt) return moved;
    const delivered = await deps.deliver(stepAt(step, { attempt }), { newer: true });
    if (delivered.outcome !== 'withheld') return moved;
    // One sentence for every wait that others' messages begin: its seconds would tell when they were sent.
    return delivered.retryAt ? wait(delivered.retryAt, now) : invalid('', 'send_later');
  }
}

/** What is being set up has its whole time from the code that was asked for last. */
function begunAnew({ attempt: { enrolment } }: Step, now: Date): AttemptChange {
  return enrolment ? { enrolment: renewed(enrolment, now) } : {}; // guard: enrolment-time-from-last-code
}

function wait(until: Date, now: Date): Outcome {
  return invalid('', 'send_wait', { seconds: secondsUntil(until, now) });
}
