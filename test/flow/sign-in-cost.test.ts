import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchedDatabase } from '../support/commands.ts';
import { startWorld } from '../support/world.ts';

test('what a first-party sign-in with an app asks the database, request by request, from a place that was seen before', async (t) => {
  const { database, during } = await watchedDatabase(t);
  const world = await startWorld(t, { database });
  world.travel(0);
  const ada = await world.person();
  await world.browser().signIn(ada);
  world.travel(60);
  const browser = world.browser();
  const step = async (act: () => Promise<unknown>) => [...(await during(act))];
  const begun = await step(() => browser.authorize());
  assert.deepEqual(begun, ['insert attempts', 'aggregate attempts']);
  const password = await step(() => browser.submit({ identifier: ada.email, password: ada.password }));
  assert.deepEqual(password, [
    'aggregate attempts',
    'find accounts',
    'findAndModify accounts',
    'findAndModify attempts',
    'aggregate attempts',
  ]);
  const code = await step(() => browser.submit({ code: ada.codeNow() }));
  assert.deepEqual(code, [
    'aggregate attempts',
    'update attempts',
    'findAndModify accounts',
    'findAndModify attempts',
    'find attempts',
    'update attempts',
    'find accounts',
    'update oidc',
  ]);
  const token = await step(() => browser.redeem());
  assert.deepEqual(token, ['aggregate oidc', 'update oidc']);
  const all = [begun, password, code, token].flat();
  const reads = all.filter((command) => /^(find|aggregate) /.test(command));
  assert.deepEqual([all.length, all.length - reads.length], [17, 9], 'commands, and of them writes');
});
