import type { Factor } from '../../factors/factor.ts';
import { flowOf, settable } from '../../sign-in/offers.ts';
import { type Step, secondsUntil } from '../../sign-in/outcome.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import type { Visit } from '../visit.ts';
import { told } from './factor.ts';
import { shownLock } from './lock.ts';
import type { Shown, StagePage } from './stage-page.ts';

interface Deps
  extends Pick<SignIn, 'confirmEnrolment' | 'renewEnrolment' | 'chooseEnrolment' | 'giveDestination' | 'sendAnother'> {
  readonly factors: readonly Factor[];
  readonly now: () => Date;
}

/** Setting up a factor of whatever kind the attempt has begun; each kind brings its own view. */
export function enrolPage(deps: Deps): StagePage {
  const enrolmentOf = ({ step }: Visit) =>
    deps.factors.find(({ kind }) => kind === step.attempt.enrolment?.kind)?.enrolment;
  const destinationFields = (visit: Visit) => [enrolmentOf(visit)?.destination?.field ?? []].flat();
  return {
    stages: ['enrol'],
    kept: deps.factors.flatMap(({ enrolment }) =>
      [...(enrolment?.kept ?? []), enrolment?.destination?.field ?? []].flat(),
    ),
    posts: [
      {
        name: 'enrol',
        path: 'enrol',
        limit: 'factor',
        fields: (visit) => Object.keys(enrolmentOf(visit)?.answer.shape ?? {}),
        act: ({ step }, input) => deps.confirmEnrolment(step, input),
      },
      { name: 'renew', path: 'enrol/renew', fields: () => [], act: ({ step }) => deps.renewEnrolment(step) },
      {
        name: 'destination',
        path: 'enrol/destination',
        fields: destinationFields,
        act: ({ step }, input) => deps.giveDestination(step, input),
      },
      { name: 'send', path: 'enrol/send', fields: () => [], act: ({ step }) => deps.sendAnother(step) },
      {
        name: 'way',
        path: 'enrol/way',
        fields: () => ['kind'],
        act: ({ step }, { kind }) => deps.chooseEnrolment(step, kind),
      },
    ],
    show: ({ step }) => {
      const kinds = settable(deps.factors, step.request.leastLevel).map(({ kind }) => kind);
      const others = kinds.filter((kind) => kind !== step.attempt.enrolment?.kind);
      return shownEnrolment(deps, step, others);
    },
  };
}

/** The pending enrolment's own view; `kinds`: what may be set up instead. */
export async function shownEnrolment(
  { factors, now }: Pick<Deps, 'factors' | 'now'>,
  { attempt, account }: Step,
  kinds: readonly string[],
): Promise<Shown> {
  const { enrolment: pending } = attempt;
  const enrolment = factors.find(({ kind }) => kind === pending?.kind)?.enrolment;
  if (!account) throw new Error('this stage always has an account');
  // The demand came while the sign-in stood elsewhere (a role, a setting), or the kind begun is none any more: a GET begins nothing.
  if (!pending || !enrolment) return { view: 'factors/enrol', stage: 'enrol', facts: { kinds }, closed: notBegun };
  const facts = await enrolment.facts(flowOf(attempt), account, pending);
  const seconds = secondsUntil(pending.expiresAt, now());
  const sent = enrolment.start({ ...pending, account, proofs: attempt.proofs }).send !== undefined;
  const toBeSent = sent || enrolment.destination?.isGiven(pending) === false;
  const lock = toBeSent ? shownLock(account, now()) : undefined;
  const { facts: until, ...telling } = lock ?? { facts: {}, ...told(facts) };
  return {
    view: `factors/${pending.kind}-enrol`,
    stage: `enrol-${pending.kind}`,
    facts: { ...facts, kinds, ...until },
    closed: closed({
      kinds,
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
