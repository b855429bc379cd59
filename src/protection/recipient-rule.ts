const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Within any such time: so many messages that its owner is sent, strangers' among them; and so many that strangers set off. */
export interface SendWindow {
  readonly milliseconds: number;
  readonly all: number;
  readonly strangers: number;
  /** What a sign-in was finished with does not count. */
  readonly unfinished?: true;
}

/**
 * What one recipient may be sent, in all spellings and whatever for. The waits grow from a minute to a day. Strangers have a
 * smaller share, so that whoever registers somebody's address all day long cannot use up what its owner signs in with.
 */
export const recipientRule: readonly SendWindow[] = [
  { milliseconds: minute, all: 1, strangers: 1 },
  { milliseconds: 10 * minute, all: 3, strangers: 2 },
  { milliseconds: hour, all: 6, strangers: 4 },
  { milliseconds: day, all: 10, strangers: 5, unfinished: true },
];

/** One message that a recipient was sent. */
export interface SentMessage {
  readonly at: Date;
  /** Set off by somebody who had not proved to be its owner. */
  readonly stranger: boolean;
  /** The browser, or else the sign-in, that set it off. */
  readonly by?: string;
  /** The sign-in that it was sent for, to its owner. */
  readonly signIn?: string;
  /** That sign-in was finished, and it counts no more: in the recipient's day, in the account's. */
  readonly finished?: boolean;
  readonly refunded?: boolean;
}

/** `retryAt` as far as whoever asks may know it: absent where it would tell of messages that somebody else set off. */
export type SendTaken = { readonly allowed: true } | { readonly allowed: false; readonly retryAt?: Date };

/** `unsettled`: sign-ins with which the day is used up, whether they were finished or not. */
export type SentTaken =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly retryAt?: Date; readonly unsettled?: readonly string[] };

/** The port to the times at which a recipient was sent something. */
export interface SentTimes {
  /** Judges by judgeSend and keeps `message` in one step. */
  take(recipient: string, message: SentMessage): Promise<SentTaken>;
  /** Forgets that very message: neither its owner nor strangers have two at a time. */
  giveBack(recipient: string, message: SentMessage): Promise<void>;
  /** All of its longest window. */
  sentTo(recipient: string): Promise<readonly SentMessage[]>;
  /** Marks what was sent for these sign-ins; answers what was not marked so before. */
  settle(
    recipient: string,
    settled: { readonly signIns: readonly string[]; readonly as: 'finished' | 'refunded' },
  ): Promise<readonly SentMessage[]>;
}

/** What taking one send means, from the earlier sends before the write; storage applies the same rule inside its one update. */
export function judgeSend(sent: readonly SentMessage[], message: SentMessage): SentTaken {
  if (waitAfter(sent, message) === undefined) return { allowed: true };
  // A wait that others' messages begin would tell whoever asks when they were sent.
  const own = sent.filter(({ by }) => by !== undefined && by === message.by); // guard: foreign-wait-not-told
  const retryAt = waitAfter(own, message);
  const unsettled = unsettledIn(sent, message);
  return { allowed: false, ...(retryAt ? { retryAt } : {}), ...(unsettled.length > 0 ? { unsettled } : {}) };
}

/** A stranger's message is judged by strangers' alone: neither a refusal nor its end tells that the owner signs in. */
function waitAfter(sent: readonly SentMessage[], message: SentMessage): Date | undefined {
  const full = recipientRule.flatMap((window) => {
    const { milliseconds, all, strangers } = window;
    const limit = message.stranger ? strangers : all; // guard: recipient-every-window, stranger-smaller-share
    return fullUntil(counted(sent, message, window), limit).map((oldest) => oldest + milliseconds);
  });
  return full.length === 0 ? undefined : new Date(Math.max(...full));
}

/** The time of the message that has to leave the window before another one may come; none when there is room. */
function fullUntil(within: readonly SentMessage[], limit: number): readonly number[] {
  const times = within.map(({ at }) => at.getTime()).sort((one, other) => one - other);
  return times.slice(-limit).slice(0, times.length < limit ? 0 : 1);
}

function counted(
  sent: readonly SentMessage[],
  { at, stranger }: SentMessage,
  { milliseconds, unfinished }: SendWindow,
): readonly SentMessage[] {
  const since = at.getTime() - milliseconds;
  return sent.filter(
    (earlier) =>
      earlier.at.getTime() > since && (!stranger || earlier.stranger) && !(unfinished && earlier.finished === true), // guard: window-counts-recent, own-messages-spare-strangers
  );
}

function unsettledIn(sent: readonly SentMessage[], message: SentMessage): readonly string[] {
  const windows = recipientRule.filter(({ unfinished }) => unfinished);
  const full = windows.filter((window) => !message.stranger && counted(sent, message, window).length >= window.all);
  return [...new Set(full.flatMap((window) => counted(sent, message, window).flatMap(({ signIn }) => signIn ?? [])))];
}
