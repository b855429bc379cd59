import type { z } from 'zod';
import type { Account, AccountId } from '../accounts/account.ts';
import type { Level } from '../accounts/level.ts';
import type { DeliveredCode, Destination } from '../delivery/code.ts';
import type { Taken } from '../protection/budgets.ts';
import type { FactorKind } from './kind.ts';

export type { Level } from '../accounts/level.ts';

export interface Proof {
  /** 'password', 'mailbox' or a factor's kind. */
  readonly kind: string;
  readonly factorId?: string;
  /** Authentication method references (RFC 8176). */
  readonly amr: readonly string[];
  readonly level: Level;
  readonly at: Date;
}

/** What is asked for in a sign-in now. */
export interface Challenge {
  /** Wrong answers, whatever factors were asked for in between. */
  readonly tries: number;
  /** Whose it is; absent until one was begun. */
  readonly kind?: string;
  readonly factorId?: string;
  /** What its factor keeps of it: that kind alone reads and writes it. */
  readonly data?: unknown;
  /** What is kept is none from then on. */
  readonly expiresAt?: Date;
}

/** A sign-in attempt or an account change: what a challenge is bound to. */
export interface Flow {
  readonly id: string;
  /** Absent in a sign-in. */
  readonly purpose?: 'change' | 'reset';
  readonly accountId?: AccountId;
  /** The mark of the browser that it runs in. */
  readonly browser?: string;
  /** What was proved in it so far. */
  readonly proofs: readonly Proof[];
  /** The code that was sent in it last. */
  readonly deliveredCode?: DeliveredCode;
  /** What the factor that is asked keeps of its running challenge. */
  readonly challenge?: Pick<Challenge, 'data' | 'expiresAt'>;
}

/** An enrolled factor as it may be shown: masked. */
export interface Offer {
  readonly kind: string;
  readonly id: string;
  /** What its owner calls it, or ''. */
  readonly label: string;
  /** Where its codes go: 'a***@example.com', or the last two digits of a number. */
  readonly destination?: string;
}

/** What beginning a challenge, or the setting up of a factor, comes to. */
export interface Started {
  /** Kept in the attempt; nobody but the factor reads it. */
  readonly data?: unknown;
  /** What is kept is none from then on. */
  readonly expiresAt?: Date;
  /** A code has to be sent there before there is anything to answer. */
  readonly send?: Destination;
}

/** 'raced': right, and spent by another request at this very moment (a double click, or somebody who replays it). */
export type RejectionReason = 'wrong' | 'raced';

export type Verdict =
  /** The proof is already spent in our store, and the guesses are given back. */
  | {
      readonly outcome: 'accepted';
      readonly proof: Proof;
      /** Recovery codes that are left, where one was used. */
      readonly left?: number;
      /** The account as the spend left it, where that changed more than the factor. */
      readonly account?: Account;
    }
  /** The guess stays taken. */
  | {
      readonly outcome: 'rejected';
      readonly reason: RejectionReason;
      /** So far from now the answer would have been right, in seconds; ahead is positive. It never will be. */
      readonly clockOffSeconds?: number;
    };

export type PageFacts = Readonly<Record<string, unknown>>;

/** A form or JSON object: the names of its members are its fields, and any other is refused. */
export type Input<Answer> = z.ZodObject & z.ZodType<Answer>;

interface Answered<Answer> {
  readonly flow: Flow;
  readonly account: Account;
  readonly offer: Offer;
  readonly answer: Answer;
}

/** What the one write of a guess came to. */
export interface Guessed {
  readonly taken: Taken;
  /** Rejected where the guess was not taken. */
  readonly verdict: Verdict;
}

