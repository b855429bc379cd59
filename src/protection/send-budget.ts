import type { Counters, CountRule } from './counters.ts';
import type { Events } from './events.ts';
import { networkOf } from './network.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Within any such time: so many messages, and of these so many that a stranger set off. */
export interface SendWindow {
  readonly milliseconds: number;
  readonly all: number;
  readonly strangers: number;
}

/**
 * What one recipient may be sent, in all spellings and whatever for. The waits grow from a minute to a day. Strangers have the
 * smaller share: whoever registers somebody's address all day long cannot use up what its owner signs in with.
 */
export const recipientRule: readonly SendWindow[] = [
  { milliseconds: minute, all: 1, strangers: 1 },
  { milliseconds: 10 * minute, all: 3, strangers: 2 },
  { milliseconds: hour, all: 6, strangers: 4 },
  { milliseconds: day, all: 10, strangers: 5 },
];

/** All that one account may set off, to whatever recipients. */
export const accountRule: CountRule = { limit: 20, milliseconds: day };

export interface SendLimits {
  readonly mailsPerDay: number;
  readonly smsPerDay: number;
  readonly smsPerCountryPerDay: number;
  readonly perAddressPerHour: number;
}

export type SendTaken = { readonly allowed: true } | { readonly allowed: false; readonly retryAt: Date };

/** What a message is charged to. */
export interface Send {
  readonly courier: 'mail' | 'sms';
  /** The folded spelling: every spelling of one mailbox shares one budget. A phone is its E.164 number. */
  readonly recipient: string;
  /** The recipient was proved to be the account's own, and the account's password was given; anything else a stranger can set off. */
  readonly proved?: boolean;
  readonly accountId?: string;
  /** The client address as the trusted proxies tell it. */
  readonly address?: string;
}

/** The port to the send budgets: asked before every message, so that nobody floods a mailbox or a phone through us. */
export interface SendBudget {
  /** A refusal uses nothing up. */
  take(send: Send, now: Date): Promise<SendTaken>;
}

/** One message that a recipient was sent. */
export interface SentMessage {
  readonly at: Date;
  readonly stranger: boolean;
}

/** The port to the times at which a recipient was sent something. */
export interface SentTimes {
  /** Judges by judgeSend and keeps `message` in one step. */
  take(recipient: string, message: SentMessage): Promise<SendTaken>;
  /** Forgets the message of that very time: a recipient never has two. */
  giveBack(recipient: string, message: SentMessage): Promise<void>;
}

/** What taking one send means, from the earlier sends before the write; storage applies the same rule inside its one update. */
export function judgeSend(sent: readonly SentMessage[], { at, stranger }: SentMessage): SendTaken {
  const now = at.getTime();
  const full = recipientRule.flatMap(({ milliseconds, all, strangers }) => {
    const within = sent.filter((message) => message.at.getTime() > now - milliseconds);
    const share = stranger
      ? fullUntil(
          within.filter((message) => message.stranger),
          strangers,
        )
      : [];
    return [...fullUntil(within, all), ...share].map((oldest) => oldest + milliseconds);
  });
  return full.length === 0 ? { allowed: true } : { allowed: false, retryAt: new Date(Math.max(...full)) };
}

/** The time of the message that has to leave the window before another one may come; none when there is room. */
function fullUntil(within: readonly SentMessage[], limit: number): readonly number[] {
  const times = within.map(({ at }) => at.getTime()).sort((one, other) => one - other);
  return times.slice(-limit).slice(0, times.length < limit ? 0 : 1);
}

interface Level extends CountRule {
  readonly key: string;
  /** That it is used up is told to whoever runs this: nobody's own doing gets there. */
  readonly alarm?: string;
}

/** Every budget above the recipient's, from the narrow to the wide. */
export function levelsOf(
  { courier, recipient, proved, accountId, address }: Send,
  limits: SendLimits,
): readonly Level[] {
  const total = courier === 'sms' ? limits.smsPerDay : limits.mailsPerDay;
  const inDay = (name: string, limit: number): Level => ({ key: name, limit, milliseconds: day, alarm: name });
  return [
    ...(accountId === undefined ? [] : [{ key: `account:${accountId}`, ...accountRule }]),
    { key: `address:${networkOf(address)}`, limit: limits.perAddressPerHour, milliseconds: hour },
    ...(courier === 'sms' ? [inDay(`sms_country_${callingCode(recipient)}`, limits.smsPerCountryPerDay)] : []),
    // Strangers who make us send all day must not silence the codes of those who sign in.
    ...(proved ? [] : [inDay(`${courier}_day_strangers`, Math.ceil(total / 2))]),
    inDay(`${courier}_day`, total),
  ];
}

/** The country calling code of an E.164 number: ITU-T E.164 assigns one, two or three digits, none the beginning of another. */
export function callingCode(number: string): string {
  const code = /^\+(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-9][0-9]{2})/.exec(number)?.[1];
  return code ?? 'unknown';
}

/**
 * Takes from the narrowest budget to the widest and, where one refuses, gives back what was taken before it. So a recipient's
 * wait never touches what others share. Each level is exact by itself, also of 20 at once; between a take and its giving back
 * somebody else may be told to wait, and a process that dies there leaves a message too few: too strict, never too lax.
 */
export function sendBudget(deps: {
  readonly sentTimes: SentTimes;
  readonly counters: Counters;
  readonly limits: SendLimits;
  readonly events: Pick<Events, 'appendOnce'>;
  /** Told of a limit of the day that is reached, once in this process. */
  readonly alarm: (limit: string) => void;
}): SendBudget {
  const told = new Map<string, number>();

  return {
    async take(send, now) {
      const message = { at: now, stranger: send.proved !== true };
      const first = await deps.sentTimes.take(send.recipient, message);
      if (!first.allowed) return first;
      const taken: { readonly key: string; readonly endsAt: Date }[] = [];
      for (const level of levelsOf(send, deps.limits)) {
        const { within, endsAt } = await deps.counters.take(level.key, level, now);
        if (within) {
          taken.push({ key: level.key, endsAt });
          continue;
        }
        await Promise.all(taken.map(({ key, endsAt: ends }) => deps.counters.giveBack(key, ends)));
        await deps.sentTimes.giveBack(send.recipient, message);
        if (level.alarm !== undefined) await tell(level.alarm, { endsAt, now });
        return { allowed: false, retryAt: endsAt };
      }
      return first;
    },
  };

  /** One record a day and limit, however many messages and processes meet it. */
  async function tell(limit: string, { endsAt, now }: { readonly endsAt: Date; readonly now: Date }): Promise<void> {
    if (told.get(limit) === endsAt.getTime()) return;
    told.set(limit, endsAt.getTime());
    deps.alarm(limit);
    const event = { at: now, kind: 'alarm', result: 'failure', detail: limit } as const;
    await deps.events.appendOnce(`alarm:${limit}:${endsAt.toISOString()}`, event);
  }
}
