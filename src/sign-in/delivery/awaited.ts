import type { Account } from '../../accounts/account.ts';
import type { AwaitedCode } from '../../delivery/code.ts';
import type { Challenge, Factor } from '../../factors/factor.ts';
import { defined } from '../../platform/defined.ts';
import { type Attempt, asksFactor } from '../attempt.ts';
import { lockOutcome } from '../factor/lock.ts';
import { currentOffer, flowOf, offersAt } from '../factor/offers.ts';
import type { Stage } from '../next.ts';
import type { ProvingStep, Step } from '../outcome.ts';

interface Reached {
  readonly stage: Stage;
  readonly step: Step;
}

/** What a stage begins with, beside what runs already. */
export interface Begun {
  /** The code that it waits for, whether it is under way or not. */
  readonly awaited?: AwaitedCode;
  /** To be kept in the place of what ran before. */
  readonly challenge?: Challenge;
}

/** What a stage of somebody who is known waits for. Asked by POSTs alone. */
export function begunAt(factors: readonly Factor[], { stage, step }: Reached, now: Date): Begun {
  const { account, attempt } = step;
  if (!account) return {};
  // Nothing is judged during a lock, so nobody is sent what cannot be entered.
  if (lockOutcome(account, now)) return {}; // guard: locked-sends-nothing
  if (stage === 'confirm-mail')
    return { awaited: { purpose: 'first-factor', courier: 'mail', destination: account.email } };
  if (stage === 'factor') return asksFactor(step) ? challengeAt(factors, { ...step, account }, now) : {};
  const { enrolment: pending } = attempt;
  if (stage !== 'enrol' || !pending) return {};
  const enrolment = factors.find(({ kind }) => kind === pending.kind)?.enrolment;
  const send = enrolment?.start({ ...pending, account, proofs: attempt.proofs }).send;
  return send ? { awaited: { ...send, purpose: 'enrolment', factorId: pending.factorId } } : {};
}

/** What is running of the very factor that is asked goes on; tries go on whichever is asked. */
function challengeAt(factors: readonly Factor[], step: ProvingStep & { readonly account: Account }, now: Date): Begun {
  const { account, attempt } = step;
  const chosen = currentOffer(offersAt(factors, step), attempt.way);
  if (!chosen) return {};
  const { factor, offer } = chosen;
  const flow = flowOf(attempt, offer);
  const { send, ...begun } = factor.start?.({ flow, account, offer }) ?? {};
  const awaited: AwaitedCode | undefined = send && {
    ...send,
    purpose: factor.forLost ? 'rescue' : 'sign-in', // guard: rescue-code-own-purpose
    factorId: offer.id,
  };
  const { tries } = attempt.challenge;
  const isRunning = flow.challenge && (begun.data === undefined || isOpen(flow.challenge, now));
  const challenge = isRunning ? undefined : { tries, kind: factor.kind, factorId: offer.id, ...begun }; // guard: tries-go-on
  return defined({ awaited, challenge });
}

/** Neither answered nor over. */
function isOpen({ data, expiresAt }: Pick<Challenge, 'data' | 'expiresAt'>, now: Date): boolean {
  return data !== undefined && (expiresAt === undefined || expiresAt > now);
}

/** It was asked for already: for this very purpose, factor and destination. */
export function isUnderWay({ deliveredCode: running }: Attempt, awaited: AwaitedCode): boolean {
  return (
    running?.purpose === awaited.purpose && // guard: code-underway-own-purpose
    running.factorId === awaited.factorId && // guard: code-underway-own-factor, code-underway-own-destination
    running.destination === awaited.destination
  );
}
