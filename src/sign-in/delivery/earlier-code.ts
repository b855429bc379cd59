import { type AwaitedCode, answersChallenge, type DeliveredCode } from '../../delivery/code.ts';
import { bindingOf, stands } from '../../delivery/code-binding.ts';
import { defined } from '../../platform/defined.ts';
import { triesPerChallenge } from '../../protection/budgets.ts';
import type { Attempt, AttemptChange, Attempts } from '../attempt.ts';
import { holderOf } from '../factor/offers.ts';

/** The attempt's own code, where it was sent for the very same and may still be entered: what was proved before it may have been begun anew since. */
export function standingCode(attempt: Attempt, awaited: AwaitedCode, now: Date): DeliveredCode | undefined {
  const { deliveredCode: code } = attempt;
  const binding = bindingOf(holderOf(attempt), awaited);
  return stands(code, { binding, tries: triesPerChallenge, now }) ? carriedOver(code, awaited) : undefined;
}

/** A code that was sent before it was asked for here. Tries and end go along; what it proves is set up under this sign-in's own id. */
export function carriedOver({ newer: _, ...code }: DeliveredCode, awaited: AwaitedCode): DeliveredCode {
  const { purpose, courier, destination, factorId } = awaited;
  const proves = defined({ factorId });
  return { ...code, purpose, courier, destination, ...proves, earlier: true };
}

/**
 * The code of an earlier sign-in, for whoever has come as far again in the same browser and may be sent none now. It moves:
 * the other sign-in loses it, and of several that ask for it one gets it.
 */
export async function takeEarlier(
  attempts: Pick<Attempts, 'takeCode'>,
  { attempt, awaited, now }: { readonly attempt: Attempt; readonly awaited: AwaitedCode; readonly now: Date },
): Promise<DeliveredCode | undefined> {
  // An account change has no mark of a browser: nothing tells that it is the same person who asks.
  if (attempt.purpose !== 'sign-in') return undefined;
  const binding = bindingOf(holderOf(attempt), awaited);
  const code = await attempts.takeCode({ binding, attemptId: attempt.id, now });
  return code && carriedOver(code, awaited);
}

/** A code that was answered wrongly before goes on in a challenge that has as many tries behind it. */
export function held(code: DeliveredCode, { challenge }: Pick<Attempt, 'challenge'>): AttemptChange {
  const behind = answersChallenge(code) && code.tries > challenge.tries; // guard: earlier-code-keeps-tries
  return { deliveredCode: code, ...(behind ? { challenge: { ...challenge, tries: code.tries } } : {}) };
}
