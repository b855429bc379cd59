import type { Factor } from '../factors/factor.ts';
import { mostFactors } from '../factors/first-factor.ts';
import type { AccountChanges, Changer } from './account-change.ts';
import { moved, type Outcome, refused } from './outcome.ts';

/** Begins to set up another way beside those of the account, or its first. Whoever calls has seen to the fresh proof. */
export function addingWay(deps: { readonly changes: AccountChanges; readonly factors: readonly Factor[] }) {
  return async function beginAdding(who: Changer, kind: string): Promise<Outcome> {
    const enrolment = deps.factors.find((factor) => factor.kind === kind)?.enrolment;
    if (!enrolment) return moved;
    if (who.account.factors.length >= mostFactors) return refused('', 'ways_full', { n: mostFactors });
    return deps.changes.begin(who, { enrolment: enrolment.begin(who.account) });
  };
}
