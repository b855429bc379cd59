/** One request of a journey. */
export interface Lap {
  readonly kind: string;
  readonly ms: number;
}

export type Time = <T>(kind: string, work: () => Promise<T>) => Promise<T>;

export interface Stopwatch {
  readonly laps: readonly Lap[];
  readonly time: Time;
}

export const untimed: Time = (_kind, work) => work();

/** What failed has no time: a row counts only what came to its end. */
export function stopwatch(now: () => number = () => performance.now()): Stopwatch {
  const laps: Lap[] = [];
  return {
    laps,
    async time(kind, work) {
      const begun = now();
      const result = await work();
      laps.push({ kind, ms: now() - begun });
      return result;
    },
  };
}

/** The times of each kind of request, in the order in which the kinds came first. */
export function byKind(laps: readonly Lap[]): ReadonlyMap<string, readonly number[]> {
  const kinds = new Map<string, number[]>();
  for (const { kind, ms } of laps) {
    const times = kinds.get(kind) ?? [];
    times.push(ms);
    kinds.set(kind, times);
  }
  return kinds;
}
