import { verifySync } from 'otplib';

type Digits = 6 | 8;

export const digits: Digits = 6;
export const periodSeconds = 30;

interface Question {
  readonly secret: string;
  readonly code: string;
  readonly now: Date;
  readonly after?: number;
}

/**
 * The time step whose code this is, at most one step from now on either side and greater than `after`. It is this step
 * that has to be spent, not the current one: a code of the previous step spent as the current one could be used again.
 */
export function matchedStep(
  question: Question & {
    readonly digits?: Digits;
    /** One step unless said: what is accepted. */
    readonly toleranceSeconds?: number;
  },
): number | undefined {
  const { secret, code, now, after = -1 } = question;
  const epoch = Math.floor(now.getTime() / 1000);
  // The library throws on a step ahead of its window; it means that our clock was set back: nothing is acceptable yet.
  if (after > Math.floor(epoch / periodSeconds)) return undefined; // guard: totp-clock-set-back
  const result = verifySync({
    secret,
    token: code,
    epoch,
    epochTolerance: question.toleranceSeconds ?? periodSeconds, // guard: totp-one-step-tolerance
    period: periodSeconds,
    digits: question.digits ?? digits,
    algorithm: 'sha1',
    ...(after < 0 ? {} : { afterTimeStep: after }), // guard: totp-step-after-last
  });
  return result.valid && 'timeStep' in result ? result.timeStep : undefined;
}

/** As matchedStep says, one step on either side; but each of them is computed whichever matches, so that a right code goes on its way no sooner than a wrong one. */
export function stepMatchedEvenly(question: Question): number | undefined {
  const around = [-1, 0, 1]; // guard: totp-steps-around-now
  const steps = around.map((offset) => {
    const now = new Date(question.now.getTime() + offset * periodSeconds * 1000);
    return matchedStep({ ...question, now, toleranceSeconds: 0 });
  });
  return steps.find((step) => step !== undefined);
}
