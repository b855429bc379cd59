import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchedDatabase } from '../support/commands.ts';
import { deviceCookiesOf, later, remembered, withPassword } from '../support/remembered.ts';
import { startWorld } from '../support/world.ts';

const ofDevices = (commands: readonly string[]) => commands.filter((command) => command.endsWith('remembered_devices'));

test('a sign-in in a browser that is not remembered asks the database nothing of devices, though they are offered', async (t) => {
  const { database, during } = await watchedDatabase(t);
  const world = await startWorld(t, { database });
  const ada = await world.person();
  const browser = world.browser();
  const commands = await during(async () => {
    await withPassword(browser, ada);
    assert.equal(browser.page.facts.rememberDays, 30);
    await browser.submit({ code: ada.codeNow() });
    await browser.redeem();
  });
  assert.deepEqual(ofDevices(commands), []);
});

test('a sign-in in a remembered browser costs one command more for the password, and none of the code’s', async (t) => {
  const { database, during } = await watchedDatabase(t);
  const world = await startWorld(t, { database });
  const ada = await world.person();
  const first = await remembered(world.browser(), ada);
  world.travel(600);
  const [again, cookies] = [await later(world, first), await deviceCookiesOf(first)];
  const commands = await during(async () => {
    await withPassword(again, ada);
    await again.redeem();
  });
  assert.deepEqual(ofDevices(commands), ['findAndModify remembered_devices']);
  assert.notDeepEqual(await deviceCookiesOf(again), cookies);
});

test('where a device would not count it costs nothing, and its secret stays as it is', async (t) => {
  const { database, during } = await watchedDatabase(t);
  const world = await startWorld(t, { database });
  const ada = await world.person();
  const first = await remembered(world.browser(), ada);
  world.travel(600);
  const [again, cookies] = [await later(world, first), await deviceCookiesOf(first)];
  const commands = await during(() => withPassword(again, ada, { acr_values: 'urn:twofold:2fa' }));
  assert.equal(again.stage, 'totp');
  assert.deepEqual(ofDevices(commands), []);
  assert.deepEqual(await deviceCookiesOf(again), cookies);
});
