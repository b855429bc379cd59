import type { Counters, CountRule } from './counters.ts';
import { networkOf } from './network.ts';

/** What is limited by client address. Of 'registration' and 'reset' every try counts; of all else only failures, so that an office behind one address may sign in. */
export type LimitedKind = 'password' | 'factor' | 'client' | 'registration' | 'username' | 'reset';

/** 0: not limited. */
export interface AddressLimits {
  readonly failureSeconds: number;
  readonly wrongPasswords: number;
  readonly wrongCodes: number;
  readonly wrongClientSecrets: number;
  readonly registrationsPerHour: number;
  readonly takenUsernamesPerHour: number;
}

/** Limits beside those of each account: what one address may try over all of them. An IPv6 client is its whole /64. */
export interface AddressBudget {
  /** Until when nothing is judged for this address; undefined: go on. Asked before every act, so it costs a command only where every try counts. */
  admit(kind: LimitedKind, address: string | undefined): Promise<Date | undefined>;
  /** Counts a failure. */
  charge(kind: LimitedKind, address: string | undefined): Promise<void>;
}

/** What sends something to whoever is named. */
const everyTry: readonly LimitedKind[] = ['registration', 'reset'];

const hour = 3_600_000;

/** Addresses remembered at most; past it the oldest is forgotten, and learnt again by its next failure. */
const mostBlocked = 10_000;

export function addressBudget(deps: {
  readonly counters: Counters;
  readonly limits: AddressLimits;
  /** Told of a failure that could not be counted. */
  readonly report: (cause: unknown) => void;
  readonly now: () => Date;
}): AddressBudget {
  /** Ends of waits, as this process learnt them; another process learns its own from the next failure that it counts. */
  const blocked = new Map<string, Date>();
  const keyOf = (kind: LimitedKind, address: string | undefined) => `${kind}:${networkOf(address)}`;

  return {
    async admit(kind, address) {
      const rule = ruleOf(kind, deps.limits);
      if (!rule) return undefined;
      const key = keyOf(kind, address);
      const known = blockedUntil(key);
      if (known || !everyTry.includes(kind)) return known; // guard: failed-address-waits
      const counted = await deps.counters.take(key, rule, deps.now());
      return counted.within ? undefined : block(key, counted.endsAt); // guard: registrations-count-first
    },

    async charge(kind, address) {
      const rule = ruleOf(kind, deps.limits);
      if (!rule || everyTry.includes(kind)) return;
      const key = keyOf(kind, address);
      try {
        const counted = await deps.counters.take(key, rule, deps.now());
        if (!counted.within || counted.count >= rule.limit) block(key, counted.endsAt);
      } catch (cause) {
        // The guess is judged and counted by its account; that the address got off once lets nobody in.
        deps.report(cause);
      }
    },
  };

  function blockedUntil(key: string): Date | undefined {
    const until = blocked.get(key);
    if (until === undefined || until > deps.now()) return until;
    blocked.delete(key);
    return undefined;
  }

  function block(key: string, until: Date): Date {
    blocked.delete(key);
    blocked.set(key, until);
    const [oldest] = blocked.keys();
    if (blocked.size > mostBlocked && oldest !== undefined) blocked.delete(oldest);
    return until;
  }
}

function ruleOf(kind: LimitedKind, limits: AddressLimits): CountRule | undefined {
  const failures = limits.failureSeconds * 1000;
  const rules: Readonly<Record<LimitedKind, CountRule>> = {
    password: { limit: limits.wrongPasswords, milliseconds: failures },
    factor: { limit: limits.wrongCodes, milliseconds: failures },
    client: { limit: limits.wrongClientSecrets, milliseconds: failures },
    registration: { limit: limits.registrationsPerHour, milliseconds: hour },
    username: { limit: limits.takenUsernamesPerHour, milliseconds: hour }, // guard: taken-names-per-address
    reset: { limit: limits.registrationsPerHour, milliseconds: hour }, // guard: resets-per-address
  };
  const rule = rules[kind];
  return rule.limit === 0 ? undefined : rule;
}
