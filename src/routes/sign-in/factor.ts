import { z } from 'zod';
import type { Factor, Offer } from '../../factors/factor.ts';
import { defined } from '../../platform/defined.ts';
import { choice, lastingChoice } from '../../platform/fields.ts';
import { Problem } from '../../platform/problem.ts';
import { noBudget } from '../../protection/budgets.ts';
import { isReset, isSignIn } from '../../sign-in/attempt.ts';
import { offersRemembering } from '../../sign-in/device/remember-device.ts';
import { triesLeft } from '../../sign-in/factor/lock.ts';
import { currentOffer, flowOf, type OfferedFactor, offered, offersAt } from '../../sign-in/factor/offers.ts';
import type { ProvingStep } from '../../sign-in/outcome.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import { form, formByVisit, type Guard, link, type Page, type Screen, type Shown, says } from '../forms/contract.ts';
import { type ShownLock, shownLock } from './lock.ts';
import { lostLink } from './lost.ts';
import { lockFacts, offerFacts } from './screens.ts';

interface Deps extends Pick<SignIn, 'proveFactor' | 'sendAnother' | 'chooseWay'> {
  readonly factors: readonly Factor[];
  readonly administrators: boolean;
  readonly now: () => Date;
}

/** Somebody else has yet to act: nothing is judged until then. */
const pending = z.literal(true).exactOptional();

/** Weaker ways are not enough here; what is left without the strongest. */
const stronger = z.enum(['codes', 'no-codes']).exactOptional();

const waysScreen = {
  view: 'factors/ways',
  stage: 'ways',
  facts: z.object({ offers: z.array(offerFacts), stronger }),
} as const satisfies Screen;

/** A sign-in or a reset, where a factor that is set up is asked. */
export interface ProvingVisit {
  readonly step: ProvingStep;
  readonly client: { readonly clientId: string };
  /** Path below which every form posts. */
  readonly base: string;
}

/** "Do not ask for a code on this device for so many days"; absent: it is not offered. */
const rememberDays = z.int().exactOptional();

/** What is asked of a factor, and what its page says, beside what every factor's does. */
function ofFactor({ kind, answer, shows, standsIn }: Factor) {
  const own = { way: z.string(), offers: z.array(offerFacts), stronger, triesLeft: z.int().exactOptional(), pending };
  const facts = { ...own, ...(standsIn ? {} : { rememberDays }) };
  const input = z.object({ way: choice(), ...answer.shape });
  return {
    input,
    remembering: input.extend({ remember: lastingChoice() }),
    screen: { view: `factors/${kind}`, stage: kind, facts: z.object({ ...shows.shape, ...facts, ...lockFacts }) },
  };
}

/** Proving a factor of whatever kind: this page knows none by name. */
export function factorPage<Visit extends ProvingVisit>(deps: Deps, guard: Guard<Visit>): Page<Visit> {
  const made = new Map(deps.factors.map((factor) => [factor.kind, ofFactor(factor)]));
  const chosen = (visit: Visit) => {
    const first = currentOffer(offersOf(deps, visit), visit.step.attempt.way);
    const own = first && made.get(first.factor.kind);
    // Its kinds were taken out of the configuration: the password alone must not do instead.
    if (!first || !own) throw noWay(visit);
    return { ...first, ...own };
  };
  const inputOf = (visit: Visit) => {
    const { factor, input, remembering } = chosen(visit);
    return isSignIn(visit.step) && offersRemembering(visit.step, factor) ? remembering : input; // guard: remember-box-where-offered
  };
  return {
    guard,
    screens: [...made.values()].map(({ screen }) => screen),
    forms: [
      formByVisit({
        name: 'factor',
        path: 'factor',
        guard,
        limit: 'factor',
        inputs: [...made.values()].flatMap(({ input, remembering }) => [input, remembering]),
        inputOf,
        act: ({ step }, { way, remember, ...input }) =>
          deps.proveFactor(step, { input, remember: remember === 'yes', ...defined({ way }) }),
      }),
      form({
        name: 'send',
        path: 'factor/send',
        guard,
        input: z.object({}),
        act: ({ step }: Visit) => deps.sendAnother(step),
      }),
    ],
    async show(visit) {
      const { factor, offer, screen } = chosen(visit);
      const offers = listed(deps, visit);
      const { facts, closed = [], ...left } = budget(visit, deps.now());
      const own = await factor.facts(flowOf(visit.step.attempt, offer), offer);
      const waits = await isPending(chosen(visit), visit);
      return {
        screen,
        facts: {
          ...own,
          way: offer.id,
          offers,
          ...leftOut(deps, visit),
          ...facts,
          ...rememberFacts(visit, factor),
          ...(waits ? { pending: true } : {}),
        },
        links: [
          ...(offers.some(({ id }) => id !== offer.id) ? [link('choose', `${visit.base}/factor/ways`)] : []),
          ...lostLink(deps, visit),
        ],
        closed: [
          ...closed,
          ...(factor.sends || own.unsent ? [] : ['send']),
          ...(own.unsent || waits ? ['factor'] : []),
        ],
        ...deliveryNotice(own),
        ...left,
      };
    },
  };
}

