import {
  type GuessRule,
  judgeTake,
  type NetworkBudget,
  noBudget,
  passwordRule,
  type StrangerGuesses,
  type Taken,
} from './budgets.ts';

const hour = 60 * 60_000;
const day = 24 * hour;

/** What browsers that never signed in to an account may try at its password, together. */
export interface StrangerRule {
  /** Of each network (an IPv4 address, an IPv6 /64): the waits, and the bound of consecutive failures of NIST SP 800-63B-4 section 3.2.2. */
  readonly network: GuessRule;
  /**
   * Over all networks, from the first try of a day on. Three networks' bounds, so that no single one reaches it; 110,000 tries
   * a year at most, against passwords of which the widely known ones were refused.
   */
  readonly perDay: number;
  readonly dayMilliseconds: number;
  /** A network's failures are forgotten so long after its last try: by then its address is mostly somebody else's. */
  readonly forgottenMilliseconds: number;
  /**
   * Networks kept when a day is over, those with the most failures. Those that are used up are all kept, or an attacker who uses
   * up more would be let off early: 180 at most at once, three new ones on each of 30 days beside these, so that with those of one day
   * a document holds 480.
   */
  readonly keptOvernight: number;
  /** So many consecutive failures from one network are no slip: the owner hears of them. */
  readonly networkToTell: number;
  /** The owner hears of each kind at most once in this time, however often a sign-in gives the guesses back. */
  readonly toldMilliseconds: number;
}

export const strangerRule: StrangerRule = {
  network: passwordRule,
  perDay: 300, // guard: day-is-three-networks
  dayMilliseconds: day, // guard: guess-day-24-hours
  forgottenMilliseconds: 30 * day, // guard: network-failures-outlive-days
  keptOvernight: 90, // guard: kept-networks-bounded
  networkToTell: 10, // guard: owner-told-ten-from-network
  toldMilliseconds: day,
};

/** What the owner is told of: one network's failures, or that the day is full. */
export type Warning = 'network' | 'day';

/** When the owner was last told. Kept beside the guesses: a sign-in that gives those back brings no further mails. */
export type ToldOfGuesses = Readonly<Partial<Record<Warning, Date>>>;

export interface Strangers {
  readonly guesses: StrangerGuesses;
  readonly warnedAt: ToldOfGuesses;
}

export interface StrangerTake {
  readonly guess: Taken;
  /** This try was the day's last. */
  readonly dayFull: boolean;
  /** What this try, if it fails, is to be told as. */
  readonly tell: readonly Warning[];
  readonly after: Strangers;
}

/** What one try from a network means; storage applies the same rule inside its one update. `network` is its key, never the address. */
export function takeAsStranger(before: Strangers, network: string, now: Date): StrangerTake {
  const { guesses } = before;
  const endsAt = guesses.endsAt && guesses.endsAt > now ? guesses.endsAt : undefined;
  const today = endsAt ? guesses.failures : 0;
  const remembered = guesses.networks.filter(
    ({ at }) => at.getTime() > now.getTime() - strangerRule.forgottenMilliseconds,
  );
  const own = remembered.find((each) => each.network === network) ?? noBudget; // guard: network-own-failures

  const guess = judgeTake(own, strangerRule.network, now);
  const untaken = { dayFull: false, tell: [], after: before };
  if (guess.state !== 'taken') return { guess, ...untaken };
  if (endsAt && today >= strangerRule.perDay) return { guess: { state: 'waiting', until: endsAt }, ...untaken }; // guard: day-judges-so-many

  const { state: _taken, ...counted } = guess;
  const others = remembered.filter((each) => each.network !== network);
  const carriedOver = endsAt ? others : overnight(others);
  const dayFull = today + 1 === strangerRule.perDay;
  const tell = warningsOf(
    { network: guess.failures >= strangerRule.networkToTell, day: dayFull },
    before.warnedAt,
    now,
  );
  const after = {
    guesses: {
      failures: today + 1,
      endsAt: endsAt ?? new Date(now.getTime() + strangerRule.dayMilliseconds),
      networks: [...carriedOver, { network, ...counted, at: now }],
    },
    warnedAt: { ...before.warnedAt, ...Object.fromEntries(tell.map((warning) => [warning, now])) },
  };
  return { guess, dayFull, tell, after };
}

function warningsOf(due: Readonly<Record<Warning, boolean>>, warnedAt: ToldOfGuesses, now: Date): readonly Warning[] {
  const since = now.getTime() - strangerRule.toldMilliseconds;
  const isOld = (at: Date | undefined) => (at?.getTime() ?? 0) <= since; // guard: owner-not-mailed-each-guess
  return (['network', 'day'] as const).filter((warning) => due[warning] && isOld(warnedAt[warning]));
}

function overnight(networks: readonly NetworkBudget[]): readonly NetworkBudget[] {
  const usedUp = networks.filter(({ failures }) => failures >= strangerRule.network.closedAt).length;
  return networks.toSorted(worstFirst).slice(0, Math.max(strangerRule.keptOvernight, usedUp)); // guard: used-up-networks-kept
}

function worstFirst(one: NetworkBudget, other: NetworkBudget): number {
  const byFailures = other.failures - one.failures || other.at.getTime() - one.at.getTime(); // guard: worst-networks-kept
  return byFailures || (one.network < other.network ? -1 : 1);
}
