import { noBudget, noGuesses, secondFactorRule } from '../protection/budgets.ts';
import { countedOnce, isJudged } from './guess-update.ts';

export interface StepGuess {
  readonly factorId: string;
  /** Of which the code was; undefined: of none. */
  readonly step: number | undefined;
  readonly keepsGuesses?: boolean;
  readonly now: Date;
}

/** Below all that was ever spent. */
const noStep = -1;

/**
 * The update of one guess at an app, of the same form right or wrong. Over the budget it leaves all as it is. Within it a step that is
 * greater than the last one and was not refused is spent and gives all guesses back; else the guess is counted. Judging the
 * budget, spending and counting are one step of the server: of a burst, what is right comes no oftener than the budget lets it.
 */
export function stepGuessUpdate(guess: StepGuess): object[] {
  const { now, keepsGuesses } = guess;
  const refilled = keepsGuesses ? '$guesses' : { $literal: noGuesses };
  const vars = { before: { $ifNull: ['$guesses.secondFactor', { $literal: noBudget }] } };
  const judged = { $let: { vars, in: isJudged(secondFactorRule, now) } };
  const unspent = { $anyElementTrue: { $map: { input: '$factors', as: 'one', in: isUnspent(guess) } } };
  const counted = {
    $mergeObjects: ['$guesses', { secondFactor: { $let: { vars, in: countedOnce(secondFactorRule, now) } } }], // guard: step-guess-keeps-others
  };
  const spent = { $map: { input: '$factors', as: 'one', in: { $cond: [isUnspent(guess), spentOf(guess), '$$one'] } } };
  return [
    {
      $set: {
        guesses: { $cond: [judged, { $cond: [unspent, refilled, counted] }, '$guesses'] }, // guard: step-guess-within-budget, step-guess-refilled-by-spend, step-guess-counted
        factors: { $cond: [judged, spent, '$factors'] }, // guard: over-budget-step-stays
      },
    },
  ];
}

/** Of the factor in the variable `one`. */
function isUnspent({ factorId, step = noStep }: StepGuess): object {
  const lastStep = '$$one.data.lastStep';
  return {
    $and: [
      { $eq: ['$$one.id', { $literal: factorId }] }, // guard: totp-step-own-factor
      { $eq: ['$$one.kind', 'totp'] }, // guard: totp-step-own-kind
      { $isNumber: lastStep }, // guard: totp-step-after-known
      { $lt: [lastStep, step] }, // guard: totp-step-greater
      { $not: [{ $in: [step, { $ifNull: ['$$one.data.refusedSteps', []] }] }] }, // guard: totp-refused-step-stays
    ],
  };
}

function spentOf({ step = noStep, now }: StepGuess): object {
  const data = { $mergeObjects: ['$$one.data', { lastStep: step }] }; // guard: totp-spent-step-kept, spent-step-keeps-secret
  return { $mergeObjects: ['$$one', { lastUsedAt: now, data }] };
}
