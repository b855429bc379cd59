import type { Guesses, KnownBrowser } from '../protection/budgets.ts';
import type { StrangerTake, ToldOfGuesses } from '../protection/stranger-guesses.ts';
import type { MailboxUses } from './mailbox-uses.ts';
import type { Pass } from './pass.ts';
import type { RecoverySet } from './recovery-set.ts';
import type { Revocation } from './revocation.ts';

export type AccountId = string;

/** A second factor that its owner has proved once; only such a factor is ever stored. */
export interface EnrolledFactor {
  readonly id: string;
  /** Which kind of factor judges it ('totp'); open, so that a new kind edits no union. */
  readonly kind: string;
  /** The name the owner gave it, or ''. */
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  /** What its kind keeps of it: that kind's own schema alone reads and writes it. */
  readonly data?: unknown;
}

/** Where a sign-in was finished: a keyed hash of rough place and browser's name. */
export interface SeenPlace {
  readonly key: string;
  readonly at: Date;
}

export interface Account {
  readonly id: AccountId;
  /** Canonical (accounts/identifier), proved by a code before the account was made. */
  readonly email: string;
  readonly username?: string;
  /** PHC string; absent means that no password signs in. */
  readonly passwordHash?: string;
  readonly roles: readonly string[];
  readonly active: boolean;
  /** Raised by every event that ends sign-ins elsewhere: attempts and session records carry the value they were proved under. */
  readonly sessionVersion: number;
  /** Raised by every event that ends remembered devices. */
  readonly securityVersion: number;
  readonly factors: readonly EnrolledFactor[];
  readonly recovery?: RecoverySet;
  /** Since its first factor no set of recovery codes was saved: whoever proves a factor is shown one until it is. */
  readonly recoveryDue?: boolean;
  readonly pass?: Pass;
  /** Asked first whatever was used last. */
  readonly preferredFactorId?: string;
  /** Two-step sign-in was switched off by its owner; counts only where the policy leaves it to people. */
  readonly twoStepOff?: boolean;
  /** How often setting up a first factor was put off. */
  readonly enrolmentSkips?: number;
  /** The attempt in which it was put off last. */
  readonly putOffIn?: string;
  /** The attempt in which the password was chosen anew last. */
  readonly resetIn?: string;
  readonly guesses: Guesses;
  readonly toldOfGuesses?: ToldOfGuesses;
  /** The last 20. */
  readonly seenPlaces?: readonly SeenPlace[];
  readonly mailboxUses?: MailboxUses;
  readonly revocations?: readonly Revocation[];
  readonly createdAt: Date;
}

export type NewAccount = Pick<Account, 'id' | 'email' | 'passwordHash' | 'createdAt'> & {
  readonly username?: string;
  readonly roles?: readonly string[];
};

export interface PasswordTry {
  /** Canonical e-mail or username (accounts/identifier). */
  readonly identifier: string;
  /** What the browser's sealed cookie says, when it holds one. */
  readonly known?: KnownBrowser;
  /** Keyed hash of the client's network: what a stranger's tries are counted by. */
  readonly network: string;
  readonly now: Date;
}

/** A known browser's try is told to nobody and fills no day. */
export type PasswordGuess = Pick<StrangerTake, 'guess' | 'dayFull' | 'tell'> & { readonly account: Account };

/** The port to the accounts. What a method changes is changed by one atomic command on one document; reads return only what is there now. */
export interface Accounts {
  find(id: AccountId): Promise<Account | undefined>;
  findByEmail(email: string): Promise<Account | undefined>;
  /** By canonical e-mail or username: the same one command whether anybody has it. */
  findByIdentifier(identifier: string): Promise<Account | undefined>;
  /** Takes the guess before it is judged and loads the account in the same command. The same commands and one journalled write whether the name is known, unknown or waits (ASVS 6.3.8). Undefined: no such account. */
  takePasswordGuess(attempt: PasswordTry): Promise<PasswordGuess | undefined>;
  /** 'exists': this very account was made before, by another request of the same attempt. */
  create(account: NewAccount): Promise<'created' | 'exists' | 'email_taken' | 'username_taken'>;
  /** Replaces a hash made with older parameters, only while it still is the one that was verified. */
  rehash(change: { readonly id: AccountId; readonly from: string; readonly to: string }): Promise<void>;
  /** Gives the guesses at the password back, every network's, every browser's and the day's: a sign-in of this active account by it alone is complete. A finished reset of the password gives back the same: it opens what strangers closed. Those at its second factors stay taken, or whoever knows the password would win new ones wherever none is asked for. */
  refillPassword(id: AccountId): Promise<void>;
}
