import type { Account } from '../../accounts/account.ts';
import { answersChallenge } from '../../delivery/code.ts';
import type { Factor, FactorGuessedBefore, Offer, Proof, Verdict } from '../../factors/factor.ts';
import type { RecoveryCodes } from '../../factors/recovery-codes.ts';
import { defined } from '../../platform/defined.ts';
import { Problem } from '../../platform/problem.ts';
import type { SecondFactorGuesses, Taken } from '../../protection/budgets.ts';
import type { CarryOut } from '../../protection/carry-out.ts';
import { type Events, eventSubject } from '../../protection/events.ts';
import type { Notices } from '../../protection/notices.ts';
import { type Attempt, type Attempts, isReset, isSignIn, type TriesOf } from '../attempt.ts';
import { offersRemembering, type rememberingDevice } from '../device/remember-device.ts';
import { invalid, moved, type Outcome, type ProvingStep } from '../outcome.ts';
import { mailboxesOf } from '../policy/channels.ts';
import type { proceeding } from '../proceed.ts';
import { rescueWay } from '../rescue/by-mail.ts';
import { clockWatch } from './clock.ts';
import { guessing, guessingAtOnce } from './guess.ts';
import { triesLeft } from './lock.ts';
import { noAnswer } from './no-answer.ts';
import { currentOffer, flowOf, offersAt } from './offers.ts';
import { dueCodes } from './recovery.ts';
import { answeredWrongly } from './wrong-answer.ts';

export interface FactorForm {
  /** The offer whose form it is; another tab may have chosen another way since. */
  readonly way?: string;
  readonly input: Readonly<Record<string, string>>;
  /** "Do not ask for a code on this device". */
  readonly remember?: boolean;
}

/** `stopped`: nothing was judged. */
type Judged =
  | { readonly stopped: Outcome }
  | { readonly stopped?: never; readonly verdict: Verdict; readonly taken?: Taken };

