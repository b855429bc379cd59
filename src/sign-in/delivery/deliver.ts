import type { DeliveredCode } from '../../delivery/code.ts';
import type { DeliveredCodes } from '../../delivery/delivered-codes.ts';
import { DeliveryError } from '../../delivery/mailer.ts';
import { defined } from '../../platform/defined.ts';
import { type Events, eventSubject } from '../../protection/events.ts';
import { type Attempt, type Attempts, registrationOf } from '../attempt.ts';
import { holderOf } from '../factor/offers.ts';
import type { Step } from '../outcome.ts';
import { held, takeEarlier } from './earlier-code.ts';

/** Told of a message that could not be handed over; the cause is for the log alone. */
export type DeliveryReport = (cause: unknown) => void;

/** 'earlier': a budget allowed no message, and a code that was sent before may be entered. `retryAt`: from when on another one may be sent, as far as whoever asks may know. */
export type Delivered =
  | { readonly outcome: 'sent' | 'earlier' }
  | { readonly outcome: 'withheld'; readonly retryAt?: Date };

type Prepared = Awaited<ReturnType<DeliveredCodes['prepare']>>;

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
  return async function deliver(step: Step, { newer }: { newer: boolean } = { newer: false }): Promise<Delivered> {
    const { attempt } = step;
    const { deliveredCode: awaited } = attempt;
    if (!awaited) throw new Error('an attempt that is sent a code awaits one');
    const prepared = await deps.deliveredCodes.prepare(request(step, awaited));
    if (!prepared.sendable) return goWithout(attempt, { awaited, prepared });
    const deliveredCode = { ...prepared.deliveredCode, ...(newer ? { newer } : {}) };
    const stored = await deps.attempts.advance(attempt, { deliveredCode }, deps.now());
    if (stored) await send(step, { stored, prepared });
    return { outcome: 'sent' };
  };

  /** A running code stays good; where none runs, one of an earlier sign-in may be had. */
  async function goWithout(
    attempt: Attempt,
    { awaited, prepared }: { awaited: DeliveredCode; prepared: Extract<Prepared, { sendable: false }> },
  ): Promise<Delivered> {
    const now = deps.now();
    const earlier = awaited.unsent ? await takeEarlier(deps.attempts, { attempt, awaited, now }) : undefined; // guard: taken-code-where-none-runs
    const { nextSendAt } = prepared.deliveredCode;
    await deps.attempts.advance(attempt, held({ ...(earlier ?? awaited), nextSendAt }, attempt), now);
    if (earlier) return { outcome: 'earlier' };
    return { outcome: 'withheld', ...(prepared.retryAt ? { retryAt: prepared.retryAt } : {}) };
  }

  async function send(
    step: Step,
    { stored, prepared }: { stored: Attempt; prepared: Extract<Prepared, { sendable: true }> },
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

  function recordFailure({ account, attempt: { clientId }, origin }: Step, code: DeliveredCode, cause: unknown) {
    const detail = `${code.courier}_${cause instanceof DeliveryError ? cause.reason : 'fault'}`;
    const who = eventSubject({ accountId: account?.id, clientId, origin });
    return deps.events.append({ at: deps.now(), kind: 'delivery', result: 'failure', detail, ...who });
  }
}

function request(step: Step, { purpose, courier, destination, factorId }: DeliveredCode) {
  const { attempt, clientName: client, origin } = step;
  return {
    purpose,
    courier,
    destination,
    client,
    origin,
    holder: holderOf(attempt),
    view: viewOf(purpose, attempt),
    ...defined({ factorId }),
  };
}

function viewOf(purpose: DeliveredCode['purpose'], attempt: Attempt): string {
  if (attempt.purpose === 'reset') return 'reset-code';
  if (purpose !== 'registration') return `${purpose}-code`;
  return registrationOf(attempt)?.known ? 'already-registered' : 'registration-code';
}
