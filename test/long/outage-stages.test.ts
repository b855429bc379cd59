import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventsOf, spoils } from '../support/attack.ts';
import { halts } from '../support/halted.ts';
import { haltedWays } from '../support/halted-ways.ts';
import { openOwn, startOwnMongod } from '../support/own-mongod.ts';
import { size } from '../support/size.ts';
import { startWorld } from '../support/world.ts';

const rounds = size(1, 20);
const all = { ...halts, ...haltedWays };

test('MongoDB killed under sign-ins at every stage: 503 for all, and when it is back each goes on from where it was [check 120]', async (t) => {
  const mongod = await startOwnMongod(t);
  for (let round = 1; round <= rounds; round += 1) {
    await t.test(`round ${round}`, async (t) => {
      const database = await openOwn(t, mongod.uri);
      const world = await startWorld(t, { database });
      const names = Object.keys(all);
      const halted = await Promise.all(Object.values(all).map((halt) => halt(world)));
      const before = await spoils(world);

      await mongod.kill();
      const answers = await Promise.all(halted.flatMap((one) => one.asks()));
      for (const answer of answers) await assertOutage(answer);

      await mongod.start();
      assert.deepEqual(await spoils(world), before, 'nobody got in');
      const tokens = await Promise.all(halted.map((one) => one.goOn()));
      assert.equal(tokens.filter(({ id_token }) => id_token).length, names.length);
      assert.equal((await eventsOf(world, { kind: 'sign_in' })).length, names.length);
      assert.equal((await eventsOf(world, { kind: 'consent' })).length, 1);
      await database.connection.dropDatabase();
    });
  }
});

async function assertOutage(answer: Response): Promise<void> {
  const text = await answer.text();
  assert.equal(answer.status, 503, `${answer.url} ${text}`);
  assert.equal(answer.headers.get('retry-after'), '5', `${answer.url} ${text}`);
  const { error, code, facts } = JSON.parse(text);
  if (error) assert.equal(error, 'temporarily_unavailable');
  else assert.deepEqual([code, facts.reference], ['unavailable', answer.headers.get('x-request-id')]);
  assert.doesNotMatch(text, /mongo|127\.0\.0\.1|ECONN|selection/i);
}
