import { type Count, judgeCount } from './counters.ts';
import { networkOf } from './network.ts';

/** How often one client address may do what costs us something each time, right or wrong. */
export interface AddressPace {
  /** Counts it; until when no more is taken from this address, undefined: go on. */
  take(address: string | undefined): Date | undefined;
}

const minute = 60_000;

/** Networks remembered at most; past it the one counted longest ago is forgotten. */
const mostNetworks = 10_000;

/**
 * Counted in the memory of this process, so that an ordinary sign-in asks the database nothing more. That is enough: no guess and
 * no proof rests on it, only how much a stranger can have stored, and that is bounded by so much for each process. Whoever has
 * more networks than are remembered has a budget in each of them anyway.
 */
export function addressPace({
  perMinute,
  now,
}: {
  /** 0: not limited. */
  readonly perMinute: number;
  readonly now: () => Date;
}): AddressPace {
  const counts = new Map<string, Count>();
  const rule = { limit: perMinute, milliseconds: minute };

  return {
    take(address) {
      if (perMinute === 0) return undefined;
      const network = networkOf(address);
      const counted = judgeCount(counts.get(network), rule, now());
      if (!counted.within) return counted.endsAt; // guard: address-pace-per-minute
      if (counted.count === 1) counts.delete(network);
      counts.set(network, counted);
      const [oldest] = counts.keys();
      if (counts.size > mostNetworks && oldest !== undefined) counts.delete(oldest); // guard: paced-networks-bounded
      return undefined;
    },
  };
}
