import { defined } from '../platform/defined.ts';
import type { BeyondLimit, Counted, Counters } from './counters.ts';
import type { Events } from './events.ts';
import { type FinishedSignIns, finishedSends } from './finished-sends.ts';
import type { SendTaken, SentMessage, SentTaken, SentTimes } from './recipient-rule.ts';
import { type Send, type SendLimits, type SharedBudget, sharedBudgetsOf } from './shared-budgets.ts';

/** The port to the send budgets: asked before every message, so that nobody floods a mailbox or a phone through us. */
export interface SendBudget {
  /** A refusal uses nothing up. */
  take(send: Send, now: Date): Promise<SendTaken>;
}

/** Alarms remembered as told; past it they are told anew, which is one record all the same. */
const mostAlarmed = 1_000;

/**
 * Takes from the narrowest budget to the widest and, where one refuses, gives back what was taken before it. So a recipient's
 * wait never touches what others share. Each is exact by itself, also of 20 at once; between a take and its giving back
 * somebody else may be told to wait, and a process that dies there leaves a message too few: too strict, never too lax.
 */
export function sendBudget(deps: {
  readonly sentTimes: SentTimes;
  readonly counters: Counters;
  readonly finishedSignIns: FinishedSignIns;
  readonly limits: SendLimits;
  readonly events: Pick<Events, 'appendOnce'>;
  /** Told of a limit of the day that is reached, once in this process. */
  readonly alarm: (limit: string) => void;
}): SendBudget {
  const alarmed = new Set<string>();
  const finished = finishedSends(deps);

  return {
    async take(send, now) {
      const message = messageOf(send, now);
      const first = await takeRecipient(send.recipient, message);
      if (!first.allowed) return first;
      const taken: { readonly budget: SharedBudget; readonly endsAt: Date }[] = [];
      for (const budget of sharedBudgetsOf(send, deps.limits)) {
        const counted = await takeShared(send.recipient, budget, now);
        if (counted.within) {
          taken.push({ budget, endsAt: counted.endsAt });
          continue;
        }
        await Promise.all(taken.map(({ budget: { key, share }, endsAt }) => giveBack(key, endsAt, share))); // guard: refusal-keeps-shared-budget
        await deps.sentTimes.giveBack(send.recipient, message); // guard: refusal-keeps-recipient-budget
        await tell(budget, counted, now);
        return { allowed: false, ...(budget.own ? { retryAt: counted.endsAt } : {}) }; // guard: shared-end-not-told
      }
      return first;
    },
  };

  async function takeRecipient(recipient: string, message: SentMessage): Promise<SendTaken> {
    const taken = await deps.sentTimes.take(recipient, message);
    if (taken.allowed || !(await finished.forgiveDay(recipient, taken.unsettled ?? []))) return answerOf(taken);
    return answerOf(await deps.sentTimes.take(recipient, message));
  }

  async function takeShared(recipient: string, budget: SharedBudget, now: Date): Promise<Counted> {
    const counted = await deps.counters.take(budget.key, budget, now);
    if (counted.within || !budget.unfinished) return counted;
    const { endsAt } = counted;
    const forgiven = await finished.forgiveAccount(recipient, { budget, endsAt });
    return forgiven ? deps.counters.take(budget.key, budget, now) : counted;
  }

  function giveBack(key: string, endsAt: Date, share: number | undefined): Promise<void> {
    return deps.counters.giveBack(key, { endsAt, shared: share !== undefined });
  }

  /** One record a day and limit, however many messages and processes meet it. */
  async function tell({ key, alarm }: SharedBudget, { endsAt, full }: BeyondLimit, now: Date): Promise<void> {
    if (alarm === undefined) return;
    const limit = full === 'share' ? `${alarm}_strangers` : alarm;
    const name = `${limit}:${key}:${endsAt.toISOString()}`;
    if (alarmed.has(name)) return;
    if (alarmed.size >= mostAlarmed) alarmed.clear();
    alarmed.add(name);
    deps.alarm(limit);
    const event = { at: now, kind: 'alarm', result: 'failure', detail: limit } as const;
    await deps.events.appendOnce(`alarm:${name}`, event);
  }
}

/** What whoever asks may know of it. */
function answerOf(taken: SentTaken): SendTaken {
  if (taken.allowed) return taken;
  return { allowed: false, ...(taken.retryAt ? { retryAt: taken.retryAt } : {}) };
}

function messageOf({ by, proved, signIn }: Send, at: Date): SentMessage {
  return {
    at,
    stranger: proved !== true,
    ...defined({ by, signIn }),
  };
}
