import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { choice } from '../support/fuzz-book.ts';
import { fuzzParameters, fuzzSettings } from '../support/fuzz-run.ts';
import { beginWalk, take, whoIsIn } from '../support/fuzz-walk.ts';
import { size } from '../support/size.ts';
import { startWorld } from '../support/world.ts';

const longest = 60;

test('on random ways through the pages nobody is signed in who did not prove password and factor, and nothing changes unproved [check 33, 77, 78, 84]', async (t) => {
  const world = await startWorld(t, { settings: fuzzSettings(2) });
  const seen = { requests: 0, codes: 0, inside: 0 };
  const stages = new Map<string, number>();
  const property = fc.asyncProperty(
    fc.array(choice, { minLength: 1, maxLength: longest, size: 'max' }),
    async (way) => {
      const walk = await beginWalk(world);
      for (const each of way) {
        await take(walk, each);
        const stage = walk.tabs[walk.at]?.stage ?? 'away';
        stages.set(stage, (stages.get(stage) ?? 0) + 1);
      }
      if (await whoIsIn(walk)) seen.inside += 1;
      seen.requests += walk.requests;
      seen.codes += walk.redeemed.size;
    },
  );
  await fc.assert(property, fuzzParameters(size(600, 20_000) / (longest / 2)));
  t.diagnostic(`${seen.requests} moves, ${seen.codes} codes, ${seen.inside} ways that ended signed in`);
  t.diagnostic([...stages].map(([stage, times]) => `${stage} ${times}`).join(', '));
  assert.ok(seen.codes > 0 && seen.inside > 0, 'ways that lead nowhere show nothing');
});
