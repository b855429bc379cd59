import type { Account, Accounts } from '../../accounts/account.ts';
import { stillProved } from '../../accounts/still-proved.ts';
import type { DeliveredCode } from '../../delivery/code.ts';
import type { Factor, PendingEnrolment, Proof, Verdict } from '../../factors/factor.ts';
import type { RecoveryCodes } from '../../factors/recovery-codes.ts';
import type { SecondFactorGuesses, Taken } from '../../protection/budgets.ts';
import type { CarryOut } from '../../protection/carry-out.ts';
import { type Events, eventSubject } from '../../protection/events.ts';
import type { Notices } from '../../protection/notices.ts';
import type { Attempts } from '../attempt.ts';
import { guessing, wrongCode } from '../factor/guess.ts';
import { noAnswer } from '../factor/no-answer.ts';
import { flowOf } from '../factor/offers.ts';
import { answeredWrongly } from '../factor/wrong-answer.ts';
import { invalid, moved, type Outcome, type Step } from '../outcome.ts';
import { ownFlow } from '../own-flow.ts';
import type { proceeding } from '../proceed.ts';
import { underWay, withoutLost } from './begun-enrolment.ts';

type Accepted = Extract<Verdict, { outcome: 'accepted' }>;

export function confirmingEnrolment(deps: {
  readonly accounts: Pick<Accounts, 'find'>;
  readonly attempts: Attempts;
  readonly guesses: SecondFactorGuesses;
  readonly factors: readonly Factor[];
  readonly recovery?: RecoveryCodes;
  readonly events: Events;
  readonly carryOut: CarryOut;
  readonly notices: Notices;
  readonly proceed: ReturnType<typeof proceeding>;
  readonly now: () => Date;
}) {
  const answeredWrong = answeredWrongly(deps);
  const takeGuess = guessing(deps);
  return confirmEnrolment;

  /** The code that confirms finishes this attempt only: it is spent before, or in the write that, adds the factor (RFC 6238 section 5.2). */
  async function confirmEnrolment(step: Step, input: Readonly<Record<string, string>>): Promise<Outcome> {
    const { attempt } = step;
    const account = step.account && withoutLost(step.account, attempt.proofs);
    const begun = underWay(deps.factors, attempt);
    if (!account || !begun) return moved;
    const { pending, enrolment, field } = begun;
    const answer = enrolment.answer.safeParse(input);
    if (!answer.success) return noAnswer(begun, answer.error);
    if (pending.expiresAt <= deps.now()) return invalid(field, 'form_old'); // guard: enrolment-ends
    // An app being set up has nothing to guess: its key is on this very page.
    const code = sentFor(step, pending);
    const guess = code ? await takeGuess(step, { tries: 'deliveredCode', field }, account) : {}; // guard: enrolment-guesses-share-budget
    if (guess.stopped) return guess.stopped;

    // None runs where one has to: the other half of a double click has spent it.
    const isSpent = !code && enrolment.start({ ...pending, account, proofs: attempt.proofs }).send !== undefined;
    const verdict = await enrolment.confirm({ flow: flowOf(attempt), account, pending, answer: answer.data });
    return verdict.outcome === 'accepted' // guard: factor-counts-once-proved
      ? bound(step, account, { verdict, ...guess })
      : notBound(step, pending, {
          raced: verdict.reason === 'raced' || isSpent, // guard: spent-code-not-wrong
          field,
          code,
          ...guess,
        });
  }

  async function bound(
    step: Step,
    account: Account,
    { verdict: { proof }, taken }: { readonly verdict: Accepted; readonly taken?: Taken },
  ): Promise<Outcome> {
    const { attempt, origin } = step;
    const { kind } = proof;
    const { clientId } = attempt;
    // One mail for both: the codes that come with it are told of here, and are an event of their own once they are saved.
    const template = begunWith(account) ? `${kind}_codes` : kind;
    const made = { change: 'factor_added', account, kind: template, detail: kind } as const;
    // Told first: an outage from here on must not keep it from the owner.
    await deps.carryOut({ ...made, origin, clientId, keep: ownFlow(attempt) }); // guard: owner-told-new-factor
    // A first factor gave all guesses back in the write that added it.
    if (taken && account.factors.length > 0) await deps.guesses.giveBack(account.id, taken); // guard: further-enrolment-costs-no-guess
    return goOn(step, account, proof);
  }

  function begunWith(account: Account): RecoveryCodes | undefined {
    return account.recovery ? undefined : deps.recovery;
  }

  /** Whoever has no recovery codes yet gets them with the factor. */
  function goOn(step: Step, account: Account, proved: Proof): Promise<Outcome> {
    const recovery = begunWith(account);
    const begun = recovery ? { recovery: recovery.begin(account) } : {};
    const proofs = [...step.attempt.proofs, proved];
    return deps.proceed(step, {
      account,
      change: { enrolment: undefined, deliveredCode: undefined, proofs, ...begun },
    });
  }

  async function notBound(
    step: Step,
    pending: PendingEnrolment,
    {
      raced,
      field,
      code,
      taken,
    }: {
      readonly raced: boolean;
      readonly field: string;
      readonly code: DeliveredCode | undefined;
      readonly taken?: Taken;
    },
  ): Promise<Outcome> {
    const { account, attempt } = step;
    if (!account) return moved;
    const latest = stillProved(await deps.accounts.find(account.id), attempt);
    // The other half of a double click added it: nobody reads that the code was wrong. A sign-in still needs a proof of its own.
    if (latest?.factors.some(({ id }) => id === pending.factorId))
      return attempt.purpose === 'change' ? goOn(step, latest, provedElsewhere(pending, deps.now())) : moved;
    // Right, and spent by the other half, which is about to add it.
    if (raced) return moved;
    const event = { ...eventOf(step, pending), result: 'failure' } as const;
    const lock = await answeredWrong(step, account, { taken, event });
    if (lock) return lock;
    // Nothing that was right would have counted, because what was proved before ended meanwhile: what was guessed is told and charged all the same.
    if (!latest) return code ? { outcome: 'moved', failed: true } : moved; // guard: ended-enrolment-guess-charged
    return code ? wrongCode(field, code) : invalid(field, 'code_rejected');
  }

  function eventOf({ account, attempt: { clientId }, origin }: Step, { kind }: PendingEnrolment) {
    const who = eventSubject({ accountId: account?.id, clientId, origin });
    return { at: deps.now(), kind: 'enrolment', detail: kind, ...who } as const;
  }
}

/** That the change got as far as its factor; it amounts to nothing. */
function provedElsewhere({ kind, factorId }: PendingEnrolment, at: Date): Proof {
  return { kind, factorId, amr: [], level: '1fa', at };
}

function sentFor({ attempt: { deliveredCode } }: Step, { factorId }: PendingEnrolment): DeliveredCode | undefined {
  return deliveredCode?.factorId === factorId ? deliveredCode : undefined;
}
