import type { Account, EnrolledFactor } from '../accounts/account.ts';
import type { Factor } from '../factors/factor.ts';
import type { FactorChanges } from '../factors/factor-changes.ts';
import { tidyName } from '../factors/first-factor.ts';
import type { CarryOut } from '../protection/carry-out.ts';
import { type EventKind, type Events, eventSubject } from '../protection/events.ts';
import { weakestEnrolled } from '../sign-in/policy/enrolled.ts';
import { demands, type FactorPolicy } from '../sign-in/policy/policy.ts';
import type { Changer } from './account-change.ts';

/** 'gone': the account has no such factor. 'needed': it may not be without one. 'moved': another change came in between. */
export type FactorChanged = 'changed' | 'gone' | 'needed' | 'moved';

/** 'needed': on, and not for the person to say. 'none': nothing is set up. */
export type TwoStep = 'on' | 'off' | 'needed' | 'none';

export interface FactorManagement {
  rename(who: Changer, factorId: string, name: string): Promise<FactorChanged>;
  prefer(who: Changer, factorId: string): Promise<FactorChanged>;
  remove(who: Changer, factorId: string): Promise<FactorChanged>;
  switchTwoStep(who: Changer, to: 'on' | 'off'): Promise<FactorChanged>;
  /** The account may not be without this factor: the policy demands one, and it is the last that can be asked for. */
  isNeeded(account: Account, factorId: string): boolean;
  twoStepOf(account: Account): TwoStep;
}

/** What people may do about their own second factors. Whoever calls has seen to the fresh proof. */
export function managingFactors(deps: {
  readonly factorChanges: FactorChanges;
  readonly factors: readonly Pick<Factor, 'kind' | 'level'>[];
  readonly policy: FactorPolicy;
  readonly carryOut: CarryOut;
  readonly events: Events;
  readonly now: () => Date;
}): FactorManagement {
  const kinds = deps.factors.map(({ kind }) => kind);
  return { rename, prefer, remove, switchTwoStep, isNeeded, twoStepOf };

  async function rename(who: Changer, factorId: string, name: string): Promise<FactorChanged> {
    const factor = held(who.account, factorId);
    if (!factor) return 'gone';
    const renamed = await deps.factorChanges.rename({ ...asRead(who), factorId, name: tidyName(name) });
    return renamed ? record(who, 'factor_renamed', factor) : 'moved';
  }

  async function prefer(who: Changer, factorId: string): Promise<FactorChanged> {
    const factor = held(who.account, factorId);
    if (!factor) return 'gone';
    const preferred = await deps.factorChanges.prefer({ ...asRead(who), factorId });
    return preferred ? record(who, 'factor_preferred', factor) : 'moved';
  }

  async function remove(who: Changer, factorId: string): Promise<FactorChanged> {
    const { account, session, origin } = who;
    const factor = held(account, factorId);
    if (!factor) return 'gone';
    if (isNeeded(account, factorId)) return 'needed'; // guard: needed-factor-not-removed
    const beside = demands(deps.policy, account) ? { beside: kinds } : {}; // guard: store-told-one-stays
    const unmarked = weakestEnrolled(deps.factors, account);
    const left = await deps.factorChanges.remove({ ...asRead(who), factorId, unmarked, ...beside });
    if (!left) return 'moved';
    const { kind } = factor;
    const made = { change: 'factor_removed', account: left, kind, detail: kind } as const;
    await deps.carryOut({ ...made, origin, keep: { session: session.id } }); // guard: removal-keeps-own-session
    return 'changed';
  }

  async function switchTwoStep(who: Changer, to: 'on' | 'off'): Promise<FactorChanged> {
    const { account, session, origin } = who;
    const now = twoStepOf(account);
    if (now === 'needed') return 'needed'; // guard: two-step-demanded-stays-on
    if (now === 'none' || now === to) return 'gone';
    const switched = await deps.factorChanges.switchTwoStep({ ...asRead(who), off: to === 'off' });
    if (!switched) return 'moved';
    const change = to === 'off' ? 'two_step_off' : 'two_step_on';
    await deps.carryOut({ change, account: switched, origin, keep: { session: session.id } }); // guard: two-step-keeps-own-session
    return 'changed';
  }

  function isNeeded(account: Account, factorId: string): boolean {
    const others = account.factors.filter(({ id, kind }) => id !== factorId && kinds.includes(kind));
    return others.length === 0 && demands(deps.policy, account);
  }

  function twoStepOf(account: Account): TwoStep {
    if (account.factors.length === 0) return 'none';
    if (demands(deps.policy, account)) return 'needed';
    return account.twoStepOff ? 'off' : 'on';
  }

  /** Neither ends anything nor lets anybody in, so it is no mail. */
  async function record({ account, origin }: Changer, kind: EventKind, factor: EnrolledFactor): Promise<FactorChanged> {
    const who = eventSubject({ accountId: account.id, origin });
    await deps.events.append({ at: deps.now(), kind, result: 'success', detail: factor.kind, ...who });
    return 'changed';
  }
}

function held({ factors }: Account, factorId: string): EnrolledFactor | undefined {
  return factors.find(({ id }) => id === factorId);
}

function asRead({ account }: Changer) {
  const kinds = account.factors.map(({ kind }) => kind);
  return { accountId: account.id, sessionVersion: account.sessionVersion, kinds };
}
