import type { Account, AccountId } from '../accounts/account.ts';
import type { PendingRegistration } from '../accounts/registration.ts';
import type { DeliveredCode } from '../delivery/code.ts';
import type { Challenge, PendingEnrolment, PendingRecovery, Proof } from '../factors/factor.ts';
import type { NamedEvent } from '../protection/events.ts';
import type { Asked } from './request.ts';

/** What every attempt has: what was proved in it so far, and what waits in it for an answer. */
interface AnyAttempt {
  /** SHA-256 of what its browser holds: the uid of an interaction, the session of an account change, what it got as it opened a link. */
  readonly id: string;
  readonly revision: number;
  readonly clientId: string;
  readonly expiresAt: Date;
  /** Canonical identifier that the account line shows; only what was typed. */
  readonly shown?: string;
  readonly accountId?: AccountId;
  /** The account's sessionVersion as it was when the password was proved, or the link taken: the finish compares it. */
  readonly sessionVersion?: number;
  readonly proofs: readonly Proof[];
  readonly deliveredCode?: DeliveredCode;
  readonly enrolment?: PendingEnrolment;
  /** Recovery codes that wait to be saved. */
  readonly recovery?: PendingRecovery;
  readonly challenge: Challenge;
  /** From then on it is over; of a sign-in the library knows the result, or is being told. */
  readonly finishedAt?: Date;
}

/** Begun by an authorization request: its client is told who it was. */
export interface SignInAttempt extends AnyAttempt {
  readonly purpose: 'sign-in';
  /** SHA-256 of the mark of the browser that began it: it goes on there alone. */
  readonly browserMark: string;
  readonly asked: Asked;
  /** What the library keeps of it, sealed: opened in oidc/ alone. Absent once it was resumed: then it is over there. */
  readonly interaction?: string;
  readonly stay?: boolean;
  /** The password was given in a browser that had finished a sign-in to this account before. */
  readonly knownBrowser?: true;
  readonly registration?: PendingRegistration;
  /** A recovery code was used here: so many are left, which its owner has yet to be shown. */
  readonly recoveryLeft?: number;
  /** How far off the last wrong answer's clock was, in seconds. */
  readonly clockOffSeconds?: number;
  /** The offer that was chosen on "another way"; else the first is asked. */
  readonly way?: string;
  /** Scopes that the person allowed in this attempt. */
  readonly consent?: readonly string[];
  /** What was chosen on "You are signed in as": go on with the session's account, or sign in anew. */
  readonly chosen?: 'continue' | 'other';
  /** It ended without a sign-in: cancelled, consent denied, or resumed before its end. */
  readonly refused?: boolean;
  /** What its last write tells the audit record, until it was moved there. */
  readonly events?: readonly NamedEvent[];
}

/** Begun by whoever is signed in, in the account area: it changes the own account, and no client is told anything. */
export interface AccountChangeAttempt extends AnyAttempt {
  readonly purpose: 'change';
  /** The id of its session's record: that session goes on, whatever the change ends. */
  readonly sessionId: string;
}

/** Begun by the button of a mailed link, which stands in for the password: a new password, and no client is told anything. */
export interface ResetAttempt extends AnyAttempt {
  readonly purpose: 'reset';
  /** Where the link went: what lives in that mailbox proves nothing more. */
  readonly mailbox: string;
  readonly clockOffSeconds?: number;
  readonly way?: string;
}

export type Attempt = SignInAttempt | AccountChangeAttempt | ResetAttempt;

/** What says which attempt it is, and whose: no advance writes it. */
type Fixed = 'id' | 'revision' | 'purpose' | 'clientId' | 'browserMark' | 'asked' | 'sessionId' | 'mailbox';

/** What an advance may write in an attempt of this kind; where the kind is open, what all of them have. */
export type Changeable<A extends Attempt> = Exclude<keyof A, Fixed>;

type AnyField = Attempt extends infer A ? (A extends Attempt ? Changeable<A> : never) : never;

