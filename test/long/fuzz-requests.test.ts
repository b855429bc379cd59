import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rowsOf } from '../support/database.ts';
import { checkAnswer } from '../support/fuzz-invariants.ts';
import { others, positions, signedInAs, takePosition } from '../support/fuzz-position.ts';
import { shape } from '../support/fuzz-request.ts';
import { fuzzParameters, homesOf, secretsOf } from '../support/fuzz-run.ts';
import { sendShape } from '../support/fuzz-sending.ts';
import { size } from '../support/size.ts';
import { startWorld } from '../support/world.ts';

const perRun = 40;

test('whatever is asked at whatever stage: no 5xx, no leak, and no session that was not earned [check 14, 77, 98, 111]', async (t) => {
  const world = await startWorld(t);
  const around = await others(world);
  const [homes, secrets] = [homesOf(world), secretsOf(world)];
  let asked = 0;
  const attack = fc.record({
    from: fc.constantFrom(...positions),
    shapes: fc.array(shape, { minLength: 1, maxLength: 2 * perRun, size: 'max' }),
  });
  const property = fc.asyncProperty(attack, async ({ from, shapes }) => {
    const position = await takePosition(world, from, around);
    for (const each of shapes) {
      asked += 1;
      checkAnswer(await sendShape(position, each), { homes, secrets: [...secrets, position.person.secret] });
    }
    const inside = await signedInAs(world, position.browser);
    assert.ok(inside === undefined || inside === position.earned, `signed in as ${inside} from ${from}`);
  });
  await fc.assert(property, fuzzParameters(size(1600, 80_000) / perRun));

  assert.equal(await signedInAs(world, around.foreign), undefined);
  const logged = world.logged.filter((line) => /"level":"(error|fatal)"/.test(line));
  assert.deepEqual(logged, []);
  const accounts = await rowsOf(world.database, 'accounts');
  t.diagnostic(`${asked} requests, ${accounts.length} accounts`);
});
