import type { Factor } from '../../factors/factor.ts';
import type { Attempts } from '../attempt.ts';
import { settable } from '../factor/offers.ts';
import { invalid, moved, type Outcome, type SignInStep, type Step } from '../outcome.ts';
import type { proceeding } from '../proceed.ts';
import { begunEnrolment, provesTwice, renewed, underWay, withoutLost } from './begun-enrolment.ts';

/** What may be done about a factor that is being set up before it is confirmed. */
export function enrolling(deps: {
  readonly attempts: Attempts;
  readonly factors: readonly Factor[];
  readonly proceed: ReturnType<typeof proceeding>;
  readonly now: () => Date;
}) {
  return { renewEnrolment, chooseEnrolment, giveDestination };

  /** "I need more time" (WCAG 2.2.1): the same secret for ten more minutes, while the attempt lives. */
  async function renewEnrolment(step: Step): Promise<Outcome> {
    const pending = step.attempt.enrolment;
    if (!pending) return moved;
    const now = deps.now();
    await deps.attempts.advance(step.attempt, { enrolment: { ...renewed(pending, now), renewed: true } }, now);
    return moved;
  }

  /** Another kind than the one that was begun; a pending secret dies with the choice. */
  async function chooseEnrolment(step: SignInStep, kind: string | undefined): Promise<Outcome> {
    const { account, attempt, request } = step;
    const chosen = settable(deps.factors, request.leastLevel).find((factor) => factor.kind === kind); // guard: chosen-enrolment-client-level
    if (!account || !chosen || attempt.enrolment?.kind === kind) return moved;
    // A code that was sent for the other kind counts for that alone, and for whoever comes back to it.
    const { proofs } = attempt;
    const enrolment = begunEnrolment(chosen, { account, proofs }, deps.now());
    return deps.proceed(step, { account, change: { enrolment } });
  }

  /** Where the codes will go: nothing counts before a code that was sent there came back. */
  async function giveDestination(step: Step, input: Readonly<Record<string, string>>): Promise<Outcome> {
    const { account } = step;
    const begun = underWay(deps.factors, step.attempt);
    if (!account || !begun?.enrolment.destination) return moved;
    const { pending } = begun;
    const { field, give } = begun.enrolment.destination;
    const given = give({
      account: withoutLost(account, step.attempt.proofs),
      pending,
      typed: input[field] ?? '',
    });
    // The other half of a double click: to move on once more would drop the code that the first half is sending.
    if (given === 'same') return moved; // guard: destination-given-twice
    if ('fault' in given) return invalid(field, given.fault);
    const { proofs } = step.attempt;
    const started = begun.enrolment.start({ ...pending, ...given, account: withoutLost(account, proofs), proofs });
    if (provesTwice(started, { account, proofs }, deps.now())) return invalid(field, 'mailbox_just_used'); // guard: rescue-mailbox-no-new-way
    // What went elsewhere is no code for this one, also where none may be sent now.
    const change = { enrolment: { ...renewed(pending, deps.now()), ...given }, deliveredCode: undefined }; // guard: new-number-drops-code
    return deps.proceed(step, { account, change });
  }
}