interface FactorParts<Answer> extends FactorKind {
  /** What is answered to a challenge, checked before a guess is taken. */
  readonly answer: Input<Answer>;
  /** What its page shows of a challenge. */
  readonly shows: z.ZodObject;
  /** Present where it may amount to less for an account. */
  levelFor?(account: Account): Level;
  offers(account: Account): readonly Offer[];
  /** Present where its answers travel: where to, for this offer. */
  destination?(account: Account, offer: Offer): Destination | undefined;
  /** Present where a challenge has to be begun: by the POST that leads to it, and never by a GET. */
  start?(question: { readonly flow: Flow; readonly account: Account; readonly offer: Offer }): Started;
  /** Present where somebody else may have to act first (an approval on a phone): while it is true nothing is judged, so no guess is taken, and the page asks again by itself. */
  pending?(question: { readonly flow: Flow; readonly account: Account; readonly offer: Offer }): Promise<boolean>;
  /** GET: reads only. */
  facts(flow: Flow, offer: Offer): Promise<PageFacts>;
  readonly enrolment?: Enrolment;
}

/** Its answers are judged once the guess was taken. */
export interface FactorGuessedBefore<Answer = unknown> extends FactorParts<Answer> {
  verify(question: Answered<Answer>): Promise<Verdict>;
  readonly guess?: never;
}

/** Its answers are matched in memory, at once, on the account as it was read. */
export interface FactorGuessedAtOnce<Answer = unknown> extends FactorParts<Answer> {
  readonly guessable: true;
  /**
   * Right or wrong, sends one and the same write, which takes the guess and within the budget spends what was right: what stood
   * before that write alone decides. Nothing that rests on the match comes before it, or right answers overtake wrong ones.
   */
  guess(question: Answered<Answer> & { readonly now: Date }): Promise<Guessed>;
  readonly verify?: never;
}

export type Factor<Answer = unknown> = FactorGuessedBefore<Answer> | FactorGuessedAtOnce<Answer>;

/** A factor being set up. Nothing counts before a proof; the pending secret lives sealed in the attempt, never in the account. */
export interface PendingEnrolment {
  readonly factorId: string;
  readonly kind: string;
  readonly expiresAt: Date;
  /** "I need more time" was pressed. */
  readonly renewed?: boolean;
  /** What its kind keeps until it counts: that kind's own schema alone reads and writes it. */
  readonly data?: unknown;
}

/** Recovery codes that are shown and not saved yet: they count from the moment their owner says so. */
export interface PendingRecovery {
  readonly salt: string;
  readonly sealedCodes: string;
  /** The salt of the set that they will replace. */
  readonly replaces?: string;
  /** It is shown in the place of one that its owner said was saved when another window had saved that other one. */
  readonly instead?: boolean;
}

export interface Enrolment<Answer = unknown> {
  /** What its page shows while it is set up. */
  readonly shows: z.ZodObject;
  /** With that it could be copied: whoever reads it has proved just now that it is theirs. */
  readonly showsSecret?: true;
  readonly answer: Input<Answer>;
  /** Begins it, by a POST alone; with what it keeps already it says again what has to be sent as things are now. */
  start(beginning: EnrolmentStart): Started;
  /** Present where it needs a destination that its owner types. */
  readonly destination?: DestinationField;
  facts(flow: Flow, account: Account, pending: PendingEnrolment): Promise<PageFacts>;
  /** Accepted: the account now holds the factor, its confirming proof is spent. 'wrong' also when the account has one already. */
  confirm(question: {
    readonly flow: Flow;
    readonly account: Account;
    readonly pending: PendingEnrolment;
    readonly answer: Answer;
  }): Promise<Verdict>;
}

export interface EnrolmentStart extends Pick<PendingEnrolment, 'factorId' | 'data'> {
  readonly account: Account;
  /** Those of the sign-in or the change that it is set up in. */
  readonly proofs: readonly Proof[];
}

export interface DestinationField {
  /** Name of the form's field. */
  readonly field: string;
  /** What is kept from then on, or the code of the sentence that tells why nothing can be sent there. 'same': it was said before. */
  give(question: {
    readonly account: Account;
    readonly pending: PendingEnrolment;
    readonly typed: string;
  }): { readonly data: unknown } | { readonly fault: string } | 'same';
  isGiven(pending: PendingEnrolment): boolean;
}
