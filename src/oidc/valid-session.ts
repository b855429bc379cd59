import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Account } from '../accounts/account.ts';
import { meets } from '../accounts/level.ts';
import { stillProved } from '../accounts/still-proved.ts';
import type { Level, Proof } from '../factors/factor.ts';
import { defined } from '../platform/defined.ts';
import { hashId } from '../platform/hash.ts';
import { amrOf, levelReached } from '../sign-in/policy/assurance.ts';
import type { SessionRecord, Sessions } from '../sign-in/sessions.ts';
import type { KnownAccount } from './claims.ts';
import type { Shield } from './faults.ts';
import { storedProofs } from './proofs.ts';

/** Below this a session is none here: for this account, as the policy is now. `fresh`: it begins with this very request. */
export type LeastLevel = (
  account: Account,
  session: { readonly proofs: readonly Proof[]; readonly fresh: boolean },
) => Level;

/** What a session is worth in this request: nothing, or the level its record shows. */
export interface ValidSession {
  readonly level: Level;
  readonly amr: readonly string[];
  readonly record: SessionRecord;
}

export interface SessionRules {
  readonly idleSeconds: number;
  readonly absoluteSeconds: number;
  readonly staySignedInSeconds: number;
}

interface Deps {
  readonly sessions: Sessions;
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
  if (!ctx.oidc.result?.login) return validSession(deps, session.uid, account);
  return worth(await begin(deps, ctx, account), account);
}

/** What the session of this uid is worth to this account, whoever asks: the policy at /auth, or the account area. */
export async function validSession(
  { sessions, now }: Pick<Deps, 'sessions' | 'now'>,
  uid: string,
  account: Account,
): Promise<ValidSession | undefined> {
  return worth(await sessions.seen(hashId(uid), now()), account);
}

function worth(record: SessionRecord | undefined, account: Account): ValidSession | undefined {
  if (!record || !stillProved(account, record)) return undefined; // guard: record-judged-each-request
  const level = levelReached(record.proofs);
  if (level === undefined) return undefined;
  return { level, amr: amrOf(record.proofs), record };
}

/** The last redirect of a sign-in: the record is written from the proofs that came with the result, if the account is still as it was. */
async function begin(deps: Deps, ctx: KoaContextWithOIDC, account: Account): Promise<SessionRecord | undefined> {
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
  await deps.sessions.save(record);
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
