import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventsOf, nothing, spoils } from '../support/attack.ts';
import { type Answer, guessedAt } from '../support/guess-bursts.ts';
import { seeded } from '../support/seeded.ts';
import { size } from '../support/size.ts';
import { startWorld } from '../support/world.ts';

const budget = 10;
const processes = 3;

test('of 200 wrong codes at once over three processes ten are judged, also where every other browser is gone at once [check 21]', async (t) => {
  const world = await startWorld(t);
  const guessed = await guessedAt(t, world, { signIns: 100, processes });
  const wrong = guessed.ada.wrongCode();
  await guessed.burst(answers(200, (n) => ({ code: wrong, cut: n % 2 === 0 })));
  await guessed.end();
  const { factors, guesses } = await guessed.row();
  assert.equal(guesses.secondFactor.failures, budget);
  assert.ok(guesses.secondFactor.lockedUntil);
  assert.equal(factors[0]?.lastStep, 0);
  assert.equal((await eventsOf(world, { kind: 'factor', result: 'failure' })).length, budget);
  assert.deepEqual(await spoils(world), nothing);
});

test('of 200 codes at once over three processes, a quarter of them right, one is spent and no more than the budget judged; nor where many browsers are gone [check 20] [check 21]', async (t) => {
  const world = await startWorld(t);
  const guessed = await guessedAt(t, world, { signIns: 100, processes });
  const place = seeded(20_300_102);
  const mixed = (isCut: () => boolean) => {
    const [wrong, right] = [guessed.ada.wrongCode(), guessed.ada.codeNow()];
    return answers(200, () => ({ code: place(4) === 0 ? right : wrong, cut: isCut() }));
  };
  const spentAfter = async () => {
    const { factors, guesses } = await guessed.row();
    const spent = factors[0]?.lastStep === 0 ? 0 : 1;
    const failures = await eventsOf(world, { kind: 'factor', result: 'failure' });
    assert.ok(guesses.secondFactor.failures <= budget);
    // What is spent gives all guesses back, once: its step is spent for all others.
    assert.ok(failures.length <= (spent ? 2 * budget - 1 : budget), `${failures.length} judged wrong`);
    return spent;
  };
  const rounds = size(4, 50);
  let won = 0;
  for (let round = 0; round < rounds; round += 1) {
    const statuses = await guessed.burst(mixed(() => false));
    const spent = await spentAfter();
    assert.equal(statuses.filter((status) => status === 200).length, spent);
    won += spent;
    await guessed.again();
  }
  t.diagnostic(`${won} of ${rounds} rounds`);
  assert.ok(won > 0, 'whoever is in time is let in');
  await guessed.burst(mixed(() => place(3) === 0));
  await guessed.end();
  await spentAfter();
});

test('of 100 codes at once over three processes one, at a random place, is right: it is accepted no oftener than the budget lets it [check 21]', async (t) => {
  const world = await startWorld(t);
  const guessed = await guessedAt(t, world, { signIns: 100, processes });
  const place = seeded(20_300_103);
  const rounds = size(8, 1_000);
  let won = 0;
  for (let round = 0; round < rounds; round += 1) {
    await guessed.again();
    const at = place(100);
    const [wrong, right] = [guessed.ada.wrongCode(), guessed.ada.codeNow()];
    const statuses = await guessed.burst(answers(100, (n) => ({ code: n === at ? right : wrong })));
    const { factors } = await guessed.row();
    const spent = factors[0]?.lastStep !== 0;
    if (spent) won += 1;
    assert.equal(statuses[at], spent ? 200 : 422, 'over the budget it is answered as a wrong one');
    assert.ok(statuses.every((status, n) => status === 422 || n === at));
    const judged = (await eventsOf(world, { kind: 'factor', result: 'failure' })).length;
    assert.ok(judged <= (spent ? 2 * budget - 1 : budget), `${judged} judged wrong`);
  }
  t.diagnostic(`${won} of ${rounds} rounds`);
  assert.ok(won <= mostOf(rounds), `${won} of ${rounds}`);
});

/** Four times the spread over a fair share of the budget in a hundred. */
function mostOf(rounds: number): number {
  const share = budget / 100;
  return rounds * share + 4 * Math.sqrt(rounds * share * (1 - share));
}

function answers(count: number, answer: (n: number) => Answer): readonly Answer[] {
  return Array.from({ length: count }, (_, n) => answer(n));
}