function rememberFacts({ step }: ProvingVisit, factor: Factor): { rememberDays?: number } {
  if (!isSignIn(step)) return {};
  const { days } = step.policy.rememberDevice ?? {};
  return offersRemembering(step, factor) ? defined({ rememberDays: days }) : {};
}

/** Somebody else has to act first: the page says so, and asks again by itself. */
async function isPending(
  { factor, offer }: OfferedFactor,
  { step: { account, attempt } }: ProvingVisit,
): Promise<boolean> {
  if (!account || !factor.pending) return false;
  return factor.pending({ flow: flowOf(attempt, offer), account, offer });
}

/** In a reset, because what is there lives in the mailbox that the link went to. */
function noWay({ step, client: { clientId } }: ProvingVisit): Problem {
  return new Problem(isReset(step) ? 'reset_no_way' : 'no_way_left', 403, { clientId });
}

/** "Another way": what else this person can prove. */
export function waysPage<Visit extends ProvingVisit>(deps: Deps, guard: Guard<Visit>): Page<Visit> {
  return {
    path: 'factor/ways',
    guard,
    screens: [waysScreen],
    forms: [
      form({
        name: 'way',
        path: 'factor/way',
        guard,
        input: z.object({ way: choice() }),
        act: ({ step }: Visit, { way }) => deps.chooseWay(step, way),
      }),
    ],
    show(visit) {
      const offers = listed(deps, visit);
      return {
        ...says(waysScreen, { offers, ...leftOut(deps, visit) }),
        links: [...lostLink(deps, visit), link('back', visit.base)],
      };
    },
  };
}

function offersOf({ factors }: Pick<Deps, 'factors'>, { step }: ProvingVisit): readonly OfferedFactor[] {
  return offersAt(factors, step);
}

/** What there is to choose among: the code for whoever lost a way has a page of its own. */
function listed(deps: Pick<Deps, 'factors'>, visit: ProvingVisit): Offer[] {
  return offersOf(deps, visit).flatMap(({ factor, offer }) => (factor.chosenAlone ? [] : [offer]));
}

/** That there are weaker ways, which are not enough here: whoever looks for one is told so, and what is left without the strongest. */
function leftOut({ factors }: Pick<Deps, 'factors'>, visit: ProvingVisit): { stronger?: 'codes' | 'no-codes' } {
  const { account } = visit.step;
  const offers = offersOf({ factors }, visit).filter(({ factor }) => !factor.chosenAlone);
  if (!account || isReset(visit.step) || offered(factors, account, '1fa').length === offers.length) return {};
  return { stronger: offers.some(({ factor }) => factor.standsIn) ? 'codes' : 'no-codes' };
}

/** What became of a message, told where the challenge began with one. */
export function deliveryNotice({
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
function budget({ step: { account, attempt } }: ProvingVisit, now: Date): ShownLock & Pick<Shown, 'closed'> {
  const lock = shownLock(account, now);
  if (lock) return { ...lock, closed: ['factor', 'send'] };
  const { failures } = account?.guesses.secondFactor ?? noBudget;
  return { facts: { triesLeft: triesLeft(attempt.challenge.tries, failures) } };
}
