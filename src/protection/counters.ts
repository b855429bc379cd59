/** So many within a time that the first of them begins. */
export interface CountRule {
  readonly limit: number;
  readonly milliseconds: number;
  /** What is counted belongs to those who may have no more than this part of the limit together. */
  readonly share?: number;
}

/** What a counter held before; nothing when nobody counted in it. */
export interface Count {
  readonly count: number;
  /** So many of them belong to those who have but a part. */
  readonly shared?: number;
  readonly endsAt: Date;
}

/** 'within': counted, as the `count`th. Otherwise it was not, and nothing is until `endsAt`. */
export type Counted = { readonly within: true; readonly count: number; readonly endsAt: Date } | BeyondLimit;

export interface BeyondLimit {
  readonly within: false;
  readonly endsAt: Date;
  /** 'share': there is room, for the others. */
  readonly full: 'limit' | 'share';
}

/** The port to counters that all processes share. */
export interface Counters {
  /** Reads, judges and counts in one step: of 20 at once each sees the count that the one before it left. */
  take(key: string, rule: CountRule, now: Date): Promise<Counted>;
  /** Takes one back out of the very time that `endsAt` ends; one that is over is left alone. */
  giveBack(key: string, taken: { readonly endsAt: Date; readonly shared: boolean }): Promise<void>;
}

/** What counting one more means; storage applies the same rule inside its one update. */
export function judgeCount(before: Count | undefined, rule: CountRule, now: Date): Counted {
  if (!before || before.endsAt <= now)
    return { within: true, count: 1, endsAt: new Date(now.getTime() + rule.milliseconds) };
  const { count, shared = 0, endsAt } = before;
  if (count >= rule.limit) return { within: false, endsAt, full: 'limit' };
  if (rule.share !== undefined && shared >= rule.share) return { within: false, endsAt, full: 'share' };
  return { within: true, count: count + 1, endsAt };
}
