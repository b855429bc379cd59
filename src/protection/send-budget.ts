const minute = 60_000;
const day = 24 * 60 * minute;

/** What one recipient may be sent: one message a minute, five a day. */
export const sendRule = { pauseMilliseconds: minute, periodMilliseconds: day, perPeriod: 5 } as const;

export type SendTaken = { readonly allowed: true } | { readonly allowed: false; readonly retryAt: Date };

/** What a message is charged to. */
export interface Send {
  readonly courier: 'mail' | 'sms';
  /** The folded spelling: every spelling of one mailbox shares one budget. A phone is its E.164 number. */
  readonly recipient: string;
  readonly accountId?: string;
  /** The client address as the trusted proxies tell it. */
  readonly address?: string;
}

/** The port to the send budgets: asked before every message, so that nobody floods a mailbox or a phone through us. */
export interface SendBudget {
  /** A refusal uses nothing up. */
  take(send: Send, now: Date): Promise<SendTaken>;
}

/** What taking one send means, from the times of earlier sends before the write; storage applies the same rule inside its one update. */
export function judgeSend(sent: readonly Date[], now: Date): SendTaken {
  const times = sent.map((at) => at.getTime()).filter((at) => at > now.getTime() - sendRule.periodMilliseconds);
  const [earliest] = times;
  const latest = times.at(-1);
  if (earliest === undefined || latest === undefined) return { allowed: true };
  const paused = latest + sendRule.pauseMilliseconds;
  const full = times.length < sendRule.perPeriod ? 0 : earliest + sendRule.periodMilliseconds;
  const retryAt = Math.max(paused, full);
  return retryAt <= now.getTime() ? { allowed: true } : { allowed: false, retryAt: new Date(retryAt) };
}