/** Fields to set; a field named with undefined is removed. No attempt takes a field of another kind. */
export type AttemptChange<A extends Attempt = Attempt> = {
  readonly [K in Changeable<A>]?: A[K] | undefined;
} & { readonly [K in Exclude<AnyField, keyof A>]?: never };

/** Of several kinds of attempts, or of what holds one: those of a sign-in. */
export function isSignIn<P extends { readonly attempt: Attempt }>(
  position: P,
): position is Extract<P, { readonly attempt: SignInAttempt }> {
  return position.attempt.purpose === 'sign-in'; // guard: change-never-signs-in
}

export function isReset<P extends { readonly attempt: Attempt }>(
  position: P,
): position is Extract<P, { readonly attempt: ResetAttempt }> {
  return position.attempt.purpose === 'reset';
}

/** Those in which a factor that is set up is asked for: a change asks by a sign-in of its own. */
export function asksFactor<P extends { readonly attempt: Attempt }>(
  position: P,
): position is Exclude<P, { readonly attempt: AccountChangeAttempt }> {
  return position.attempt.purpose !== 'change';
}

/** An account change registers nobody. */
export function registrationOf(attempt: Attempt): PendingRegistration | undefined {
  return attempt.purpose === 'sign-in' ? attempt.registration : undefined;
}

/** Of the running challenge, of the code that was sent, or of both: a challenge that is answered by that very code. */
export type TriesOf = 'challenge' | 'deliveredCode' | 'both';

/** A reset as its link's button begins it: whose it is stands fast from then on. */
export type NewReset = Pick<ResetAttempt, 'id' | 'clientId' | 'expiresAt' | 'mailbox'> &
  Required<Pick<ResetAttempt, 'accountId' | 'sessionVersion' | 'shown'>>;

/** The port to the attempts. Nothing past its `expiresAt` is ever returned or changed. */
export interface Attempts {
  open(
    attempt: Pick<SignInAttempt, 'id' | 'clientId' | 'expiresAt' | 'asked' | 'browserMark' | 'interaction'>,
  ): Promise<void>;
  /** Opens an account change where none of this id runs: in the place of one that is over, never of one that is not. */
  openChange(
    attempt: Pick<AccountChangeAttempt, 'id' | 'clientId' | 'expiresAt' | 'sessionId'>,
    now: Date,
  ): Promise<void>;
  /** The same for a reset of the password. */
  openReset(attempt: NewReset, now: Date): Promise<void>;
  find(id: string, now: Date): Promise<Attempt | undefined>;
  /** Applies the change only while the stored revision is the one read; returns the changed attempt to exactly one caller. */
  advance<A extends Attempt>(attempt: A, change: AttemptChange<A>, now: Date): Promise<A | undefined>;
  /** Takes one of the tries of the running challenge or mail code before the answer is judged. Of several answers given at once from one page one takes it (a double click is judged once). False: another did, none are left, or the step is over. */
  takeTry(attempt: Attempt, what: TriesOf, now: Date): Promise<boolean>;
  /** Takes the newest code of this binding out of another attempt, where it may still be entered: sent, unspent, not past its end, with tries left. Answers it to exactly one caller; there it is over from then on. */
  takeCode(code: {
    readonly binding: string;
    readonly attemptId: string;
    readonly now: Date;
  }): Promise<DeliveredCode | undefined>;
  /** The client of an attempt up to a day after it ended, so that the page for an expired sign-in can lead back. */
  findClient(id: string, now: Date): Promise<string | undefined>;
  /** Empties what is over to its client (personal data does not wait for the day to end). */
  sweep(now: Date): Promise<void>;
}

/** The port to what each page of a sign-in begins with. It only reads: whatever is changed on the strength of it is changed under a condition. */
export interface AttemptsWithAccounts {
  /** As Attempts says, with the account whose password was proved there. */
  find(id: string, now: Date): Promise<{ readonly attempt: Attempt; readonly account?: Account } | undefined>;
}
