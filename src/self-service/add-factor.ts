import type { Factor } from '../factors/factor.ts';
import { mostFactors } from '../factors/first-factor.ts';
import { begunEnrolment } from '../sign-in/enrolment/begun-enrolment.ts';
import { settableOf } from '../sign-in/factor/offers.ts';
import { invalid, moved, type Outcome } from '../sign-in/outcome.ts';
import type { AccountChanges, Changer } from './account-change.ts';

/** Begins to set up another way beside those of the account, or its first. Whoever calls has seen to the fresh proof. */
export function addingFactor(deps: {
  readonly changes: AccountChanges;
  readonly factors: readonly Factor[];
  readonly now: () => Date;
}) {
  return async function beginAdding(who: Changer, kind: string): Promise<Outcome> {
    const settable = settableOf(deps.factors).find((each) => each.kind === kind);
    if (!settable) return moved;
    if (who.account.factors.length >= mostFactors) return invalid('', 'ways_full', { n: mostFactors });
    const enrolment = begunEnrolment(settable, { account: who.account, proofs: [] }, deps.now());
    return deps.changes.begin(who, { enrolment });
  };
}
