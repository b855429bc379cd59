import { randomUUID } from 'node:crypto';
import type { Account } from '../../accounts/account.ts';
import type { Factor, PendingEnrolment, Proof, Started } from '../../factors/factor.ts';
import { isForLost } from '../../factors/kinds.ts';
import { defined } from '../../platform/defined.ts';
import type { Attempt } from '../attempt.ts';
import { type SettableFactor, settableOf } from '../factor/offers.ts';
import { independence, usedHere } from '../policy/channels.ts';

/** Nothing typed or shown on the way to a factor lives longer (NIST SP 800-63B-4 section 4.1.2.2). */
const lifeMilliseconds = 10 * 60_000; // guard: pending-enrolment-ten-minutes

/** What setting up a factor of this kind begins with. */
export function begunEnrolment(
  { kind, enrolment }: SettableFactor,
  { account, proofs }: { readonly account: Account; readonly proofs: readonly Proof[] },
  now: Date,
): PendingEnrolment {
  const factorId = randomUUID();
  const beginning = { account: withoutLost(account, proofs), proofs, factorId };
  const own = enrolment.start(beginning);
  const { data } = provesTwice(own, { account, proofs }, now) ? enrolment.start({ ...beginning, data: {} }) : own; // guard: rescue-mailbox-not-suggested
  return renewed({ factorId, kind, expiresAt: now, ...defined({ data }) }, now);
}

/** Its code would go to the mailbox that was a proof in this very sign-in: it would prove nothing more. */
export function provesTwice(
  { send }: Started,
  { account, proofs }: { readonly account: Account; readonly proofs: readonly Proof[] },
  now: Date,
): boolean {
  return (
    send !== undefined && !independence({ ...send, as: 'factor' }, { here: usedHere(account, proofs) }, now).counts
  );
}

/** The account as it is once its lost ways are replaced: what is set up in their place is set up as a first way. */
export function withoutLost(account: Account, proofs: readonly Proof[]): Account {
  return proofs.some(isForLost) ? { ...account, factors: [] } : account; // guard: lost-way-set-up-again
}

/** What is being set up in it, of a kind that there is. */
export function underWay(factors: readonly Factor[], { enrolment: pending }: Pick<Attempt, 'enrolment'>) {
  const begun = pending && settableOf(factors).find(({ kind }) => kind === pending.kind);
  return begun && { ...begun, pending };
}

/** Whoever asks for a code has its whole life to enter it. */
export function renewed(pending: PendingEnrolment, now: Date): PendingEnrolment {
  return { ...pending, expiresAt: new Date(now.getTime() + lifeMilliseconds) };
}
