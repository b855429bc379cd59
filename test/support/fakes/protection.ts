import { type Count, type Counters, judgeCount } from '../../../src/protection/counters.ts';
import type { Event, Events } from '../../../src/protection/events.ts';
import type { FinishedSignIns } from '../../../src/protection/finished-sends.ts';
import { judgeSend, type SentMessage, type SentTimes } from '../../../src/protection/recipient-rule.ts';
import { type SendBudget, sendBudget } from '../../../src/protection/send-budget.ts';

/** Passes the same contract as storage/events; `all` is what was appended, oldest first. */
export function memoryEvents(): Events & {
  readonly all: readonly Event[];
  readonly names: ReadonlySet<string>;
} {
  const all: Event[] = [];
  const names = new Set<string>();
  return {
    ...{ all, names },
    async append(...events) {
      all.push(...structuredClone(events));
    },
    async appendOnce(name, event) {
      if (!names.has(name)) all.push(structuredClone(event));
      names.add(name);
    },
  };
}

/** Passes the same contract as storage/finished-sign-ins; reads what those events recorded. */
export function memoryFinishedSignIns({ names }: Pick<ReturnType<typeof memoryEvents>, 'names'>): FinishedSignIns {
  return { among: async (signIns) => signIns.filter((signIn) => names.has(`${signIn}:sign_in`)) };
}

/** Passes the same contract as storage/counters. */
export function memoryCounters(): Counters {
  const counts = new Map<string, Count>();
  return {
    async take(key, rule, now) {
      const before = counts.get(key);
      const counted = judgeCount(before, rule, now);
      const earlier = counted.within && counted.count === 1 ? 0 : (before?.shared ?? 0);
      if (counted.within) counts.set(key, { ...counted, shared: earlier + (rule.share === undefined ? 0 : 1) });
      return counted;
    },
    async giveBack(key, { endsAt, shared }) {
      const before = counts.get(key);
      if (!before || before.count === 0 || before.endsAt.getTime() !== endsAt.getTime()) return;
      counts.set(key, { ...before, count: before.count - 1, shared: (before.shared ?? 0) - (shared ? 1 : 0) });
    },
  };
}

/** Passes the same contract as storage/send-budgets. */
export function memorySentTimes(): SentTimes {
  const sent = new Map<string, readonly SentMessage[]>();
  const of = (recipient: string) => sent.get(recipient) ?? [];
  return {
    async take(recipient, message) {
      const taken = judgeSend(of(recipient), message);
      if (taken.allowed) sent.set(recipient, [...of(recipient), message]);
      return taken;
    },
    async giveBack(recipient, { at, stranger }) {
      const others = of(recipient).filter(
        (message) => message.at.getTime() !== at.getTime() || message.stranger !== stranger,
      );
      sent.set(recipient, others);
    },
    sentTo: async (recipient) => of(recipient),
    async settle(recipient, { signIns, as }) {
      const fits = ({ signIn, [as]: is }: SentMessage) => signIn !== undefined && signIns.includes(signIn) && !is;
      const marked = of(recipient).filter(fits);
      sent.set(
        recipient,
        of(recipient).map((message) => (fits(message) ? { ...message, [as]: true } : message)),
      );
      return marked;
    },
  };
}

export const wideLimits = {
  mailsPerDay: 10_000,
  smsPerDay: 10_000,
  smsPerCountryPerDay: 10_000,
  perAddressPerHour: 10_000,
};

export function memorySendBudget(events = memoryEvents()): SendBudget {
  const stores = { sentTimes: memorySentTimes(), counters: memoryCounters(), events };
  return sendBudget({ ...stores, finishedSignIns: memoryFinishedSignIns(events), limits: wideLimits, alarm: () => {} });
}
