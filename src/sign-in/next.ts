import type { Account } from '../accounts/account.ts';
import type { PendingRegistration } from '../accounts/registration.ts';
import { isForLost } from '../factors/kinds.ts';
import { triesPerChallenge } from '../protection/budgets.ts';
import type { AccountChangeAttempt, Attempt, ResetAttempt, SignInAttempt } from './attempt.ts';
import { isReset, isSignIn } from './attempt.ts';
import { isReenrolled } from './policy/assurance.ts';
import { demandOf, type FactorPolicy, putOffKind } from './policy/policy.ts';
import { deviceCounts } from './policy/remembering.ts';
import type { SignInRequest } from './request.ts';
import type { RescueRule } from './rescue/by-mail.ts';

export interface SignInPolicy extends FactorPolicy {
  readonly registrationOpen: boolean;
  /** Absent: nobody is rescued by mail. */
  readonly rescue?: RescueRule;
}

export type SignInStage =
  | 'sign-in'
  | 'register'
  | 'signed-in-as'
  | 'confirm-mail'
  | 'username'
  | 'enrol'
  | 'factor'
  | 'recovery-used'
  | 'recovery-codes'
  | 'consent'
  | 'finish';

/** 'over': nothing is left to do. */
type ChangeStage = 'confirm-mail' | 'enrol' | 'recovery-codes' | 'over';

/** 'done': the password was chosen in it. 'over': what was proved before it, or its tries, are gone. */
export type ResetStage = 'factor' | 'new-password' | 'done' | 'over';

export type Stage = SignInStage | ChangeStage | ResetStage;

/** What is known when the next step is decided. */
interface AnyPosition {
  /** The attempt's (or, for a consent, the session's): active, and unchanged since its password was proved; else undefined. */
  readonly account: Account | undefined;
  readonly now: Date;
}

export interface SignInPosition extends AnyPosition {
  readonly attempt: SignInAttempt;
  readonly request: SignInRequest;
  readonly policy: SignInPolicy;
}

export interface ChangePosition extends AnyPosition {
  readonly attempt: AccountChangeAttempt;
}

export interface ResetPosition extends AnyPosition {
  readonly attempt: ResetAttempt;
  /** The account says that its password was chosen in this very attempt. */
  readonly isDone?: boolean;
}

export type Position = SignInPosition | ChangePosition | ResetPosition;

/** The one place that decides the order. Every page and every POST asks it; none asks another page (ASVS 2.3.1). */
export function next(position: SignInPosition): SignInStage;
export function next(position: ResetPosition): ResetStage;
export function next(position: Position): Stage;
export function next(position: Position): Stage {
  if (isSignIn(position)) return signingIn(position);
  return isReset(position) ? resetting(position) : changing(position);
}

/** A mailbox alone changes nothing of somebody who has a second factor, whether or not it is asked for at a sign-in now. */
function resetting({ attempt, account, isDone }: ResetPosition): ResetStage {
  if (isDone) return 'done';
  if (!account) return 'over';
  const isProved = attempt.proofs.some(({ factorId }) => factorId !== undefined);
  if (isProved || account.factors.length === 0) return 'new-password'; // guard: reset-factor-first
  return attempt.challenge.tries >= triesPerChallenge ? 'over' : 'factor'; // guard: fifth-wrong-ends-reset
}

function signingIn(position: SignInPosition): SignInStage {
  const { attempt, request } = position;
  if (request.prompt === 'consent') return consented(position) ? 'finish' : 'consent';
  if (choosesAccount(position)) return 'signed-in-as';
  if (request.prompt === 'select_account' && attempt.chosen === 'continue') return 'finish'; // guard: continue-is-chosen
  return (
    identified(position) ?? secondFactor(position) ?? recovery(position) ?? (consented(position) ? 'finish' : 'consent')
  );
}

/** Who it is was proved before it began; it leads to no page that ends in a sign-in. */
function changing({ attempt, account }: ChangePosition): ChangeStage {
  if (!account) return 'over'; // guard: change-without-account-over
  if (attempt.recovery) return 'recovery-codes';
  const { enrolment } = attempt;
  // Added already: by the other half of a double click, or before an outage.
  if (!enrolment || account.factors.some(({ id }) => id === enrolment.factorId)) return 'over'; // guard: added-factor-ends-change
  return account.factors.length > 0 ? 'enrol' : toEnrol(attempt); // guard: area-first-factor-mailbox
}

function choosesAccount({ attempt, request }: SignInPosition): boolean {
  return request.prompt === 'select_account' && request.sessionAccountId !== undefined && attempt.chosen === undefined;
}

function identified({ attempt, account, request, policy }: SignInPosition): SignInStage | undefined {
  if (attempt.registration) return registering(attempt.registration);
  if (account && proved(attempt, 'password')) return undefined; // guard: password-begins-sign-in, password-while-account-stands
  return request.prompt === 'create' && policy.registrationOpen ? 'register' : 'sign-in'; // guard: closed-registration-hidden
}

function registering({ confirmed, correcting }: PendingRegistration): SignInStage {
  if (confirmed) return 'username'; // guard: registration-after-mailbox
  return correcting ? 'register' : 'confirm-mail';
}

function secondFactor({ attempt, account, request, policy, now }: SignInPosition): SignInStage | undefined {
  if (account && attempt.proofs.some(isForLost)) return isReenrolled(attempt.proofs) ? undefined : 'enrol'; // guard: lost-way-ends-in-enrolment
  if (attempt.proofs.some((proof) => proof.factorId !== undefined)) return undefined;
  // The fifth wrong answer ends the challenge: what was proved before it no longer counts.
  if (attempt.challenge.tries >= triesPerChallenge) return 'sign-in'; // guard: fifth-wrong-ends-challenge
  if (!account) return undefined;
  const putOff = proved(attempt, putOffKind);
  const remembered = deviceCounts({ policy, account, request, now, proofs: attempt.proofs });
  switch (demandOf({ policy, account, leastLevel: request.leastLevel, now, putOff, remembered })) {
    case 'prove':
      return 'factor'; // guard: factor-must-be-proved
    case 'nothing':
      return undefined;
    case 'offer':
      return putOff ? undefined : toEnrol(attempt);
    case 'enrol':
      return toEnrol(attempt);
  }
}

/** Whoever knows only the password must not bind the first factor: the confirmed mailbox has to agree. */
function toEnrol(attempt: Attempt): 'enrol' | 'confirm-mail' {
  return proved(attempt, 'mailbox') ? 'enrol' : 'confirm-mail'; // guard: first-factor-mailbox
}

/** Shown until their owner says that they are saved; nobody else than who proved a second factor here sees them. */
function recovery({ attempt, account }: SignInPosition): SignInStage | undefined {
  if (!account) return undefined;
  if (attempt.recovery) return 'recovery-codes';
  return attempt.recoveryLeft === undefined ? undefined : 'recovery-used';
}

function consented({ attempt, request }: SignInPosition): boolean {
  if (request.firstParty || attempt.consent) return true; // guard: foreign-client-consent
  return !request.asksConsent && request.scopes.every((scope) => request.allowed.includes(scope)); // guard: consent-prompt-shown, consent-every-scope
}

function proved(attempt: Attempt, kind: string): boolean {
  return attempt.proofs.some((proof) => proof.kind === kind);
}
