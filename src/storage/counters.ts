import { hashId } from '../platform/hash.ts';
import { type Counters, type CountRule, judgeCount } from '../protection/counters.ts';
import type { Database } from './connection.ts';
import { exact } from './schema.ts';

interface CounterRow {
  readonly _id: string;
  readonly count: number;
  readonly shared?: number;
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
      return judgeCount(before ? { ...before, endsAt: before.expiresAt } : undefined, rule, now);
    },

    async giveBack(key, { endsAt, shared }) {
      const filter = exact({ _id: hashId(key), expiresAt: endsAt, count: { $gt: 0 } }); // guard: given-back-to-own-time
      await counters.updateOne(filter, { $inc: { count: -1, ...(shared ? { shared: -1 } : {}) } }); // guard: given-back-to-own-share
    },
  };
}

/** judgeCount as a pipeline. */
function countUpdate({ limit, milliseconds, share }: CountRule, now: Date): object[] {
  const fresh = { $not: [{ $gt: ['$expiresAt', now] }] };
  const shared = { $ifNull: ['$shared', 0] };
  const room = [{ $lt: ['$count', limit] }, ...(share === undefined ? [] : [{ $lt: [shared, share] }])]; // guard: counter-stops-at-limit, share-stops-at-limit
  const oneMore = (counted: object | string) => ({ $cond: [{ $and: room }, { $add: [counted, 1] }, counted] });
  return [
    {
      $set: {
        count: { $cond: [fresh, 1, oneMore('$count')] },
        shared:
          share === undefined ? { $cond: [fresh, '$$REMOVE', '$shared'] } : { $cond: [fresh, 1, oneMore(shared)] }, // guard: share-begins-anew
        expiresAt: { $cond: [fresh, new Date(now.getTime() + milliseconds), '$expiresAt'] },
      },
    },
  ];
}
