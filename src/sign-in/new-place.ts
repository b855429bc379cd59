import type { Account, AccountId, SeenPlace } from '../accounts/account.ts';
import type { Origin } from '../platform/origin.ts';
import type { Notices } from '../protection/notices.ts';
import type { SignInStep } from './outcome.ts';

const day = 24 * 60 * 60_000;
/** Whoever can sign in with ever other names of browsers must not fill the owner's mailbox. */
const noticesPerDay = 5;

/** The port to the places that an account was signed in from. */
export interface SeenPlaces {
  /** Keeps one more, once; answers those from before. Undefined: the account has it already, or is gone. */
  add(seen: SeenPlace & { readonly accountId: AccountId }): Promise<readonly SeenPlace[] | undefined>;
}

/**
 * Tells the owner of a finished sign-in from a browser that is not known and a place where none of its name was seen before. A
 * known browser asks the database nothing, and neither does a place that is known.
 */
export function noticingPlaces(deps: {
  readonly seenPlaces: SeenPlaces;
  /** One word for a rough place and a browser's name, from which nobody reads either. */
  readonly placeKey: (origin: Origin) => string;
  readonly notices: Notices;
  readonly now: () => Date;
}) {
  return async function noticePlace(step: SignInStep, account: Account): Promise<void> {
    const { origin, knownBrowser } = step;
    if (knownBrowser?.()?.accounts.includes(account.id)) return; // guard: known-browser-no-notice
    const key = deps.placeKey(origin);
    if (account.seenPlaces?.some((seen) => seen.key === key)) return; // guard: seen-place-no-command
    const at = deps.now();
    const before = await deps.seenPlaces.add({ accountId: account.id, key, at });
    if (!before || isFirst(account, before, at) || isFlood(before, at)) return; // guard: new-place-once
    await deps.notices.tell({ to: account.email, accountId: account.id, event: 'new_place', at, origin });
  };
}

/** Its owner made the account a moment ago. One that is older and was never seen anywhere is told. */
function isFirst({ createdAt }: Account, before: readonly SeenPlace[], now: Date): boolean {
  return before.length === 0 && now.getTime() - createdAt.getTime() < day; // guard: first-sign-in-untold
}

function isFlood(before: readonly SeenPlace[], now: Date): boolean {
  return before.filter(({ at }) => now.getTime() - at.getTime() < day).length >= noticesPerDay; // guard: new-places-bounded
}
