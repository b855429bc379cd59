import type { Account } from '../../accounts/account.ts';
import type { Factor, Level } from '../../factors/factor.ts';
import { strongest, weakest } from './assurance.ts';

type Kinds = readonly Pick<Factor, 'kind' | 'level'>[];
type Enrolled = Pick<Account, 'factors'>;

/** The least that any second factor amounts to: what an account has to give whose kinds are none here any more, so that its password alone never does. */
const leastFactor: Level = '2fa-email';

/** The highest level that the account can prove by what it has set up; recovery codes only stand in for that. */
export function strongestEnrolled(kinds: Kinds, account: Enrolled): Level {
  return account.factors.length === 0 ? '1fa' : (strongest(levelsOf(kinds, account)) ?? leastFactor); // guard: strongest-enrolled
}

export function weakestEnrolled(kinds: Kinds, account: Enrolled): Level {
  return account.factors.length === 0 ? '1fa' : (weakest(levelsOf(kinds, account)) ?? leastFactor); // guard: unmarked-set-weakest
}

function levelsOf(kinds: Kinds, { factors }: Enrolled): readonly Level[] {
  return kinds.flatMap(({ kind, level }) => (factors.some((factor) => factor.kind === kind) ? [level] : []));
}
