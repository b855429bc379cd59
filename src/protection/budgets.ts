/** One budget of consecutive failures, counted in the account it guards. */
export interface Budget {
  readonly failures: number;
  readonly lockedUntil?: Date;
}

/** Wrong passwords from one network since the last full sign-in. */
export interface NetworkBudget extends Budget {
  /** Its keyed hash: an account holds no list of addresses. */
  readonly network: string;
  /** When the last one was tried. */
  readonly at: Date;
}

/** What browsers that never finished a sign-in to this account tried (stranger-guesses.ts holds the rule). */
export interface StrangerGuesses {
  /** Over all networks, since the day began. */
  readonly failures: number;
  /** When that day is over; absent where none began. */
  readonly endsAt?: Date;
  readonly networks: readonly NetworkBudget[];
}

export interface Guesses {
  readonly password: StrangerGuesses;
  readonly secondFactor: Budget;
  /** One budget for each known browser that failed since the last full sign-in, by its random id. */
  readonly browsers: Readonly<Record<string, Budget>>;
}

/** What the sealed cookie of a browser says: the accounts that finished a sign-in in it. */
export interface KnownBrowser {
  readonly id: string;
  readonly accounts: readonly string[];
}

/** A rule as a table: `waits[n]` is the wait in milliseconds that the nth consecutive failure begins; past its end the last one holds. */
export interface GuessRule {
  readonly waits: readonly number[];
  /** From this many consecutive failures on nothing is judged any more. */
  readonly closedAt: number;
}

const minute = 60_000;
const hour = 60 * minute;

/** Of one network and of one known browser: throttled from the 5th failure on (NIST SP 800-63B-4 section 3.2.2). */
export const passwordRule: GuessRule = {
  waits: [0, 0, 0, 0, 0, minute, 2 * minute, 4 * minute, 8 * minute, 15 * minute], // guard: password-waits-from-fifth
  closedAt: 100,
};

/** Taken only after the right password, so only the owner or someone who knows the password can use it up. */
export const secondFactorRule: GuessRule = {
  waits: [
    ...Array<number>(10).fill(0), // guard: factor-waits-from-tenth
    15 * minute,
    30 * minute,
    hour,
    2 * hour,
    4 * hour,
    8 * hour,
    16 * hour,
    24 * hour,
  ],
  closedAt: 100,
};

/** Wrong answers in one challenge before it is over and the password is asked anew. */
export const triesPerChallenge = 5; // guard: challenge-five-tries

/** So many wrong answers in a row after the right password are told to the owner. */
export const failuresToTell = 3; // guard: owner-told-third-wrong-answer

export const noBudget: Budget = { failures: 0 };
export const noStrangers: StrangerGuesses = { failures: 0, networks: [] };
export const noGuesses: Guesses = { password: noStrangers, secondFactor: noBudget, browsers: {} };

/** 'taken': judge it. 'waiting' and 'closed': neither judged nor counted. */
export type Taken =
  | { readonly state: 'taken'; readonly failures: number; readonly lockedUntil?: Date }
  | { readonly state: 'waiting'; readonly until: Date }
  | { readonly state: 'closed' };

/** What taking one guess from `budget` (its value before the write) means; storage applies the same rule inside its one update. */
export function judgeTake(budget: Budget, rule: GuessRule, now: Date): Taken {
  if (budget.failures >= rule.closedAt) return { state: 'closed' }; // guard: hundred-failures-close
  if (budget.lockedUntil && budget.lockedUntil > now) return { state: 'waiting', until: budget.lockedUntil }; // guard: waiting-try-not-counted
  const failures = budget.failures + 1; // guard: each-guess-counted
  const wait = waitAfter(rule, failures);
  return wait === 0
    ? { state: 'taken', failures }
    : { state: 'taken', failures, lockedUntil: new Date(now.getTime() + wait) };
}

export function waitAfter(rule: GuessRule, failures: number): number {
  return rule.waits[Math.min(failures, rule.waits.length - 1)] ?? 0; // guard: last-wait-holds
}

/** The port to the second-factor budget of an account; shared by every guessable kind. */
export interface SecondFactorGuesses {
  take(accountId: string, now: Date): Promise<Taken>;
  /** Gives back the one guess that was `taken`, and the wait that it began, while no other was taken since: what proved to be right was none, and proves nothing about the others. */
  giveBack(accountId: string, taken: Taken): Promise<void>;
}
