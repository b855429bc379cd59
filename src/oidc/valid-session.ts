import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Account } from '../accounts/account.ts';
import { meets } from '../accounts/level.ts';
import { stillProved } from '../accounts/still-proved.ts';
import type { Level, Proof } from '../factors/factor.ts';
import { defined } from '../platform/defined.ts';
import { hashId } from '../platform/hash.ts';
import { levelReached } from '../sign-in/policy/assurance.ts';
import { inTime, type SessionRecord, type Sessions } from '../sign-in/sessions.ts';
import type { KnownAccount } from './claims.ts';
import type { Shield } from './faults.ts';
import { beginKept, keptOf } from './one-row.ts';
import { storedProofs } from './proofs.ts';

/** Below this a session is none here: for this account, as the policy is now. `fresh`: it begins with this very request. */
export type LeastLevel = (
  account: Account,
  session: { readonly proofs: readonly Proof[]; readonly fresh: boolean },
) => Level;

/** What a session is worth in this request: nothing, or the level its record shows. */
export interface ValidSession {
  readonly level: Level;
  readonly record: SessionRecord;
}

export interface SessionRules {
  readonly idleSeconds: number;
  readonly absoluteSeconds: number;
  readonly staySignedInSeconds: number;
}

interface Deps {
  readonly rules: SessionRules;
  readonly leastLevel: LeastLevel;
  readonly origin: (ctx: KoaContextWithOIDC) => { readonly address?: string; readonly browser?: string };
  readonly shield: Shield;
  readonly now: () => Date;
}

/**
 * A session without its record is no session anywhere: the library keeps its own even when a check throws. Asked once per
 * request, however many checks want to know (they run in parallel).
 */
export function validSessions(deps: Deps): (ctx: KoaContextWithOIDC) => Promise<ValidSession | undefined> {
  const byRequest = new WeakMap<object, Promise<ValidSession | undefined>>();
  return (ctx) => {
    const known = byRequest.get(ctx) ?? deps.shield(() => judge(deps, ctx));
    byRequest.set(ctx, known);
    return known;
  };
}

async function judge(deps: Deps, ctx: KoaContextWithOIDC): Promise<ValidSession | undefined> {
  const { session } = ctx.oidc;
  const account = (ctx.oidc.account as KnownAccount | undefined)?.stored;
  if (!session?.accountId || !account) return undefined;
  if (ctx.oidc.result?.login) return worth(begin(deps, ctx, account), account);
  const kept = keptOf(session);
  const record = kept?.record;
  if (!kept || !record || !inTime(record, deps.now())) return undefined; // guard: kept-record-in-time
  const found = worth(record, account);
  if (found) kept.seenAt = deps.now(); // guard: last-seen-when-good
  return found;
}

/** What the session of this uid is worth to this account where the library has not read it at /auth: in the account area. */
export async function validSession(
  { sessions, now }: { readonly sessions: Pick<Sessions, 'seen'>; readonly now: () => Date },
  uid: string,
  account: Account,
): Promise<ValidSession | undefined> {
  return worth(await sessions.seen(hashId(uid), now()), account);
}

function worth(record: SessionRecord | undefined, account: Account): ValidSession | undefined {
  if (!record || !stillProved(account, record)) return undefined; // guard: record-judged-each-request
  const level = levelReached(record.proofs);
  if (level === undefined) return undefined;
  return { level, record };
}

/** The last redirect of a sign-in: the record, written when the library saves its session, comes from the proofs that came with the result, if the account is still as it was. */
function begin(deps: Deps, ctx: KoaContextWithOIDC, account: Account): SessionRecord | undefined {
  const { session, result } = ctx.oidc;
  const login = result?.login;
  if (!session || !login) return undefined;
  const now = deps.now();
  const seconds = login.remember ? deps.rules.staySignedInSeconds : deps.rules.absoluteSeconds;
  const signedInAt = new Date((login.ts ?? 0) * 1000);
  const record: SessionRecord = {
    id: hashId(session.uid),
    accountId: login.accountId,
    sessionVersion: Number(login.sessionVersion),
    proofs: storedProofs(login.proofs),
    signedInAt,
    lastSeen: now,
    expiresAt: new Date(signedInAt.getTime() + seconds * 1000), // guard: session-absolute-end
    ...(login.remember ? {} : { idleSeconds: deps.rules.idleSeconds }), // guard: record-idles
    ...seenFrom(deps.origin(ctx)),
  };
  if (!stillProved(account, record) || record.expiresAt <= now) return undefined; // guard: parked-sign-in-judged
  if (belowLeast(deps, record, account)) return undefined; // guard: too-weak-leaves-no-session
  // Sticky in the library: "stay signed in" chosen at a later sign-in would do nothing.
  if (login.remember) session.transient = undefined; // guard: stay-at-later-sign-in
  beginKept(session, record);
  return record;
}

/** What is no session of this account now is kept as none: the next request would take it for one that ran before. */
function belowLeast({ leastLevel }: Deps, { proofs }: SessionRecord, account: Account): boolean {
  const level = levelReached(proofs);
  return level === undefined || !meets(level, leastLevel(account, { proofs, fresh: true }));
}

function seenFrom({ address, browser }: Pick<SessionRecord, 'address' | 'browser'>) {
  return { ...defined({ address, browser }) };
}
