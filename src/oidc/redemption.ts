import { errors } from 'oidc-provider';
import type { Account } from '../accounts/account.ts';
import { meets } from '../accounts/level.ts';
import { stillProved } from '../accounts/still-proved.ts';
import type { Level } from '../factors/factor.ts';
import { hashId } from '../platform/hash.ts';
import { inTime, type SessionRecord, type Sessions } from '../sign-in/sessions.ts';
import { readByUid } from './one-row.ts';
import type { LeastLevel } from './valid-session.ts';

/** What a client brings to /token, and the level that its grant was given at. */
export interface Redeemed {
  readonly kind?: string | undefined;
  readonly sessionUid?: string | undefined;
  readonly grantLevel?: Level | undefined;
}

interface Deps {
  readonly sessions: Pick<Sessions, 'find'>;
  readonly leastLevel: LeastLevel;
  readonly now: () => Date;
}

/** Where a code is redeemed, the record of the session it was given in; of anything else nothing is read. */
export async function sessionOfCode(
  { sessions, now }: Deps,
  ctx: object,
  redeemed: Redeemed,
): Promise<SessionRecord | undefined> {
  if (redeemed.kind !== 'AuthorizationCode' || redeemed.sessionUid === undefined) return undefined;
  const read = readByUid(ctx, redeemed.sessionUid);
  if (read) return read.record && inTime(read.record, now()) ? read.record : undefined;
  return sessions.find(hashId(redeemed.sessionUid), now());
}

/**
 * A last redirect that had read its session, or its account, saves its grant after an ending has removed those that were
 * there. Whatever ends a session is visible before the grants are removed, so whoever judges here sees the one or loses
 * the other: nothing is issued that outlives its session's end.
 */
export function refuseOverCode(
  { leastLevel }: Pick<Deps, 'leastLevel'>,
  redeemed: Redeemed,
  { account, record }: { readonly account: Account; readonly record: SessionRecord | undefined },
): void {
  if (redeemed.kind !== 'AuthorizationCode') return;
  if (!record || !stillProved(account, record)) throw new errors.InvalidGrant('the session of the code is over'); // guard: ended-session-no-code
  const least = leastLevel(account, { proofs: record.proofs, fresh: false });
  if (!meets(redeemed.grantLevel ?? '1fa', least)) throw new errors.InvalidGrant('the grant of the code is too weak'); // guard: weak-grant-no-code
}
