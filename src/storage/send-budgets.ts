import { hashId } from '../platform/hash.ts';
import {
  judgeSend,
  recipientRule,
  type SendWindow,
  type SentMessage,
  type SentTimes,
} from '../protection/recipient-rule.ts';
import type { Database } from './connection.ts';
import { exact } from './schema.ts';

interface SentRow {
  /** SHA-256 of the recipient: the budget needs no list of addresses. */
  readonly _id: string;
  /** What was sent within the longest window. */
  readonly sent: readonly SentMessage[];
  readonly expiresAt: Date;
}

const longest = Math.max(...recipientRule.map(({ milliseconds }) => milliseconds));

export function mongoSentTimes({ connection }: Database): SentTimes {
  const rows = connection.collection<SentRow>('send_budgets');
  const rowOf = (recipient: string) => exact({ _id: hashId(`recipient:${recipient}`) });
  return {
    /** Every window is taken in one update or none is, judged by the server on what is there at that moment. */
    async take(recipient, message) {
      const options = { upsert: true, returnDocument: 'before' } as const;
      const before = await rows.findOneAndUpdate(rowOf(recipient), sendUpdate(message), options);
      return judgeSend(before?.sent ?? [], message);
    },

    async giveBack(recipient, { at, stranger }) {
      await rows.updateOne(rowOf(recipient), { $pull: { sent: { at, stranger } } }); // guard: very-message-given-back
    },

    async sentTo(recipient) {
      return (await rows.findOne(rowOf(recipient)))?.sent ?? [];
    },

    async settle(recipient, { signIns, as }) {
      const these = { 'one.signIn': { $in: [...signIns] }, [`one.${as}`]: { $ne: true } };
      const marked = { $set: { [`sent.$[one].${as}`]: true } };
      const before = await rows.findOneAndUpdate(rowOf(recipient), marked, {
        arrayFilters: [these],
        returnDocument: 'before',
      });
      return (
        before?.sent.filter(({ signIn, [as]: is }) => signIn !== undefined && signIns.includes(signIn) && !is) ?? [] // guard: message-given-back-once
      );
    },
  };
}

/** judgeSend as a pipeline. */
function sendUpdate(message: SentMessage): object[] {
  const since = (milliseconds: number) => ({ $gt: ['$$this.at', new Date(message.at.getTime() - milliseconds)] });
  const counts = ({ milliseconds, unfinished }: SendWindow) => [
    since(milliseconds),
    ...(message.stranger ? ['$$this.stranger'] : []), // guard: strangers-counted-alone
    ...(unfinished ? [{ $ne: ['$$this.finished', true] }] : []), // guard: finished-not-in-day, finished-not-in-stored-day
  ];
  const room = (window: SendWindow) => {
    const counted = { $size: { $filter: { input: '$$kept', cond: { $and: counts(window) } } } };
    return { $lt: [counted, message.stranger ? window.strangers : window.all] };
  };
  const kept = { $filter: { input: { $ifNull: ['$sent', []] }, cond: since(longest) } };
  const taken = { $concatArrays: ['$$kept', [{ $literal: message }]] };
  const sent = { $cond: [{ $and: recipientRule.map(room) }, taken, '$$kept'] }; // guard: send-judged-in-write
  return [
    { $set: { sent: { $let: { vars: { kept }, in: sent } } } },
    { $set: { expiresAt: { $add: [{ $max: '$sent.at' }, longest] } } },
  ];
}
