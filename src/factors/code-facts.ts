import { z } from 'zod';
import type { DeliveredCode } from '../delivery/code.ts';

const seconds = z.int().min(0);
const instant = z.iso.datetime().exactOptional();
const mark = z.literal(true).exactOptional();

/** What a page says of a code on its way: durations for a person, clock times for a program. */
export const codeShape = {
  nextSendAt: instant,
  codeEndsAt: instant,
  secondsToNextSend: seconds,
  secondsToEnd: seconds,
  newer: mark,
  earlier: mark,
  sentAt: instant,
  secondsSinceSent: seconds.exactOptional(),
  undelivered: mark,
  unsent: mark,
};

export type CodeFacts = z.output<z.ZodObject<typeof codeShape>>;

export function codeFacts(sent: DeliveredCode | undefined, now: Date): CodeFacts {
  if (!sent) return { secondsToNextSend: 0, secondsToEnd: 0, unsent: true };
  const { nextSendAt, expiresAt, sentAt, newer, earlier, undelivered, unsent } = sent;
  return {
    nextSendAt: nextSendAt.toISOString(),
    codeEndsAt: expiresAt.toISOString(),
    secondsToNextSend: secondsTo(nextSendAt, now),
    secondsToEnd: secondsTo(expiresAt, now),
    ...(newer ? { newer: true } : {}),
    ...(earlier && sentAt
      ? { earlier: true, sentAt: sentAt.toISOString(), secondsSinceSent: secondsTo(now, sentAt) }
      : {}),
    ...(undelivered ? { undelivered: true } : {}),
    ...(unsent ? { unsent: true } : {}),
  };
}

/** Whole seconds, never negative. */
export function secondsTo(then: Date, now: Date): number {
  return Math.max(0, Math.ceil((then.getTime() - now.getTime()) / 1000));
}
