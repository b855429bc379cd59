import type { Counters } from './counters.ts';

export interface Slots {
  readonly key: string;
  readonly limit: number;
  readonly milliseconds: number;
}

/**
 * Takes one of so many slots; each is free again when its own time is over. So no more than the limit are taken within any such
 * time, wherever that is begun to be counted; of 20 at once as many get one as there are.
 */
export async function takeSlot(counters: Counters, { key, limit, milliseconds }: Slots, now: Date): Promise<boolean> {
  for (let slot = 0; slot < limit; slot += 1) {
    const { within } = await counters.take(`${key}:${slot}`, { limit: 1, milliseconds }, now); // guard: slot-held-its-whole-time
    if (within) return true;
  }
  return false;
}
