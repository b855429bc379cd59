import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashId } from '../../src/platform/hash.ts';
import { spoils, uidOf } from '../support/attack.ts';
import { startWorld } from '../support/world.ts';

test('what was cancelled stays cancelled, also where the library could not be told: a reload tells it [check 77]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada);
  const before = await spoils(world);
  await browser.authorize({ prompt: 'consent' }, world.party('third'));
  assert.equal(browser.stage, 'consent');
  // As an outage between the attempt's write and the library's leaves it.
  const attempts = world.database.connection.collection<{ _id: string }>('attempts');
  const ended = { finishedAt: new Date(), refused: true };
  const { matchedCount } = await attempts.updateOne({ _id: hashId(uidOf(browser)) }, { $set: ended });
  assert.equal(matchedCount, 1);
  await browser.reload();
  assert.equal(browser.callback?.get('error'), 'access_denied');
  assert.deepEqual(await spoils(world), before);
});
