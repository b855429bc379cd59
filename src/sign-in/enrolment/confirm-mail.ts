import type { PendingRegistration } from '../../accounts/registration.ts';
import type { DeliveredCode } from '../../delivery/code.ts';
import type { DeliveredCodes } from '../../delivery/delivered-codes.ts';
import { codeField } from '../../factors/code.ts';
import { randomId } from '../../platform/random.ts';
import type { AddressBudget } from '../../protection/address-budget.ts';
import type { SecondFactorGuesses, Taken } from '../../protection/budgets.ts';
import { type Events, eventSubject } from '../../protection/events.ts';
import type { Notices } from '../../protection/notices.ts';
import { type Attempts, isSignIn, registrationOf } from '../attempt.ts';
import { guessing, wrongCode } from '../factor/guess.ts';
import { holderOf } from '../factor/offers.ts';
import { answeredWrongly } from '../factor/wrong-answer.ts';
import { invalid, moved, type Outcome, type SignInStep, type Step } from '../outcome.ts';
import type { registering } from '../password/register.ts';
import type { proceeding } from '../proceed.ts';
import { renewed } from './begun-enrolment.ts';

export function confirmingMail(deps: {
  readonly attempts: Attempts;
  readonly deliveredCodes: DeliveredCodes;
  readonly guesses: SecondFactorGuesses;
  readonly addressLimits: AddressBudget;
  readonly events: Events;
  readonly notices: Notices;
  readonly createAccount: ReturnType<typeof registering>['createAccount'];
  readonly proceed: ReturnType<typeof proceeding>;
  readonly now: () => Date;
}) {
  const answeredWrong = answeredWrongly(deps);
  const takeGuess = guessing(deps);
  return { confirmMail };

  async function confirmMail(step: Step, form: { readonly code?: string }): Promise<Outcome> {
    const { digits } = deps.deliveredCodes;
    const parsed = codeField(digits).safeParse(form.code ?? '');
    if (!parsed.success) return { ...invalid('code', 'code_shape', { digits }), unjudged: true };
    const { deliveredCode } = step.attempt;
    if (!deliveredCode || !provesMailbox(deliveredCode)) return moved;

    const account = deliveredCode.purpose === 'first-factor' ? step.account : undefined;
    const guess = await takeGuess(step, { tries: 'deliveredCode', field: 'code' }, account);
    if (guess.stopped) return guess.stopped;
    // An address that has an account already is never proved here: no code is right.
    const matches = await deps.deliveredCodes.matches(holderOf(step.attempt), deliveredCode, parsed.data);
    const right = matches && !registrationOf(step.attempt)?.known; // guard: known-address-no-code-right
    if (!right) return rejected(step, deliveredCode, guess.taken);
    if (deliveredCode.purpose === 'first-factor') return confirmMailbox(step, guess.taken);
    return isSignIn(step) ? confirmRegistration(step) : moved;
  }

  async function rejected(step: Step, deliveredCode: DeliveredCode, taken: Taken | undefined): Promise<Outcome> {
    const account = deliveredCode.purpose === 'first-factor' ? step.account : undefined;
    const { origin, attempt } = step;
    const event = {
      at: deps.now(),
      kind: 'mail_code',
      result: 'failure',
      detail: deliveredCode.purpose,
      ...eventSubject({ accountId: account?.id, clientId: attempt.clientId, origin }),
    } as const;
    const lock = account ? await answeredWrong(step, account, { taken, event }) : await deps.events.append(event);
    if (lock) return lock;
    return wrongCode('code', deliveredCode);
  }

  /** The code is spent by this write: of any number of right answers at once exactly one goes on. */
  async function confirmRegistration(step: SignInStep): Promise<Outcome> {
    const { registration } = step.attempt;
    if (!registration) return moved;
    const confirmed = { ...registration, confirmed: true, accountId: randomId() };
    const attempt = await deps.attempts.advance(
      step.attempt,
      { registration: confirmed, deliveredCode: undefined },
      deps.now(),
    );
    if (!attempt) return moved;
    return withWishedName({ ...step, attempt }, confirmed);
  }

  /** Whoever has many mailboxes would read the names of all others here: past the address's limit no wish is tried, and a free name leads where a taken one does. */
  async function withWishedName(step: SignInStep, registration: PendingRegistration): Promise<Outcome> {
    const { address } = step.origin;
    const wishes = registration.username !== undefined;
    if (wishes && (await deps.addressLimits.admit('username', address))) return moved; // guard: wished-name-within-limit
    const outcome = await deps.createAccount(step, registration);
    if (outcome.outcome !== 'invalid') return outcome;
    await deps.addressLimits.charge('username', address); // guard: taken-wish-charged
    return moved;
  }

  async function confirmMailbox(step: Step, taken: Taken | undefined): Promise<Outcome> {
    const { account } = step;
    const proof = { kind: 'mailbox', amr: [], level: '1fa', at: deps.now() } as const;
    const { proofs, enrolment } = step.attempt;
    // What was begun before the mailbox had answered has its whole time from here on.
    const begun = enrolment ? { enrolment: renewed(enrolment, deps.now()) } : {};
    const change = { deliveredCode: undefined, proofs: [...proofs, proof], ...begun };
    const outcome = await deps.proceed(step, { account, change });
    // The one that was right, once its proof is stored: a first way may follow in another sign-in, and none in a session's change.
    const stored = outcome.outcome === 'moved' && outcome.reached;
    if (stored && account && taken) await deps.guesses.giveBack(account.id, taken); // guard: mailbox-code-costs-no-guess
    return outcome;
  }
}

/** A code that was sent to prove a factor opens nothing here. */
export function provesMailbox({ purpose }: DeliveredCode): boolean {
  return purpose === 'registration' || purpose === 'first-factor';
}
