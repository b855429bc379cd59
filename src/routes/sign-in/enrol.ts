import { z } from 'zod';
import type { Enrolment, Factor } from '../../factors/factor.ts';
import { choice, typed } from '../../platform/fields.ts';
import { flowOf, settable } from '../../sign-in/factor/offers.ts';
import { type Step, secondsUntil } from '../../sign-in/outcome.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import { type Form, form, formByVisit, inSignIn, type Page, type Screen, type Shown, says } from '../forms/contract.ts';
import { deliveryNotice } from './factor.ts';
import { shownLock } from './lock.ts';
import { lockFacts, putOffFacts } from './screens.ts';
import type { Visit } from './visit.ts';

interface Deps
  extends Pick<SignIn, 'confirmEnrolment' | 'renewEnrolment' | 'chooseEnrolment' | 'giveDestination' | 'sendAnother'> {
  readonly factors: readonly Factor[];
  readonly now: () => Date;
}

const kinds = z.array(z.string());
const nothing = z.object({});
const guard = inSignIn('enrol');

/** Nothing is begun: one of these may be. */
const unbegunScreen = {
  view: 'factors/enrol',
  stage: 'enrol',
  facts: z.object({ kinds, ...putOffFacts }),
} as const satisfies Screen;

const madeScreens = new WeakMap<Enrolment, Screen>();

/** The page of a kind that is being set up; `kinds`: what may be set up instead. */
export function enrolScreen(kind: string, enrolment: Enrolment): Screen {
  const known = madeScreens.get(enrolment);
  if (known) return known;
  const facts = z.object({ ...enrolment.shows.shape, kinds, ...lockFacts, ...putOffFacts });
  const made = { view: `factors/${kind}-enrol`, stage: `enrol-${kind}`, facts };
  madeScreens.set(enrolment, made);
  return made;
}

/** Where its codes will go, as its owner types it. */
export function destinationInput({ destination }: Enrolment): z.ZodObject {
  return destination ? z.object({ [destination.field]: typed() }) : nothing;
}

/** Every screen of a kind that is being set up. */
export function enrolScreens(factors: readonly Factor[]): readonly Screen[] {
  const own = factors.flatMap(({ kind, enrolment }) => (enrolment ? [enrolScreen(kind, enrolment)] : []));
  return [unbegunScreen, ...own];
}

/** Setting up a factor of whatever kind the attempt has begun; each kind brings its own view. */
export function enrolPage(deps: Deps): Page<Visit> {
  return {
    guard,
    screens: enrolScreens(deps.factors),
    forms: [...formsByKind(deps), ...plainForms(deps)],
    show: ({ step }) => {
      const all = settable(deps.factors, step.request.leastLevel).map(({ kind }) => kind);
      const others = all.filter((kind) => kind !== step.attempt.enrolment?.kind);
      return shownEnrolment(deps, step, others);
    },
  };
}

/** Those that take what the kind that was begun takes. */
function formsByKind({ factors, confirmEnrolment, giveDestination }: Deps): readonly Form<Visit>[] {
  const enrolments = factors.flatMap(({ kind, enrolment }) => (enrolment ? [{ kind, enrolment }] : []));
  const taking = (inputOf: (enrolment: Enrolment) => z.ZodObject) => {
    const byKind = new Map(enrolments.map(({ kind, enrolment }) => [kind, inputOf(enrolment)]));
    return {
      inputs: [nothing, ...byKind.values()],
      inputOf: ({ step }: Visit) => byKind.get(step.attempt.enrolment?.kind ?? '') ?? nothing,
    };
  };
  return [
    formByVisit({
      name: 'enrol',
      path: 'enrol',
      guard,
      limit: 'factor',
      ...taking(({ answer }) => answer),
      act: ({ step }, input) => confirmEnrolment(step, input),
    }),
    formByVisit({
      name: 'destination',
      path: 'enrol/destination',
      guard,
      ...taking(destinationInput),
      act: ({ step }, input) => giveDestination(step, input),
    }),
  ];
}

function plainForms({ renewEnrolment, sendAnother, chooseEnrolment }: Deps): readonly Form<Visit>[] {
  const plain = (name: string, act: (step: Step) => ReturnType<SignIn['sendAnother']>) =>
    form({ name, path: `enrol/${name}`, guard, input: nothing, act: ({ step }: Visit) => act(step) });
  return [
    plain('renew', renewEnrolment),
    plain('send', sendAnother),
    form({
      name: 'way',
      path: 'enrol/way',
      guard,
      input: z.object({ kind: choice() }),
      act: ({ step }: Visit, { kind }) => chooseEnrolment(step, kind),
    }),
  ];
}

/** The pending enrolment's own page; `others`: what may be set up instead. */
export async function shownEnrolment(
  { factors, now }: Pick<Deps, 'factors' | 'now'>,
  { attempt, account }: Step,
  others: readonly string[],
): Promise<Shown> {
  const { enrolment: pending } = attempt;
  const enrolment = factors.find(({ kind }) => kind === pending?.kind)?.enrolment;
  if (!account) throw new Error('this stage always has an account');
  // The demand came while the sign-in stood elsewhere (a role, a setting), or the kind begun is none any more: a GET begins nothing.
  if (!pending || !enrolment) return { ...says(unbegunScreen, { kinds: [...others] }), closed: notBegun };
  const facts = await enrolment.facts(flowOf(attempt), account, pending);
  const seconds = secondsUntil(pending.expiresAt, now());
  const sent = enrolment.start({ ...pending, account, proofs: attempt.proofs }).send !== undefined;
  const toBeSent = sent || enrolment.destination?.isGiven(pending) === false;
  const lock = toBeSent ? shownLock(account, now()) : undefined;
  const { facts: until, ...telling } = lock ?? { facts: {}, ...deliveryNotice(facts) };
  return {
    screen: enrolScreen(pending.kind, enrolment),
    facts: { ...facts, kinds: others, ...until },
    closed: closed({
      kinds: others,
      sent,
      locked: lock !== undefined,
      typed: enrolment.destination !== undefined,
      ready: enrolment.destination === undefined || (enrolment.destination.isGiven(pending) && !facts.unsent),
    }),
    ...(pending.renewed ? { notice: { code: 'time_added', params: { seconds } } } : {}),
    ...telling,
  };
}

/** All but the choice of a way. */
const notBegun: readonly string[] = ['enrol', 'renew', 'destination', 'send'];

/** Forms that have nothing to do here now. */
function closed(form: {
  readonly kinds: readonly string[];
  /** It goes where its owner says. */
  readonly typed: boolean;
  /** A code is sent there first. */
  readonly sent: boolean;
  /** There is something to confirm. */
  readonly ready: boolean;
  /** No code is judged now, whichever it is. */
  readonly locked: boolean;
}): NonNullable<Shown['closed']> {
  return [
    ...(form.typed ? [] : ['destination']),
    // The time for a code is its own: asking for another one renews both.
    ...(form.typed && (form.sent || !form.ready) ? ['renew'] : []),
    ...(form.ready ? [] : ['enrol']),
    ...(form.sent ? [] : ['send']),
    ...(form.locked ? ['enrol', 'destination', 'send'] : []),
    ...(form.kinds.length > 0 ? [] : ['way']),
  ];
}
