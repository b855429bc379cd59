import assert from 'node:assert/strict';
import test from 'node:test';
import {
  type Budget,
  type GuessRule,
  judgeTake,
  noBudget,
  noGuesses,
  passwordRule,
  secondFactorRule,
  type Taken,
  triesPerChallenge,
  waitAfter,
} from '../../src/protection/budgets.ts';

const start = new Date('2026-01-01T00:00:00Z');
const minute = 60_000;
const hour = 60 * minute;
const later = (date: Date, milliseconds: number) => new Date(date.getTime() + milliseconds);

/** Fails once as soon as a try is judged; tells how long that took to come and what was answered. */
function failAsSoonAsJudged(budget: Budget, rule: GuessRule, now: Date): { taken: Taken; budget: Budget; now: Date } {
  const first = judgeTake(budget, rule, now);
  const at = first.state === 'waiting' ? first.until : now;
  const taken = judgeTake(budget, rule, at);
  if (taken.state !== 'taken') return { taken, budget, now: at };
  const { failures, lockedUntil } = taken;
  return { taken, budget: lockedUntil ? { failures, lockedUntil } : { failures }, now: at };
}

function waitsOf(rule: GuessRule, failures: number): number[] {
  const waits: number[] = [];
  let [budget, now]: [Budget, Date] = [noBudget, start];
  for (let failure = 1; failure <= failures; failure += 1) {
    const step = failAsSoonAsJudged(budget, rule, now);
    assert.equal(step.taken.state, 'taken');
    ({ budget, now } = step);
    waits.push(budget.lockedUntil ? budget.lockedUntil.getTime() - now.getTime() : 0);
  }
  return waits;
}

test('passwords wait from the 5th failure on: one minute, doubled by each further failure up to 15 [check 13]', () => {
  assert.deepEqual(
    waitsOf(passwordRule, 11).map((wait) => wait / minute),
    [0, 0, 0, 0, 1, 2, 4, 8, 15, 15, 15],
  );
});

test('second factors wait from the 10th consecutive failure on: 15 minutes, doubled up to 24 hours [check 21]', () => {
  assert.deepEqual(
    waitsOf(secondFactorRule, 19).map((wait) => wait / hour),
    [...Array(9).fill(0), 0.25, 0.5, 1, 2, 4, 8, 16, 24, 24, 24],
  );
});

test('a try during a wait is neither judged nor counted, and the first one after it is [check 13]', () => {
  const budget = { failures: 5, lockedUntil: later(start, minute) };
  assert.deepEqual(judgeTake(budget, passwordRule, start), { state: 'waiting', until: budget.lockedUntil });
  assert.deepEqual(judgeTake(budget, passwordRule, later(start, minute - 1)), {
    state: 'waiting',
    until: budget.lockedUntil,
  });
  const after = later(start, minute);
  assert.deepEqual(judgeTake(budget, passwordRule, after), {
    state: 'taken',
    failures: 6,
    lockedUntil: later(after, 2 * minute),
  });
});

for (const [name, rule] of [
  ['passwords', passwordRule],
  ['second factors', secondFactorRule],
] as const) {
  test(`after 100 consecutive failures ${name} are judged no more, however long one waits [checks 13 and 21]`, () => {
    assert.equal(waitsOf(rule, 100).length, 100);
    const century = later(start, 100 * 365 * 24 * hour);
    assert.deepEqual(judgeTake({ failures: 100 }, rule, century), { state: 'closed' });
    assert.equal(judgeTake({ failures: 99 }, rule, century).state, 'taken');
  });

  test(`a wait for ${name} never gets shorter with more failures [check 13]`, () => {
    for (let failures = 1; failures <= 120; failures += 1) {
      assert.ok(waitAfter(rule, failures) >= waitAfter(rule, failures - 1), `${failures}`);
    }
  });
}

test('of 50 guesses at once on one budget those before the first wait are judged [check 13]', () => {
  const judged = (rule: GuessRule) => {
    let budget: Budget = noBudget;
    let count = 0;
    for (let guess = 0; guess < 50; guess += 1) {
      const taken = judgeTake(budget, rule, start);
      if (taken.state !== 'taken') continue;
      count += 1;
      const { failures, lockedUntil } = taken;
      budget = lockedUntil ? { failures, lockedUntil } : { failures };
    }
    return count;
  };
  assert.equal(judged(passwordRule), 5);
  assert.equal(judged(secondFactorRule), 10);
});

test('a full sign-in leaves nothing taken, and one challenge has five tries [check 21]', () => {
  assert.deepEqual(noGuesses, { password: { failures: 0, networks: [] }, secondFactor: { failures: 0 }, browsers: {} });
  assert.equal(triesPerChallenge, 5);
});
