import type { Factor } from '../../factors/factor.ts';
import { judgeTake, noBudget, secondFactorRule } from '../../protection/budgets.ts';
import { lockFacts, triesLeft } from '../../sign-in/lock.ts';
import { offered } from '../../sign-in/prove-factor.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import type { Visit } from '../visit.ts';
import type { Shown, StagePage } from './stage-page.ts';

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
      const { facts, ...left } = budget(visit, deps.now());
      const told = { ...(await factor.facts(flow, offer)), offers, ...facts };
      return { view: `factors/${factor.kind}`, stage: factor.kind, facts: told, ...left };
    },
  };
}

/** What the two budgets leave, and until when nothing is judged. */
function budget({ step }: Visit, now: Date): Pick<Shown, 'facts' | 'closed' | 'errors'> {
  const guesses = step.account?.guesses.secondFactor ?? noBudget;
  const state = judgeTake(guesses, secondFactorRule, now);
  switch (state.state) {
    case 'taken':
      return { facts: { triesLeft: triesLeft(step.attempt.challengeTries, guesses.failures) } };
    case 'waiting':
      return { facts: lockFacts(state.until, now), closed: ['factor'] };
    case 'closed':
      return { facts: {}, closed: ['factor'], errors: [{ field: '', code: 'code_locked_closed' }] };
  }
}
