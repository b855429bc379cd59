import type { Factor, PageFacts } from '../../factors/factor.ts';
import { defined } from '../../platform/defined.ts';
import { Problem } from '../../platform/problem.ts';
import { noBudget } from '../../protection/budgets.ts';
import { triesLeft } from '../../sign-in/lock.ts';
import { asked, flowOf, type OfferedFactor, offered } from '../../sign-in/offers.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import type { Visit } from '../visit.ts';
import { shownLock } from './lock.ts';
import { link, type Shown, type StagePage } from './stage-page.ts';

interface Deps extends Pick<SignIn, 'proveFactor' | 'sendAnother' | 'chooseWay'> {
  readonly factors: readonly Factor[];
  readonly now: () => Date;
}

/** Proving a factor of whatever kind: this page knows none by name. */
export function factorPage(deps: Deps): StagePage {
  const chosen = (visit: Visit) => {
    const first = asked(offersOf(deps, visit), visit.step.attempt.way);
    // Its kinds were taken out of the configuration: the password alone must not do instead.
    if (!first) throw new Problem('no_way_left', 403, { clientId: visit.client.clientId });
    return first;
  };
  return {
    stages: ['factor'],
    kept: [],
    posts: [
      {
        name: 'factor',
        path: 'factor',
        limit: 'factor',
        fields: (visit) => ['way', ...Object.keys(chosen(visit).factor.answer.shape)],
        act: ({ step }, { way, ...input }) => deps.proveFactor(step, { input, ...defined({ way }) }),
      },
      { name: 'send', path: 'factor/send', fields: () => [], act: ({ step }) => deps.sendAnother(step) },
    ],
    async show(visit) {
      const { factor, offer } = chosen(visit);
      const offers = offersOf(deps, visit).map((each) => each.offer);
      const { facts, closed = [], ...left } = budget(visit, deps.now());
      const own = await factor.facts(flowOf(visit.step.attempt), offer);
      return {
        view: `factors/${factor.kind}`,
        stage: factor.kind,
        facts: { ...own, way: offer.id, offers, ...leftOut(deps, visit), ...facts },
        links: offers.length > 1 ? [link('choose', `${visit.base}/factor/ways`)] : [],
        closed: [...closed, ...(factor.sends ? [] : ['send']), ...(own.unsent ? ['factor'] : [])],
        ...told(own),
        ...left,
      };
    },
  };
}

/** "Another way": what else this person can prove. */
export function waysPage(deps: Deps): StagePage {
  return {
    stages: ['factor'],
    kept: [],
    posts: [
      {
        name: 'way',
        path: 'factor/way',
        fields: () => ['way'],
        act: ({ step }, { way }) => deps.chooseWay(step, way),
      },
    ],
    show(visit) {
      const offers = offersOf(deps, visit).map(({ offer }) => offer);
      return {
        view: 'factors/ways',
        stage: 'ways',
        facts: { offers, ...leftOut(deps, visit) },
        links: [link('back', visit.base)],
      };
    },
  };
}

function offersOf({ factors }: Pick<Deps, 'factors'>, { step: { account, request } }: Visit): readonly OfferedFactor[] {
  return account ? offered(factors, account, request.leastLevel) : [];
}

/** That there are weaker ways, which are not enough here: whoever looks for one is told so, and what is left without the strongest. */
function leftOut({ factors }: Pick<Deps, 'factors'>, visit: Visit): PageFacts {
  const { account } = visit.step;
  const offers = offersOf({ factors }, visit);
  if (!account || offered(factors, account, '1fa').length === offers.length) return {};
  return { stronger: offers.some(({ factor }) => factor.standsIn) ? 'codes' : 'no-codes' };
}

/** What became of a message, told where the challenge began with one. */
export function told({
  newer,
  undelivered,
  earlier,
  secondsSinceSent,
}: Readonly<Record<string, unknown>>): Pick<Shown, 'errors' | 'notice'> {
  if (undelivered) return { errors: [{ field: '', code: 'send_failed' }] };
  if (earlier) return { notice: { code: 'code_earlier', params: { seconds: Number(secondsSinceSent) } } };
  return newer ? { notice: { code: 'code_sent' } } : {};
}

/** What the two budgets leave, and until when nothing is judged. */
function budget({ step: { account, attempt } }: Visit, now: Date): Pick<Shown, 'facts' | 'closed' | 'errors'> {
  const lock = shownLock(account, now);
  if (lock) return { ...lock, closed: ['factor', 'send'] };
  const { failures } = account?.guesses.secondFactor ?? noBudget;
  return { facts: { triesLeft: triesLeft(attempt.challengeTries, failures) } };
}
