import type { Factor } from '../../factors/factor.ts';
import { judgeTake, secondFactorRule } from '../../protection/budgets.ts';
import { secondsUntil } from '../../sign-in/outcome.ts';
import { offered } from '../../sign-in/prove-factor.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import type { Visit } from '../visit.ts';
import type { StagePage } from './stage-page.ts';

/** Proving a factor of whatever kind: this page knows none by name. */
export function factorPage(deps: {
  readonly proveFactor: SignIn['proveFactor'];
  readonly factors: readonly Factor[];
  readonly now: () => Date;
}): StagePage {
  const chosen = ({ step }: Visit) => {
    const [first] = step.account ? offered(deps.factors, step.account) : [];
    if (!first) throw new Error('this stage always has a factor to offer');
    return first;
  };
  return {
    stages: ['factor'],
    kept: [],
    posts: [
      {
        name: 'factor',
        path: 'factor',
        fields: (visit) => chosen(visit).factor.fields,
        act: (visit, input) => deps.proveFactor(visit.step, { kind: chosen(visit).factor.kind, input }),
      },
    ],
    async show(visit) {
      const { factor, offer } = chosen(visit);
      const { account, attempt } = visit.step;
      const offers = account ? offered(deps.factors, account).map((each) => each.offer) : [];
      const flow = { id: attempt.id, purpose: 'sign-in', ...(account ? { accountId: account.id } : {}) };
      const facts = { ...(await factor.facts(flow, offer)), offers, ...lockFacts(visit, deps.now()) };
      return { view: `factors/${factor.kind}`, stage: factor.kind, facts };
    },
  };
}

function lockFacts({ step }: Visit, now: Date): Readonly<Record<string, unknown>> {
  const state = step.account && judgeTake(step.account.guesses.secondFactor, secondFactorRule, now);
  if (state?.state === 'closed') return { closed: true };
  if (state?.state !== 'waiting') return {};
  return { lockedUntil: state.until.toISOString(), secondsLocked: secondsUntil(state.until, now) };
}
