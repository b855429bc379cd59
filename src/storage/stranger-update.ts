import { noBudget } from '../protection/budgets.ts';
import { strangerRule, type Warning } from '../protection/stranger-guesses.ts';
import { countedOnce, isJudged } from './guess-update.ts';

const networks = { $ifNull: ['$guesses.password.networks', []] };
const endsAt = '$guesses.password.endsAt';

/**
 * The update that takes one guess of a network that never signed in to the account, as takeAsStranger would, in one step of the
 * server: of a hundred at once from three networks each network has its own five judged, over any number of processes. A row
 * from the time before networks were told apart has no day and no networks, and begins with both.
 */
export function strangerUpdate(network: string, now: Date): object[] {
  const { perDay, dayMilliseconds, keptOvernight, forgottenMilliseconds } = strangerRule;
  const isNewDay = { $lte: [{ $ifNull: [endsAt, now] }, now] };
  const today = { $cond: [isNewDay, 0, '$guesses.password.failures'] };
  const remembered = filtered(networks, { $gt: ['$$each.at', before(now, forgottenMilliseconds)] }); // guard: stored-network-kept-in-time
  const own = { $first: filtered(remembered, isOf(network)) }; // guard: stored-network-own-budget
  const others = filtered(remembered, { $not: [isOf(network)] });
  const worst = { $sortArray: { input: others, sortBy: { failures: -1, at: -1, network: 1 } } };
  const usedUp = { $size: filtered(others, { $gte: ['$$each.failures', strangerRule.network.closedAt] }) };
  const kept = { $max: [keptOvernight, usedUp] }; // guard: stored-used-up-networks-kept
  const overnight = { $cond: [isNewDay, { $slice: [worst, kept] }, others] }; // guard: stored-overnight-bounded
  const entry = {
    $mergeObjects: [countedOnce(strangerRule.network, now), { network: { $literal: network }, at: now }],
  };
  const taken = {
    failures: { $add: ['$$today', 1] }, // guard: stored-day-counted
    endsAt: { $cond: [isNewDay, new Date(now.getTime() + dayMilliseconds), endsAt] },
    networks: { $concatArrays: [overnight, [entry]] }, // guard: stored-other-networks-kept
  };
  const judged = { $and: [isJudged(strangerRule.network, now), { $lt: ['$$today', perDay] }] }; // guard: stored-full-day-not-counted, stored-stranger-bounds
  const vars = { before: { $ifNull: [own, { $literal: noBudget }] }, today };
  const password = { $let: { vars, in: { $cond: [judged, taken, '$guesses.password'] } } };
  return [{ $set: { 'guesses.password': password } }, noteTelling(network, now)];
}

/** Reads what the update before it left: a try that was not counted just now is not told. */
function noteTelling(network: string, now: Date): object {
  const { networkToTell, perDay, toldMilliseconds } = strangerRule;
  const untold = (warning: Warning) => ({
    $lte: [{ $ifNull: [`$toldOfGuesses.${warning}`, new Date(0)] }, before(now, toldMilliseconds)],
  });
  const isDue = { $and: [{ $eq: ['$$own.at', now] }, { $gte: ['$$own.failures', networkToTell] }, untold('network')] }; // guard: stored-warning-noted
  const isFull = { $and: [{ $eq: ['$$own.at', now] }, { $eq: ['$guesses.password.failures', perDay] }, untold('day')] }; // guard: stored-day-warning-noted
  const warned = {
    $mergeObjects: ['$toldOfGuesses', { $cond: [isDue, { network: now }, {}] }, { $cond: [isFull, { day: now }, {}] }],
  };
  const noted = { $cond: [{ $or: [isDue, isFull] }, warned, '$toldOfGuesses'] };
  const own = { $first: filtered(networks, isOf(network)) };
  return { $set: { toldOfGuesses: { $let: { vars: { own }, in: noted } } } };
}

function filtered(input: object, cond: object): object {
  return { $filter: { input, as: 'each', cond } };
}

function isOf(network: string): object {
  return { $eq: ['$$each.network', { $literal: network }] };
}

function before(now: Date, milliseconds: number): Date {
  return new Date(now.getTime() - milliseconds);
}
