import type { AccountId } from '../../accounts/account.ts';
import type { Proof } from '../../factors/factor.ts';
import { next } from '../next.ts';
import { moved, type Outcome, type SignInStep } from '../outcome.ts';
import { demandOf, putOffKind } from '../policy/policy.ts';
import type { proceeding } from '../proceed.ts';

/** The port to how often each account has put off its first factor. */
export interface PutOffs {
  /** Counts one more where the active account has no factor yet and its count still is `before`: of several sign-ins at once one goes on. Once for each attempt: a double click is true again and counted no more. */
  count(skip: { readonly accountId: AccountId; readonly attemptId: string; readonly before: number }): Promise<boolean>;
}

export function puttingOff(deps: {
  readonly putOffs: PutOffs;
  readonly proceed: ReturnType<typeof proceeding>;
  readonly now: () => Date;
}) {
  return async function putOff(step: SignInStep): Promise<Outcome> {
    const { account, attempt } = step;
    if (!account || !mayPutOff(step)) return moved;
    const before = account.enrolmentSkips ?? 0;
    if (!(await deps.putOffs.count({ accountId: account.id, attemptId: attempt.id, before }))) return moved;
    const proof: Proof = { kind: putOffKind, amr: [], level: '1fa', at: deps.now() };
    // What was begun stays: where it may be put off no longer before this sign-in ends, its page is shown again.
    const change = { deliveredCode: undefined, proofs: [...attempt.proofs, proof] };
    return deps.proceed(step, { account, change });
  };
}

/** Whether "Set up later" is open at this page. */
export function mayPutOff(step: SignInStep): boolean {
  const { account, policy, request, now } = step;
  const stage = next(step);
  if (!account || (stage !== 'enrol' && stage !== 'confirm-mail')) return false;
  return demandOf({ policy, account, leastLevel: request.leastLevel, now }) === 'offer';
}
