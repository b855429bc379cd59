import type { Factor, PendingEnrolment } from '../factors/factor.ts';
import type { Events } from '../protection/events.ts';
import type { Notices } from '../protection/notices.ts';
import type { Attempts } from './attempt.ts';
import { moved, type Outcome, refused, type Step } from './outcome.ts';
import type { proceeding } from './proceed.ts';

const renewal = 10 * 60_000;

export function enrolling(deps: {
  readonly attempts: Attempts;
  readonly factors: readonly Factor[];
  readonly events: Events;
  readonly notices: Notices;
  readonly proceed: ReturnType<typeof proceeding>;
  readonly now: () => Date;
}) {
  return { confirmEnrolment, renewEnrolment };

  /** The code that confirms finishes this attempt only: its step is spent in the write that adds the factor (RFC 6238 section 5.2). */
  async function confirmEnrolment(step: Step, input: Readonly<Record<string, string>>): Promise<Outcome> {
    const { account, attempt } = step;
    const pending = attempt.enrolment;
    const enrolment = deps.factors.find((factor) => factor.kind === pending?.kind)?.enrolment;
    if (!account || !pending || !enrolment) return moved;
    const answer = enrolment.answer.safeParse(input);
    if (!answer.success) return refused('code', answer.error.issues[0]?.message ?? 'code_shape');
    if (pending.expiresAt <= deps.now()) return refused('code', 'form_old');

    const verdict = await enrolment.confirm({ account, pending, answer: answer.data });
    const who = { accountId: account.id, clientId: step.request.clientId, ...step.origin };
    const event = { at: deps.now(), kind: 'enrolment', detail: pending.kind, ...who } as const;
    if (verdict.outcome !== 'accepted') {
      await deps.events.append({ ...event, result: 'failure' });
      return refused('code', 'code_rejected');
    }
    // Told first: an outage from here on must not keep it from the owner.
    await deps.notices.tell({ to: account.email, event: 'factor_added', at: event.at, origin: step.origin });
    await deps.events.append({ ...event, result: 'success' });
    return deps.proceed(step, {
      account,
      change: { enrolment: undefined, proofs: [...attempt.proofs, verdict.proof] },
    });
  }

  /** "I need more time" (WCAG 2.2.1): the same secret for ten more minutes, while the attempt lives. */
  async function renewEnrolment(step: Step): Promise<Outcome> {
    const pending = step.attempt.enrolment;
    if (!pending) return moved;
    const now = deps.now();
    const renewed: PendingEnrolment = { ...pending, expiresAt: new Date(now.getTime() + renewal), renewed: true };
    await deps.attempts.advance(step.attempt, { enrolment: renewed }, now);
    return moved;
  }
}
