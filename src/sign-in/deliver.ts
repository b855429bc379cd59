import type { PreparedMail } from '../accounts/addresses.ts';
import type { Attempt, Attempts } from './attempt.ts';

/** Told of a mail that could not be handed over; the cause is for the log alone. */
export type DeliveryReport = (cause: unknown) => void;

/** Sends a mail whose code is stored already. A failure is kept in the attempt, so that the page tells it. The next try waits as after any mail: it may have arrived all the same, and the recipient's budget is used. */
export function delivering(deps: {
  readonly attempts: Attempts;
  readonly report: DeliveryReport;
  readonly now: () => Date;
}) {
  return async function deliver(attempt: Attempt, mail: PreparedMail): Promise<void> {
    try {
      await mail.send();
    } catch (cause) {
      deps.report(cause);
      await deps.attempts.advance(attempt, { mailCode: { ...mail.mailCode, undelivered: true } }, deps.now());
    }
  };
}
