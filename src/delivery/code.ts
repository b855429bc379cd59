/** 'registration' and 'first-factor' prove a mailbox, 'enrolment' a destination that is to become a factor, 'sign-in' a factor that is one, 'rescue' that its account's owner reads the confirmed address. */
export type CodePurpose = 'registration' | 'first-factor' | 'enrolment' | 'sign-in' | 'rescue';

/** It answers the challenge of a sign-in, and shares its tries. */
export function answersChallenge({ purpose }: { readonly purpose: CodePurpose }): boolean {
  return purpose === 'sign-in' || purpose === 'rescue'; // guard: rescue-code-costs-tries
}

/** Where a code goes. */
export interface Destination {
  readonly courier: 'mail' | 'sms';
  /** Canonical address or E.164 number. */
  readonly destination: string;
}

/** A code that was sent to prove a mailbox or a phone. Bound by the keyed hash to its own id and to what `binding` names; the code itself is kept nowhere. */
export interface DeliveredCode extends Destination {
  readonly purpose: CodePurpose;
  /** The factor it proves, or will. */
  readonly factorId?: string;
  /** Random: two codes of equal digits have two hashes, and one that moves keeps its own. */
  readonly id: string;
  readonly hash: string;
  /** What the attempt that holds it must be like (bindingOf); only once it was sent. */
  readonly binding?: string;
  /** The account in whose name it was sent. */
  readonly accountId?: string;
  readonly sentAt?: Date;
  /** Where the service that sent it judges it: the verification's id. */
  readonly reference?: string;
  /** Answers taken for this very code; a newer code costs its recipient's send budget. */
  readonly tries: number;
  readonly expiresAt: Date;
  readonly nextSendAt: Date;
  /** It replaced an earlier one: the page says that only the newest works. */
  readonly newer?: boolean;
  /** It was sent before it was asked for here: the page says when, and why none was sent now. */
  readonly earlier?: boolean;
  /** It could not be handed over. */
  readonly undelivered?: boolean;
  /** Nothing was sent yet: the budgets allow it from `nextSendAt` on. No code is right until then. */
  readonly unsent?: boolean;
}

/** What a code is for, before there is one. */
export type AwaitedCode = Pick<DeliveredCode, 'purpose' | 'courier' | 'destination' | 'factorId'>;

/** Whose code it is: the sign-in or the change that it was sent in. */
export interface CodeHolder {
  readonly id: string;
  /** The browser's mark. Without one a code is good in that very sign-in alone. */
  readonly browser?: string;
  readonly accountId?: string;
}
