import type { Account, AccountId, Accounts } from '../../accounts/account.ts';
import { meets } from '../../accounts/level.ts';
import type { Level } from '../../factors/factor.ts';
import type { TooWeak } from '../../protection/carry-out.ts';
import type { SessionRecord, Sessions } from '../sessions.ts';
import { atLeast, levelReached, rememberedSince } from './assurance.ts';
import { type FactorPolicy, leastLevelOf, putOffKind } from './policy.ts';

/** The port to what clients were given at a level. */
export interface WeakGrants {
  /** Ends what was given at another level than these, or at an unknown one, outside of the sessions that are kept. */
  endWeaker(weak: {
    readonly accountId: AccountId;
    readonly enough: readonly Level[];
    readonly keepSessions: readonly string[];
  }): Promise<void>;
}

interface Deps {
  readonly accounts: Pick<Accounts, 'find'>;
  readonly sessions: Pick<Sessions, 'list' | 'endOf'>;
  readonly grants: WeakGrants;
  readonly policy: FactorPolicy;
  readonly now: () => Date;
}

/** After a change of who needs a second factor: what was proved too weakly for it ends, with what clients were given for it. */
export function endingTooWeak(deps: Deps): TooWeak {
  const { accounts, sessions, grants, now } = deps;
  return {
    async end(accountId) {
      const account = await accounts.find(accountId);
      if (!account) return;
      // A grant tells its level alone: of that of a remembered device none stays where no device counts any more.
      const least = leastFor(deps, account, { putOff: false, onDevice: true });
      if (least === '1fa') return;
      const all = await sessions.list(accountId, now());
      const judged = all.map((session) => ({ ...session, fate: fateOf(deps, account, session) }));
      // Their grants are kept by the level alone: a session that was stepped up gave something at its first level, too.
      const putOff = judged.filter(({ fate }) => fate === 'put-off').map(({ id }) => id); // guard: put-off-session-keeps-grants
      await grants.endWeaker({ accountId, enough: atLeast(least), keepSessions: putOff }); // guard: role-ends-weak-grants
      for (const { id, fate } of judged) if (fate === 'weak') await sessions.endOf({ accountId, id, now: now() }); // guard: role-ends-weak-session
    },
  };
}

/** 'put-off': good, because setting up a factor may still be put off. */
function fateOf(deps: Deps, account: Account, { proofs }: SessionRecord): 'good' | 'put-off' | 'weak' {
  const level = levelReached(proofs) ?? '1fa';
  const onDevice = rememberedSince(proofs) !== undefined;
  if (meets(level, leastFor(deps, account, { putOff: false, onDevice }))) return 'good';
  const putOff = proofs.some(({ kind }) => kind === putOffKind);
  return putOff && meets(level, leastFor(deps, account, { putOff, onDevice })) ? 'put-off' : 'weak';
}

function leastFor(
  { policy, now }: Deps,
  account: Account,
  session: { readonly putOff: boolean; readonly onDevice: boolean },
): Level {
  return leastLevelOf({ policy, account, now: now(), fresh: false, ...session });
}
