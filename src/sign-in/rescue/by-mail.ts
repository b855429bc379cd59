import type { Account } from '../../accounts/account.ts';
import { maskedEmail } from '../../accounts/identifier.ts';
import { meets } from '../../accounts/level.ts';
import type { Destination } from '../../delivery/code.ts';
import { rescue as kind } from '../../factors/kinds.ts';
import type { SignInPosition } from '../next.ts';
import { channelOf, independence, isSame, usedBefore, usedHere } from '../policy/channels.ts';

/** Whom a code to the confirmed address may let in, after the right password, in the place of lost ways. */
export interface RescueRule {
  readonly byMail: boolean;
  /** Only a browser that finished a sign-in to the account before: the second method beside the mailbox. */
  readonly needsKnownBrowser: boolean;
  /** Those who administer have more to lose than a mailbox can vouch for. */
  readonly exceptRoles: readonly string[];
}

/** Open, or why not: each is told, with what else can be done. */
export type RescueByMail =
  | { readonly open: true; readonly sentTo: string }
  | { readonly open: false; readonly why: 'later'; readonly from: Date }
  | { readonly open: false; readonly why: 'same-mailbox' | 'unknown-browser' | 'asked-more' };

export const rescueWay: string = kind.kind;

/** Undefined: there is none for this account. `askedWay`: the way that is asked for now, which is not lost while its mailbox is read. */
export function rescueByMail(step: SignInPosition, askedWay?: string): RescueByMail | undefined {
  const { account, attempt, request, policy, now } = step;
  const { rescue } = policy;
  if (!rescue?.byMail || !account) return undefined;
  if (account.roles.some((role) => rescue.exceptRoles.includes(role))) return undefined; // guard: administrators-not-rescued
  if (!meets(kind.level, request.leastLevel)) return { open: false, why: 'asked-more' }; // guard: rescue-not-for-more
  const mailbox: Destination = { courier: 'mail', destination: account.email };
  const here = [...usedHere(account, attempt.proofs), ...asked(account, askedWay, now)];
  const independent = independence({ ...mailbox, as: 'rescue' }, { here, elsewhere: usedBefore(account) }, now);
  if (!independent.counts)
    // guard: rescue-a-day-after-the-reset
    return independent.from
      ? { open: false, why: 'later', from: independent.from }
      : { open: false, why: 'same-mailbox' };
  if (livesInOne(account, mailbox)) return { open: false, why: 'same-mailbox' }; // guard: one-mailbox-not-rescued
  if (rescue.needsKnownBrowser && attempt.knownBrowser !== true) return { open: false, why: 'unknown-browser' }; // guard: rescue-in-known-browser
  return { open: true, sentTo: maskedEmail(account.email) };
}

function asked({ factors }: Account, way: string | undefined, at: Date) {
  const channel = factors.filter(({ id }) => id === way).map(channelOf)[0];
  return channel ? [{ ...channel, as: 'factor', at } as const] : [];
}

/** No way is anywhere else: whoever cannot read that mailbox is not let in by it. */
function livesInOne({ factors }: Account, mailbox: Destination): boolean {
  return factors.map(channelOf).every((channel) => channel !== undefined && isSame(channel, mailbox));
}
