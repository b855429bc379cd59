import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rowsOf } from '../support/database.ts';
import { checkAnswer, checkCore, coreOf } from '../support/fuzz-invariants.ts';
import { others, signedInAs, takePosition } from '../support/fuzz-position.ts';
import { shapeOf } from '../support/fuzz-request.ts';
import { fuzzParameters, fuzzSettings, homesOf, secretsOf } from '../support/fuzz-run.ts';
import { sendShape } from '../support/fuzz-sending.ts';
import { stands } from '../support/fuzz-stands.ts';
import { size } from '../support/size.ts';
import { startWorld } from '../support/world.ts';

const perRun = size(30, 40);
const perStand = size(60, 120_000 / Object.keys(stands).length);

test('whatever is asked at whatever stage: no 5xx, no leak, no session that was not earned and no change that was not proved [check 14, 33, 77, 98, 111]', async (t) => {
  const world = await startWorld(t, { settings: fuzzSettings() });
  const around = await others(world);
  const [homes, secrets] = [homesOf(world), secretsOf(world)];
  const untouched = await coreOf(world, around.stranger.id);
  let asked = 0;
  for (const [place, [from, { focus = 'sign-in' }]] of Object.entries(stands).entries()) {
    const shapes = fc.array(shapeOf(focus), { minLength: 1, maxLength: 2 * perRun, size: 'max' });
    const property = fc.asyncProperty(shapes, async (all) => {
      const position = await takePosition(world, from, around);
      const { person, browser, stand, earned } = position;
      const before = await coreOf(world, person.id);
      for (const each of all) {
        asked += 1;
        checkAnswer(await sendShape(position, each), { homes, secrets: [...secrets, person.secret] });
      }
      const inside = await signedInAs(world, browser);
      assert.ok(inside === undefined || inside === earned, `signed in as ${inside}`);
      checkCore(await coreOf(world, person.id), before, stand);
    });
    await t.test(from, () => fc.assert(property, fuzzParameters(perStand / perRun, place)));
  }

  assert.equal(await signedInAs(world, around.foreign), undefined);
  assert.deepEqual(await coreOf(world, around.stranger.id), untouched);
  const logged = world.logged.filter((line) => /"level":"(error|fatal)"/.test(line));
  assert.deepEqual(logged, []);
  const accounts = await rowsOf(world.database, 'accounts');
  t.diagnostic(`${asked} requests from ${Object.keys(stands).length} places, ${accounts.length} accounts`);
});
