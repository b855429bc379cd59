import { type Budget, type GuessRule, noBudget } from '../protection/budgets.ts';

/**
 * The update that takes one guess from the budget at `path`, as judgeTake would: counted and perhaps begun to wait, or left as
 * it is while it waits or is closed. A pipeline, so that reading, judging and writing are one step of the server: of 50 at
 * once each sees the count the one before it left (CVE-2024-4629 counted after judging).
 */
export function guessUpdate(path: string, rule: GuessRule, now: Date): object[] {
  const before = { $ifNull: [`$${path}`, { $literal: noBudget }] };
  const taken = { $cond: [isJudged(rule, now), countedOnce(rule, now), '$$before'] };
  return [{ $set: { [path]: { $let: { vars: { before }, in: taken } } } }];
}

/** Of the budget in the variable `before`: whether a try is judged now. */
export function isJudged(rule: GuessRule, now: Date): object {
  const waiting = { $gt: [{ $ifNull: ['$$before.lockedUntil', now] }, now] };
  return { $and: [{ $lt: ['$$before.failures', rule.closedAt] }, { $not: [waiting] }] }; // guard: stored-wait-not-counted, stored-closed-not-counted
}

/** Of the budget in the variable `before`: what it is after one more failure. */
export function countedOnce(rule: GuessRule, now: Date): object {
  return {
    $let: {
      vars: { failures: { $add: ['$$before.failures', 1] } }, // guard: stored-guess-counted
      in: {
        $let: {
          vars: { wait: { $arrayElemAt: [rule.waits, { $min: ['$$failures', rule.waits.length - 1] }] } },
          in: {
            $cond: [
              { $eq: ['$$wait', 0] },
              { failures: '$$failures' },
              { failures: '$$failures', lockedUntil: { $add: [now, '$$wait'] } }, // guard: stored-wait-begins
            ],
          },
        },
      },
    },
  };
}

export function budgetOf(browsers: Readonly<Record<string, Budget>>, id: string): Budget {
  return (Object.hasOwn(browsers, id) ? browsers[id] : undefined) ?? noBudget;
}
