import type { Event, Events } from '../../../src/protection/events.ts';
import { judgeSend, type SendBudget } from '../../../src/protection/send-budget.ts';

/** Passes the same contract as storage/events; `all` is what was appended, oldest first. */
export function memoryEvents(): Events & { readonly all: readonly Event[] } {
  const all: Event[] = [];
  const names = new Set<string>();
  return {
    all,
    async append(...events) {
      all.push(...structuredClone(events));
    },
    async appendOnce(name, event) {
      if (!names.has(name)) all.push(structuredClone(event));
      names.add(name);
    },
  };
}

/** Passes the same contract as storage/send-budgets. */
export function memorySendBudget(): SendBudget {
  const sent = new Map<string, readonly Date[]>();
  return {
    async take({ recipient }, now) {
      const before = sent.get(recipient) ?? [];
      const taken = judgeSend(before, now);
      if (taken.allowed) sent.set(recipient, [...before, now]);
      return taken;
    },
  };
}
