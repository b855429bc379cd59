import type { DeliveredCodes } from '../accounts/addresses.ts';
import type { Attempts } from './attempt.ts';
import type { delivering } from './deliver.ts';
import { moved, type Outcome, refused, type Step, secondsUntil } from './outcome.ts';

export function sendingAnother(deps: {
  readonly attempts: Attempts;
  readonly deliveredCodes: DeliveredCodes;
  readonly deliver: ReturnType<typeof delivering>;
  readonly now: () => Date;
}) {
  /** A newer code ends the older one. What a budget refuses looks like a wait and tells how long. */
  return async function sendAnother(step: Step): Promise<Outcome> {
    const { deliveredCode } = step.attempt;
    const now = deps.now();
    if (!deliveredCode) return moved;
    if (deliveredCode.nextSendAt > now) return wait(deliveredCode.nextSendAt, now);
    const claim = { ...deliveredCode, nextSendAt: deps.deliveredCodes.awaiting(deliveredCode).nextSendAt };
    const attempt = await deps.attempts.advance(step.attempt, { deliveredCode: claim }, now);
    if (!attempt) return moved;
    const retryAt = await deps.deliver({ ...step, attempt }, { newer: true });
    return retryAt ? wait(retryAt, now) : moved;
  };
}

function wait(until: Date, now: Date): Outcome {
  return refused('', 'send_wait', { seconds: secondsUntil(until, now) });
}
