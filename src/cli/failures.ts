import { type Budget, type Guesses, passwordRule } from '../protection/budgets.ts';
import { strangerRule } from '../protection/stranger-guesses.ts';

export function failures({ failures: count, lockedUntil }: Budget, closedAt: number) {
  return { count, closed: count >= closedAt, ...(lockedUntil ? { lockedUntil } : {}) };
}

/** Wrong passwords since the last full sign-in: those of browsers that never signed in by network, and by known browser those of the others. */
export function passwordFailures({ password, browsers }: Guesses, now: Date) {
  const { failures: count, endsAt } = password;
  const today = endsAt && endsAt > now ? { count, endsAt } : { count: 0 };
  const full = today.endsAt && count >= strangerRule.perDay;
  const remembered = password.networks.filter(
    ({ at }) => at.getTime() > now.getTime() - strangerRule.forgottenMilliseconds,
  );
  return {
    today: today.count,
    ...(full ? { onlyKnownBrowsersUntil: today.endsAt } : {}),
    networks: tried(remembered, now),
    knownBrowsers: tried(Object.values(browsers), now),
  };
}

function tried(budgets: readonly Budget[], now: Date) {
  const closed = budgets.filter(({ failures: count }) => count >= passwordRule.closedAt).length;
  const waits = budgets.filter(({ lockedUntil }) => lockedUntil && lockedUntil > now).length;
  return { tried: budgets.length, waiting: waits, closed };
}

export function passwordLine(failed: ReturnType<typeof passwordFailures>): string {
  const { today, onlyKnownBrowsersUntil: until, networks, knownBrowsers } = failed;
  const parts = [
    `${today} wrong today`,
    until && `only known browsers until ${until.toISOString()}`,
    triedLine('networks', networks),
    triedLine('known browsers', knownBrowsers),
  ];
  return parts.filter(Boolean).join('; ');
}

function triedLine(what: string, { tried: count, waiting, closed }: ReturnType<typeof tried>): string {
  const states = [waiting > 0 && `${waiting} waiting`, closed > 0 && `${closed} closed`].filter(Boolean);
  return count === 0 ? '' : `${what}: ${[count, ...states].join(', ')}`;
}

export function failureLine({ count, closed, lockedUntil }: ReturnType<typeof failures>): string {
  if (closed) return `${count} wrong, closed until unlocked`;
  return lockedUntil ? `${count} wrong, wait until ${lockedUntil.toISOString()}` : `${count} wrong`;
}
