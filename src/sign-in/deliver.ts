import type { DeliveredCode, DeliveredCodes } from '../accounts/addresses.ts';
import { DeliveryError } from '../accounts/mailer.ts';
import type { Events } from '../protection/events.ts';
import type { Attempt, Attempts } from './attempt.ts';
import type { Step } from './outcome.ts';

/** Told of a message that could not be handed over; the cause is for the log alone. */
export type DeliveryReport = (cause: unknown) => void;

/** 'refused': a budget allowed no message; `retryAt` tells from when on it does, as far as whoever asks may know. */
export interface Delivered {
  readonly refused: boolean;
  readonly retryAt?: Date;
}

/**
 * Sends the code that the attempt waits for. Called only by whoever won the advance that asked for it: the budgets are taken
 * after it, or of a double click one could take the message and the other the attempt, and nothing would be sent.
 */
export function delivering(deps: {
  readonly attempts: Attempts;
  readonly deliveredCodes: DeliveredCodes;
  readonly events: Events;
  readonly report: DeliveryReport;
  readonly now: () => Date;
}) {
  /** A running code stays good where a budget allows no message now. */
  return async function deliver(step: Step, { newer }: { newer: boolean } = { newer: false }): Promise<Delivered> {
    const { attempt } = step;
    if (!attempt.deliveredCode) throw new Error('an attempt that is sent a code awaits one');
    const prepared = await deps.deliveredCodes.prepare(request(step, attempt.deliveredCode));
    const { nextSendAt } = prepared.deliveredCode;
    const deliveredCode = prepared.sendable
      ? { ...prepared.deliveredCode, ...(newer ? { newer } : {}) }
      : { ...attempt.deliveredCode, nextSendAt };
    const stored = await deps.attempts.advance(attempt, { deliveredCode }, deps.now());
    if (!prepared.sendable) return { refused: true, ...(prepared.retryAt ? { retryAt: prepared.retryAt } : {}) };
    if (stored) await send(step, { stored, prepared });
    return { refused: false };
  };

  async function send(
    step: Step,
    { stored, prepared }: { stored: Attempt; prepared: Awaited<ReturnType<DeliveredCodes['prepare']>> },
  ): Promise<void> {
    try {
      const reference = await prepared.send();
      if (reference !== undefined) await note(stored, { reference });
    } catch (cause) {
      deps.report(cause);
      await recordFailure(step, prepared.deliveredCode, cause);
      // The next try waits as after any message: this one may have arrived all the same, and the budget is used.
      await note(stored, { undelivered: true });
    }
  }

  async function note(stored: Attempt, more: Pick<DeliveredCode, 'reference' | 'undelivered'>): Promise<void> {
    if (!stored.deliveredCode) return;
    await deps.attempts.advance(stored, { deliveredCode: { ...stored.deliveredCode, ...more } }, deps.now());
  }

  function recordFailure({ account, request: { clientId }, origin }: Step, code: DeliveredCode, cause: unknown) {
    const detail = `${code.courier}_${cause instanceof DeliveryError ? cause.reason : 'fault'}`;
    const who = { clientId, ...origin, ...(account ? { accountId: account.id } : {}) };
    return deps.events.append({ at: deps.now(), kind: 'delivery', result: 'failure', detail, ...who });
  }
}

function request(step: Step, { purpose, courier, destination, factorId }: DeliveredCode) {
  const { attempt, account, clientName: client, origin } = step;
  return {
    ...{ purpose, courier, destination, client, origin, flowId: attempt.id },
    view: viewOf(purpose, attempt),
    ...(factorId === undefined ? {} : { factorId }),
    ...(account ? { accountId: account.id } : {}),
  };
}

function viewOf(purpose: DeliveredCode['purpose'], { registration }: Attempt): string {
  if (purpose !== 'registration') return `${purpose}-code`;
  return registration?.known ? 'already-registered' : 'registration-code';
}
