import { type Level, meets, ranking } from '../../accounts/level.ts';
import type { Proof } from '../../factors/factor.ts';
import { isForLost } from '../../factors/kinds.ts';

// What proofs amount to and what a relying party is told of it, as the README lists it.
// Pure. Knows no library: oidc/ hands in what the request asked for and throws where the answer is "not met".

/** What a client reads and asks for. 'remembered' has no name outside: no factor was used (check 53). */
const acrValues: Readonly<Record<Exclude<Level, 'remembered'>, string>> = {
  '1fa': 'urn:twofold:1fa',
  recovery: 'urn:twofold:recovery',
  '2fa-email': 'urn:twofold:2fa-email',
  '2fa-sms': 'urn:twofold:2fa-sms',
  '2fa': 'urn:twofold:2fa',
  phr: 'phr',
};

const amrOrder: readonly string[] = ['pwd', 'hwk', 'swk', 'user', 'otp', 'sms', 'mfa'];

/** Whether a code by mail is told as `mfa`. */
export interface MfaRule {
  readonly emailCountsAsMfa: boolean;
}

const strict: MfaRule = { emailCountsAsMfa: false };

export interface RequestedAcr {
  /** Any one of them is enough; empty: nothing was asked. */
  readonly values: readonly string[];
  /** Asked by acr_values or essentially: what cannot be met ends the request (RFC 9470 section 5). */
  readonly required: boolean;
}

export type AcrJudgement = { readonly met: true; readonly acr: string } | { readonly met: false };

export function acrOf(level: Level): string {
  return acrValues[outside(level)];
}

/** Every acr that a client may ask for, weakest first, as discovery lists them. */
export const supportedAcr: readonly string[] = ranking.flatMap((level) => (level === 'remembered' ? [] : acrOf(level)));

/** The highest level among the proofs that count; undefined: nobody is signed in. What stood in for lost ways decides alone, whatever was set up after it. */
export function levelReached(proofs: readonly Proof[]): Level | undefined {
  const found = counted(proofs);
  return found.find(isForLost)?.level ?? strongest(found.map(({ level }) => level)); // guard: lost-way-caps-level
}

/** The highest level that was proved, a way that was set up in the place of lost ones included: what is made by these proofs. */
export function levelProved(proofs: readonly Proof[]): Level | undefined {
  return strongest(counted(proofs).map(({ level }) => level));
}

/** The ways of before were lost, and another was set up in this very sign-in. */
export function isReenrolled(proofs: readonly Proof[]): boolean {
  const lost = proofs.findIndex(isForLost);
  return lost !== -1 && proofs.slice(lost + 1).some(({ factorId }) => factorId !== undefined);
}

/** Each method once, in the order of the table. */
export function amrOf(proofs: readonly Proof[], { emailCountsAsMfa } = strict): string[] {
  const found = counted(proofs);
  const lost = found.findIndex(isForLost);
  const told = lost === -1 ? found : found.slice(0, lost + 1); // guard: lost-way-told-alone
  const methods = new Set(told.flatMap((proof) => (emailCountsAsMfa ? proof.amr : withoutMailedMfa(proof))));
  const unlisted = [...methods].filter((method) => !amrOrder.includes(method));
  return [...amrOrder.filter((method) => methods.has(method)), ...unlisted];
}

/** NIST SP 800-63B-4 section 3.1.3.1: a mailbox is no out-of-band authenticator. Recovery codes that one made are worth no more. */
function withoutMailedMfa({ amr, level }: Proof): readonly string[] {
  return level === '2fa-email' ? amr.filter((method) => method !== 'mfa') : amr; // guard: mailed-code-no-mfa
}

/** When the last of these methods was used: the auth_time (OpenID Connect Core section 2). A way that was put off is none. */
export function provedAt(proofs: readonly Proof[]): Date {
  const times = counted(proofs).flatMap(({ amr, at }) => (amr.length > 0 ? [at.getTime()] : [])); // guard: auth-time-of-proof
  return new Date(Math.max(...times));
}

/** Since when a factor was not asked for again, where these proofs rest on a remembered device: the claim `remembered_since`. */
export function rememberedSince(proofs: readonly Proof[]): Date | undefined {
  if (levelReached(proofs) !== 'remembered') return undefined; // guard: factor-proved-not-remembered
  return proofs.findLast(({ level }) => level === 'remembered')?.at;
}

/** `claims` is the raw parameter: the library lets acr_values overwrite an essential acr, a downgrade (docs/design.md trap 2). */
export function requestedAcr(request: { readonly acrValues?: string; readonly claims?: unknown }): RequestedAcr {
  const claim = acrClaim(request.claims);
  if (claim.essential && claim.values.length > 0) return { values: claim.values, required: true }; // guard: acr-values-no-downgrade
  const requested = unique(request.acrValues?.split(/\s+/).filter(Boolean) ?? []);
  if (requested.length > 0) return { values: requested, required: true };
  return { values: claim.values, required: false };
}

/** The acr to report: the strongest requested value that was met, else the level reached (OpenID Connect Core 5.5.1.1). */
export function judgeAcr(requested: RequestedAcr, reached: Level): AcrJudgement {
  const outward = outside(reached);
  const met = strongest(requestedLevels(requested).filter((level) => meets(outward, level)));
  if (met) return { met: true, acr: acrOf(met) };
  if (requested.required) return { met: false }; // guard: unmet-acr-told
  return { met: true, acr: acrOf(outward) };
}

/** Whether any of the levels that this installation can prove would do; a hopeless request is refused before anybody is asked for a password. */
export function reachable(requested: RequestedAcr, offered: readonly Level[]): boolean {
  return offered.some((level) => judgeAcr(requested, level).met);
}

/** Nothing counts before the password; without one only a passkey that verified its user is a whole sign-in. */
function counted(proofs: readonly Proof[]): readonly Proof[] {
  const password = proofs.findIndex(({ kind }) => kind === 'password');
  return password === -1 ? proofs.filter(({ level }) => level === 'phr') : proofs.slice(password); // guard: passkey-alone-signs-in, proofs-after-password-count
}

function outside(level: Level): Exclude<Level, 'remembered'> {
  return level === 'remembered' ? '1fa' : level; // guard: remembered-told-as-1fa
}

function requestedLevels({ values }: RequestedAcr): readonly Level[] {
  return ranking.filter((level) => level !== 'remembered' && values.includes(acrOf(level)));
}

export function strongest(levels: readonly Level[]): Level | undefined {
  return ranking.findLast((level) => levels.includes(level));
}

export function weakest(levels: readonly Level[]): Level | undefined {
  return ranking.find((level) => levels.includes(level));
}

/** The level and all that meet it. */
export function atLeast(level: Level): readonly Level[] {
  return ranking.slice(ranking.indexOf(level));
}

/** The acr of the ID token as OpenID Connect Core 5.5.1 writes it. What is no string names no level: kept as '', which is never met. */
function acrClaim(claims: unknown): { readonly values: readonly string[]; readonly essential: boolean } {
  const acr = member(member(typeof claims === 'string' ? parsed(claims) : claims, 'id_token'), 'acr');
  const listed = [member(acr, 'value'), member(acr, 'values')].flat().filter((value) => value !== undefined);
  const values = unique(listed.map((value) => (typeof value === 'string' ? value : ''))); // guard: odd-acr-never-met
  return { values, essential: member(acr, 'essential') === true };
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}

/** Malformed claims are refused by the library before this is asked; here they ask for nothing. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
