import type { AwaitedCode } from '../accounts/addresses.ts';
import type { Factor } from '../factors/factor.ts';
import { type Attempt, isSignIn } from './attempt.ts';
import { lockRefusal } from './lock.ts';
import type { Stage } from './next.ts';
import { asked, flowOf, offered } from './offers.ts';
import type { Step } from './outcome.ts';

interface Reached {
  readonly stage: Stage;
  readonly step: Step;
}

/** The code that a stage of somebody who is known waits for, whether it is under way or not. */
export function awaitedCode(factors: readonly Factor[], { stage, step }: Reached, now: Date): AwaitedCode | undefined {
  const { account, attempt } = step;
  if (!account) return undefined;
  // Nothing is judged during a lock, so nobody is sent what cannot be entered.
  if (lockRefusal(account, now)) return undefined; // guard: locked-sends-nothing
  if (stage === 'confirm-mail') return { purpose: 'first-factor', courier: 'mail', destination: account.email };
  if (stage === 'factor') {
    if (!isSignIn(step)) return undefined;
    const chosen = asked(offered(factors, account, step.request.leastLevel), step.attempt.way);
    if (!chosen) return undefined;
    const { factor, offer } = chosen;
    const send = factor.start?.({ flow: flowOf(attempt), account, offer }).send;
    return send && { ...send, purpose: 'sign-in', factorId: offer.id };
  }
  const { enrolment: pending } = attempt;
  if (stage !== 'enrol' || !pending) return undefined;
  const enrolment = factors.find(({ kind }) => kind === pending.kind)?.enrolment;
  const send = enrolment?.start({ ...pending, account, proofs: attempt.proofs }).send;
  return send && { ...send, purpose: 'enrolment', factorId: pending.factorId };
}

/** It was asked for already: for this very purpose, factor and destination. */
export function isUnderWay({ deliveredCode: running }: Attempt, awaited: AwaitedCode): boolean {
  return (
    running?.purpose === awaited.purpose && // guard: code-underway-own-purpose
    running.factorId === awaited.factorId && // guard: code-underway-own-factor, code-underway-own-destination
    running.destination === awaited.destination
  );
}