export function provingFactor(deps: {
  readonly attempts: Attempts;
  readonly guesses: SecondFactorGuesses;
  readonly factors: readonly Factor[];
  readonly recovery?: RecoveryCodes;
  readonly events: Events;
  readonly carryOut: CarryOut;
  readonly notices: Notices;
  readonly proceed: ReturnType<typeof proceeding>;
  readonly rememberDevice: ReturnType<typeof rememberingDevice>;
  readonly now: () => Date;
}) {
  const answeredWrong = answeredWrongly(deps);
  const takeGuess = guessing(deps);
  const guessAtOnce = guessingAtOnce(deps);
  const minutesOff = clockWatch(deps);

  return async function proveFactor(step: ProvingStep, form: FactorForm): Promise<Outcome> {
    const { account } = step;
    if (!account) return moved;
    const chosen = currentOffer(offersAt(deps.factors, step), step.attempt.way);
    if (!chosen || (form.way !== undefined && form.way !== chosen.offer.id)) return moved;
    const { factor, offer } = chosen;
    const question = { flow: flowOf(step.attempt, offer), account, offer };
    if (await factor.pending?.(question)) return moved; // guard: pending-takes-no-guess
    const answer = factor.answer.safeParse(form.input);
    if (!answer.success) return noAnswer(factor, answer.error); // guard: shape-takes-no-guess

    const judged = await judge(step, factor, { ...question, answer: answer.data });
    if (judged.stopped) return judged.stopped;
    const { verdict, taken } = judged;
    if (verdict.outcome === 'accepted') {
      // Nothing else is given back there: a reset opens what closed the password, and no more.
      if (isReset(step) && taken && !factor.guess) await deps.guesses.giveBack(account.id, taken); // guard: right-answer-in-reset-free
      const outcome = await accepted(step, account, verdict);
      const goesOn = outcome.outcome === 'moved' && outcome.reached !== undefined; // guard: lost-race-remembers-nothing
      if (!isSignIn(step)) return outcome;
      const wanted = form.remember === true && offersRemembering(step, factor); // guard: remembered-when-ticked, remembered-when-offered
      if (wanted && goesOn) await deps.rememberDevice(step, account, verdict.proof);
      return outcome;
    }
    return rejected(step, { account, verdict, taken, factor });
  };

  async function judge(
    step: ProvingStep,
    factor: Factor,
    question: Parameters<FactorGuessedBefore['verify']>[0],
  ): Promise<Judged> {
    const { account, offer } = question;
    const asked = { tries: triesOf(step.attempt, offer), field: factor.field };
    if (factor.guess) {
      const guess = (now: Date) => factor.guess({ ...question, now });
      return guessAtOnce(step, { ...asked, account, guess });
    }
    const { stopped, taken } = factor.guessable ? await takeGuess(step, asked, account) : {}; // guard: factor-guess-before-judging
    if (stopped) return { stopped }; // guard: no-guess-no-judging
    const verdict = await factor.verify(question).catch(async (cause: unknown) => {
      await unjudged(account, taken, cause);
      throw cause;
    });
    return { verdict, ...defined({ taken }) };
  }

  /** Whoever is told to come back, because too much is hashed at this moment, was not judged: the guess is given back. */
  async function unjudged({ id }: Account, taken: Taken | undefined, cause: unknown): Promise<void> {
    const isBusy = cause instanceof Problem && cause.code === 'busy';
    if (isBusy && taken) await deps.guesses.giveBack(id, taken); // guard: busy-costs-no-guess
  }

  async function accepted(
    step: ProvingStep,
    account: Account,
    { proof, left, account: changed }: Extract<Verdict, { outcome: 'accepted' }>,
  ): Promise<Outcome> {
    const proofs = [...step.attempt.proofs, proof];
    if (changed) return acceptedForLost(step, changed, proofs);
    if (left === undefined) {
      const due = isReset(step) ? {} : dueCodes(deps, account, proofs);
      return deps.proceed(step, { account, change: { proofs, ...due } });
    }
    const { origin, attempt } = step;
    const { clientId } = attempt;
    await deps.carryOut({ change: 'recovery_code_used', account, origin, clientId, keep: { attempt: attempt.id } });
    if (isReset(step)) return deps.proceed(step, { account, change: { proofs } });
    return deps.proceed(step, { account, change: { proofs, recoveryLeft: left } });
  }

  /** It ended all that the account had elsewhere, and this sign-in goes on. */
  async function acceptedForLost(step: ProvingStep, account: Account, proofs: readonly Proof[]): Promise<Outcome> {
    const { origin, attempt } = step;
    const { clientId } = attempt;
    const used = proofs.some(({ kind }) => kind === rescueWay)
      ? ({ change: 'rescue_used', detail: 'mail' } as const)
      : ({ change: 'pass_used', ...defined({ detail: step.account?.pass?.by }) } as const);
    const alsoTo = mailboxesOf(step.account); // guard: lost-ways-every-address-told
    await deps.carryOut({ ...used, account, origin, clientId, alsoTo, keep: { attempt: attempt.id } });
    return deps.proceed(step, { account, change: { proofs, sessionVersion: account.sessionVersion } });
  }

  async function rejected(
    step: ProvingStep,
    {
      account,
      verdict,
      taken,
      factor: { field, wrong = 'code_rejected' },
    }: {
      account: Account;
      verdict: Extract<Verdict, { outcome: 'rejected' }>;
      taken: Taken | undefined;
      factor: Factor;
    },
  ): Promise<Outcome> {
    const latest = await deps.attempts.find(step.attempt.id, deps.now());
    // A second click on what the first one proved is no wrong answer: it goes on where that one led.
    if (latest?.proofs.some(({ factorId }) => factorId !== undefined)) return moved; // guard: wrong-answer-told-though-moved
    const who = eventSubject({ accountId: account.id, clientId: step.attempt.clientId, origin: step.origin });
    const event = { at: deps.now(), kind: 'factor', result: 'failure', detail: verdict.reason, ...who } as const;
    const lock = await answeredWrong(step, account, { taken, event });
    if (lock) return lock;
    if (verdict.reason === 'raced') return moved;
    // Whoever moves the sign-in on while a wrong answer is judged has answered wrongly all the same.
    if (!latest || latest.purpose === 'change' || latest.revision !== step.attempt.revision)
      return { outcome: 'moved', failed: true }; // guard: wrong-answer-charged-though-moved
    const left = triesLeft(step.attempt.challenge.tries + 1, taken?.state === 'taken' ? taken.failures : 0);
    const minutes = await minutesOff(latest, verdict);
    if (minutes !== undefined && left > 0)
      return invalid(field, 'clock_off', { minutes, n: left }, { triesLeft: left });
    // None left: the dispatcher shows the password form again and says why.
    return left > 0 ? invalid(field, wrong, { n: left }, { triesLeft: left }) : { outcome: 'moved', failed: true };
  }
}

/** A code that was sent counts its own answers too: it may go on in a challenge that had none. */
function triesOf({ deliveredCode: sent }: Attempt, { id }: Offer): TriesOf {
  return sent && answersChallenge(sent) && sent.factorId === id ? 'both' : 'challenge'; // guard: sent-code-own-tries
}
