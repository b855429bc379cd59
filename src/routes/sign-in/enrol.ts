import type { Factor } from '../../factors/factor.ts';
import { secondsUntil } from '../../sign-in/outcome.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import type { Visit } from '../visit.ts';
import type { StagePage } from './stage-page.ts';

/** Setting up a factor of whatever kind the attempt has begun; each kind brings its own view. */
export function enrolPage(
  deps: Pick<SignIn, 'confirmEnrolment' | 'renewEnrolment'> & {
    readonly factors: readonly Factor[];
    readonly now: () => Date;
  },
): StagePage {
  const enrolmentOf = ({ step }: Visit) =>
    deps.factors.find(({ kind }) => kind === step.attempt.enrolment?.kind)?.enrolment;
  return {
    stages: ['enrol'],
    kept: deps.factors.flatMap(({ enrolment }) => enrolment?.kept ?? []),
    posts: [
      {
        name: 'enrol',
        path: 'enrol',
        fields: (visit) => enrolmentOf(visit)?.fields ?? [],
        act: ({ step }, input) => deps.confirmEnrolment(step, input),
      },
      { name: 'renew', path: 'enrol/renew', fields: () => [], act: ({ step }) => deps.renewEnrolment(step) },
    ],
    async show(visit) {
      const { attempt, account } = visit.step;
      const enrolment = enrolmentOf(visit);
      if (!attempt.enrolment || !account || !enrolment) throw new Error('this stage always has a pending enrolment');
      const { kind } = attempt.enrolment;
      const facts = await enrolment.facts(account, attempt.enrolment);
      const seconds = secondsUntil(attempt.enrolment.expiresAt, deps.now());
      const notice = attempt.enrolment.renewed ? { notice: { code: 'time_added', params: { seconds } } } : {};
      return { view: `factors/${kind}-enrol`, stage: `enrol-${kind}`, facts, ...notice };
    },
  };
}
