import type { DeliveredCode, DeliveredCodes } from '../accounts/addresses.ts';
import type { Attempts } from './attempt.ts';
import type { Step } from './outcome.ts';

/** Told of a mail that could not be handed over; the cause is for the log alone. */
export type DeliveryReport = (cause: unknown) => void;

/**
 * Mails the code that the attempt waits for. Called only by whoever won the advance that asked for it: the recipient's budget
 * is taken after it, or of a double click one could take the mail and the other the attempt, and nothing would be sent.
 */
export function delivering(deps: {
  readonly attempts: Attempts;
  readonly deliveredCodes: DeliveredCodes;
  readonly report: DeliveryReport;
  readonly now: () => Date;
}) {
  /** Answers when the next mail may go, where the recipient's budget allowed none now; a running code stays good then. */
  return async function deliver(
    step: Step,
    { newer }: { newer: boolean } = { newer: false },
  ): Promise<Date | undefined> {
    const { attempt } = step;
    if (!attempt.deliveredCode) throw new Error('an attempt that is sent a code awaits one');
    const { purpose, destination } = attempt.deliveredCode;
    const view = viewOf(attempt.deliveredCode, step);
    const address = { flowId: attempt.id, purpose, destination };
    const mail = await deps.deliveredCodes.prepare({ ...address, view, client: step.clientName, origin: step.origin });
    const { nextSendAt } = mail.deliveredCode;
    const deliveredCode = mail.sendable
      ? { ...mail.deliveredCode, ...(newer ? { newer } : {}) }
      : { ...attempt.deliveredCode, nextSendAt };
    const stored = await deps.attempts.advance(attempt, { deliveredCode }, deps.now());
    if (!mail.sendable) return nextSendAt;
    if (!stored) return undefined;
    try {
      await mail.send();
    } catch (cause) {
      deps.report(cause);
      // The next try waits as after any mail: this one may have arrived all the same, and the budget is used.
      await deps.attempts.advance(stored, { deliveredCode: { ...mail.deliveredCode, undelivered: true } }, deps.now());
    }
    return undefined;
  };
}

function viewOf({ purpose }: DeliveredCode, { attempt }: Step): string {
  if (purpose === 'first-factor') return 'first-factor-code';
  return attempt.registration?.known ? 'already-registered' : 'registration-code';
}
