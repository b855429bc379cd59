import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { choice } from '../support/fuzz-book.ts';
import { fuzzParameters } from '../support/fuzz-run.ts';
import { beginWalk, take, whoIsIn } from '../support/fuzz-walk.ts';
import { size } from '../support/size.ts';
import { startWorld } from '../support/world.ts';

const longest = 50;

test('on random ways through the pages nobody is signed in who did not prove password and factor [check 77, 78, 84]', async (t) => {
  const world = await startWorld(t);
  const seen = { requests: 0, codes: 0, inside: 0 };
  const property = fc.asyncProperty(
    fc.array(choice, { minLength: 1, maxLength: longest, size: 'max' }),
    async (way) => {
      const walk = await beginWalk(world);
      for (const each of way) await take(walk, each);
      if (await whoIsIn(walk)) seen.inside += 1;
      seen.requests += walk.requests;
      seen.codes += walk.redeemed.size;
    },
  );
  await fc.assert(property, fuzzParameters(size(500, 20_000) / (longest / 2)));
  t.diagnostic(`${seen.requests} moves, ${seen.codes} codes, ${seen.inside} ways that ended signed in`);
  assert.ok(seen.codes > 0 && seen.inside > 0, 'ways that lead nowhere show nothing');
});
