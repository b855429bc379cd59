const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Within any such time: so many messages that its owner is sent, strangers' among them; and so many that strangers set off. */
export interface SendWindow {
  readonly milliseconds: number;
  readonly all: number;
  readonly strangers: number;
}

/**
 * What one recipient may be sent, in all spellings and whatever for. The waits grow from a minute to a day. Strangers have a
 * smaller share, so that whoever registers somebody's address all day long cannot use up what its owner signs in with.
 */
export const recipientRule: readonly SendWindow[] = [
  { milliseconds: minute, all: 1, strangers: 1 },
  { milliseconds: 10 * minute, all: 3, strangers: 2 },
  { milliseconds: hour, all: 6, strangers: 4 },
  { milliseconds: day, all: 10, strangers: 5 },
];

/** One message that a recipient was sent. */
export interface SentMessage {
  readonly at: Date;
  /** Set off by somebody who had not proved to be its owner. */
  readonly stranger: boolean;
  /** The browser, or else the sign-in, that set it off. */
  readonly by?: string;
}

/** `retryAt` as far as whoever asks may know it: absent where it would tell of messages that somebody else set off. */
export type SendTaken = { readonly allowed: true } | { readonly allowed: false; readonly retryAt?: Date };

/** The port to the times at which a recipient was sent something. */
export interface SentTimes {
  /** Judges by judgeSend and keeps `message` in one step. */
  take(recipient: string, message: SentMessage): Promise<SendTaken>;
  /** Forgets that very message: neither its owner nor strangers have two at a time. */
  giveBack(recipient: string, message: SentMessage): Promise<void>;
}

/** What taking one send means, from the earlier sends before the write; storage applies the same rule inside its one update. */
export function judgeSend(sent: readonly SentMessage[], message: SentMessage): SendTaken {
  if (waitAfter(sent, message) === undefined) return { allowed: true };
  // A wait that others' messages begin would tell whoever asks when they were sent.
  const own = sent.filter(({ by }) => by !== undefined && by === message.by);
  const retryAt = waitAfter(own, message);
  return { allowed: false, ...(retryAt ? { retryAt } : {}) };
}

/** A stranger's message is judged by strangers' alone: neither a refusal nor its end tells that the owner signs in. */
function waitAfter(sent: readonly SentMessage[], { at, stranger }: SentMessage): Date | undefined {
  const full = recipientRule.flatMap(({ milliseconds, all, strangers }) => {
    const within = sent.filter(
      (message) => message.at.getTime() > at.getTime() - milliseconds && (!stranger || message.stranger),
    );
    return fullUntil(within, stranger ? strangers : all).map((oldest) => oldest + milliseconds);
  });
  return full.length === 0 ? undefined : new Date(Math.max(...full));
}

/** The time of the message that has to leave the window before another one may come; none when there is room. */
function fullUntil(within: readonly SentMessage[], limit: number): readonly number[] {
  const times = within.map(({ at }) => at.getTime()).sort((one, other) => one - other);
  return times.slice(-limit).slice(0, times.length < limit ? 0 : 1);
}
