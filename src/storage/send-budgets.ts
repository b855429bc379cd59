import { hashId } from '../platform/hash.ts';
import { judgeSend, type SendBudget, sendRule } from '../protection/send-budget.ts';
import type { Database } from './connection.ts';
import { exact } from './schema.ts';

interface SendRow {
  /** SHA-256 of the recipient: the budget needs no list of addresses. */
  readonly _id: string;
  /** Times of the sends of the last day, oldest first. */
  readonly sent: readonly Date[];
  readonly expiresAt: Date;
}

export function mongoSendBudget({ connection }: Database): SendBudget {
  const budgets = connection.collection<SendRow>('send_budgets');
  return {
    /** Minute and day are taken in one update or not at all, judged by the server on what is there at that moment. */
    async take({ recipient }, now) {
      const filter = exact({ _id: hashId(recipient) });
      const options = { upsert: true, returnDocument: 'before' } as const;
      const before = await budgets.findOneAndUpdate(filter, sendUpdate(now), options);
      return judgeSend(before?.sent ?? [], now);
    },
  };
}

/** judgeSend as a pipeline. */
function sendUpdate(now: Date): object[] {
  const periodStart = new Date(now.getTime() - sendRule.periodMilliseconds);
  const pauseStart = new Date(now.getTime() - sendRule.pauseMilliseconds);
  const kept = { $filter: { input: { $ifNull: ['$sent', []] }, cond: { $gt: ['$$this', periodStart] } } };
  const allowed = {
    $and: [
      { $lt: [{ $size: '$$kept' }, sendRule.perPeriod] },
      { $lte: [{ $ifNull: [{ $last: '$$kept' }, pauseStart] }, pauseStart] },
    ],
  };
  const sent = { $cond: [allowed, { $concatArrays: ['$$kept', [now]] }, '$$kept'] };
  return [
    { $set: { sent: { $let: { vars: { kept }, in: sent } } } },
    { $set: { expiresAt: { $add: [{ $last: '$sent' }, sendRule.periodMilliseconds] } } },
  ];
}
