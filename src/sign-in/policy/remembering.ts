import type { Account } from '../../accounts/account.ts';
import { meets } from '../../accounts/level.ts';
import type { Proof } from '../../factors/factor.ts';
import type { SignInRequest } from '../request.ts';
import { rememberedSince } from './assurance.ts';

// What a remembered device may stand in for. Pure: next() asks it for the order of the pages, and oidc/ asks it again for
// each session that rests on one.

export interface RememberPolicy {
  /** 0: everybody is always asked. */
  readonly days: number;
  /** Who has one of these is always asked. */
  readonly exceptRoles: readonly string[];
}

/** Kind of the proof that a factor was proved in this browser before: no factor, so it has no method that a client is told of. */
export const rememberedKind = 'remembered';

const daySeconds = 24 * 60 * 60;

/** What a request says about proofs of before. */
export type AskedOfDevice = Pick<SignInRequest, 'leastLevel' | 'anew' | 'maxAgeSeconds' | 'alwaysAsks'>;

interface Wanted {
  readonly policy: { readonly rememberDevice?: RememberPolicy };
  readonly account: Pick<Account, 'roles'>;
}

/** Whether this account may have remembered devices at all. */
export function remembersFor({ policy: { rememberDevice }, account }: Wanted): boolean {
  if (!rememberDevice || rememberDevice.days === 0) return false; // guard: remembering-switched-off
  return !account.roles.some((role) => rememberDevice.exceptRoles.includes(role)); // guard: remembering-except-roles
}

/** Whether a browser may be remembered in this sign-in: a proof for a change of the own account, and one that a client always asks for, remember nothing. */
export function mayRemember(wanted: Wanted & { readonly request: Pick<SignInRequest, 'alwaysAsks' | 'confirms'> }) {
  const { alwaysAsks, confirms } = wanted.request;
  return !alwaysAsks && !confirms && remembersFor(wanted); // guard: fresh-proof-remembers-nothing, asking-client-remembers-nothing
}

/** A factor that was proved there before this does not count here; undefined: none does. */
export function provedAfter(
  wanted: Wanted & { readonly request: AskedOfDevice; readonly now: Date },
): Date | undefined {
  const { policy, request, now } = wanted;
  if (!policy.rememberDevice || !remembersFor(wanted)) return undefined;
  // It stands in where some factor is needed, and for nothing that is asked by its level (check 53).
  if (request.alwaysAsks || request.anew || !meets('remembered', request.leastLevel)) return undefined; // guard: device-meets-no-level, device-not-asked-anew, device-not-at-asking-client
  const seconds = Math.min(policy.rememberDevice.days * daySeconds, request.maxAgeSeconds ?? Infinity); // guard: device-within-max-age
  return new Date(now.getTime() - seconds * 1000);
}

/** Whether the device that these proofs rest on is as good as a factor here. */
export function deviceCounts(
  wanted: Wanted & { readonly request: AskedOfDevice; readonly now: Date; readonly proofs: readonly Proof[] },
): boolean {
  const [since, after] = [rememberedSince(wanted.proofs), provedAfter(wanted)];
  return since !== undefined && after !== undefined && since > after; // guard: device-judged-again
}
