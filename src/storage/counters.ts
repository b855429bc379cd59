import { hashId } from '../platform/hash.ts';
import { type Counters, type CountRule, judgeCount } from '../protection/counters.ts';
import type { Database } from './connection.ts';
import { exact } from './schema.ts';

interface CounterRow {
  readonly _id: string;
  readonly count: number;
  /** The end of the time that is counted. */
  readonly expiresAt: Date;
}

export function mongoCounters({ connection }: Database, collection: 'send_budgets' | 'address_budgets'): Counters {
  const counters = connection.collection<CounterRow>(collection);
  return {
    async take(key, rule, now) {
      const filter = exact({ _id: hashId(key) });
      const options = { upsert: true, returnDocument: 'before' } as const;
      const before = await counters.findOneAndUpdate(filter, countUpdate(rule, now), options);
      return judgeCount(before ? { count: before.count, endsAt: before.expiresAt } : undefined, rule, now);
    },

    async giveBack(key, endsAt) {
      const filter = exact({ _id: hashId(key), expiresAt: endsAt, count: { $gt: 0 } });
      await counters.updateOne(filter, { $inc: { count: -1 } });
    },
  };
}

/** judgeCount as a pipeline. */
function countUpdate({ limit, milliseconds }: CountRule, now: Date): object[] {
  const fresh = { $not: [{ $gt: ['$expiresAt', now] }] };
  const more = { $cond: [{ $lt: ['$count', limit] }, { $add: ['$count', 1] }, '$count'] };
  return [
    {
      $set: {
        count: { $cond: [fresh, 1, more] },
        expiresAt: { $cond: [fresh, new Date(now.getTime() + milliseconds), '$expiresAt'] },
      },
    },
  ];
}
