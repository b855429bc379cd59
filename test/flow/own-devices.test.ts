import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAccount, noticeOf, proveAll } from '../support/account-area.ts';
import { captured } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import type { Person } from '../support/person.ts';
import { later, remembered, withPassword } from '../support/remembered.ts';
import { startWorld, type World } from '../support/world.ts';

interface ShownDevice {
  readonly id: string;
  readonly current: boolean;
  readonly since: string;
  readonly lastUsedAt: string;
}

const devicesOf = (browser: Browser) => browser.page.facts.devices as readonly ShownDevice[];
const told = async (world: World, kind: string) =>
  (await rowsOf(world.database, 'events')).filter((event) => event.kind === kind).length;

/** Ada, remembered in one browser, and in the account area in another that is not, a day later. */
async function adaElsewhere(world: World) {
  world.travel(0);
  const ada = await world.person();
  const there = await remembered(
    await world.browser({ headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' } }),
    ada,
  );
  world.travel(86_400);
  return { ada, there, here: await inAccount(world, ada) };
}

async function isRemembered(world: World, browser: Browser, person: Person): Promise<boolean> {
  return (await withPassword(await later(world, browser), person)).code !== undefined;
}

test('the area lists each remembered browser by name, rough place, since when and last use, and no secret [check 51]', async (t) => {
  const world = await startWorld(t);
  const { ada, there, here } = await adaElsewhere(world);
  const [{ id = '', ...shown } = { id: '' }, ...more] = devicesOf(here);
  assert.deepEqual(more, []);
  const [row] = await rowsOf(world.database, 'remembered_devices');
  assert.equal(id, row?._id);
  const proved = new Date(Date.now() - 86_400_000).toISOString();
  assert.deepEqual(shown, {
    ...{ current: false, browser: 'Firefox', system: 'Linux', place: '127.0.0.x' },
    ...{ since: proved, lastUsedAt: proved },
  });
  assert.doesNotMatch(here.text, /hash|secret|securityVersion/i);
  const again = await withPassword(await later(world, there), ada);
  await again.visit('/account');
  const [own] = devicesOf(again);
  assert.deepEqual([own?.current, own?.since, own?.lastUsedAt], [true, proved, new Date().toISOString()]);
});

test('where nothing is remembered the page says nothing of it', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const here = await inAccount(world, ada);
  assert.deepEqual(devicesOf(here), []);
  assert.ok(!here.page.actions.some(({ name }) => name.startsWith('forget')));
  here.headers.accept = 'text/html';
  await here.reload();
  assert.doesNotMatch(here.text, /no code is asked for/);
});

test('one is forgotten: it asks for a code again, the other does not, and that is an event [check 51]', async (t) => {
  const world = await startWorld(t);
  const { ada, there, here } = await adaElsewhere(world);
  const second = await remembered(world.browser(), ada, { steps: 1 });
  await here.visit('/account');
  const [, first] = devicesOf(here);
  await here.press(`forget-device ${first?.id}`);
  assert.equal(noticeOf(here), 'device_forgotten');
  assert.equal(devicesOf(here).length, 1);
  assert.equal(await told(world, 'device_forgotten'), 1);
  assert.equal(await isRemembered(world, there, ada), false);
  assert.equal(await isRemembered(world, second, ada), true);
  assert.equal(await told(world, 'device_theft'), 0);
});

test('all are forgotten together, those of others stay [check 51]', async (t) => {
  const world = await startWorld(t);
  const { ada, there, here } = await adaElsewhere(world);
  const eve = await world.person();
  const eves = await remembered(world.browser(), eve);
  const second = await remembered(world.browser(), ada, { steps: 1 });
  await here.visit('/account');
  await here.press('forget-devices');
  assert.equal(noticeOf(here), 'devices_forgotten');
  assert.deepEqual(devicesOf(here), []);
  for (const browser of [there, second]) assert.equal(await isRemembered(world, browser, ada), false);
  assert.equal(await isRemembered(world, eves, eve), true);
  assert.equal(await told(world, 'device_forgotten'), 1);
});

test('what was forgotten before is told so, and is no second event', async (t) => {
  const world = await startWorld(t);
  const { here } = await adaElsewhere(world);
  const [device] = devicesOf(here);
  const form = captured(here, `/account/devices/${device?.id}/forget`, {});
  await here.fetch(form);
  await here.fetch(form);
  await here.visit('/account');
  assert.equal(noticeOf(here), 'device_gone');
  assert.equal(await told(world, 'device_forgotten'), 1);
});

test('nobody forgets another’s device, nor without a fresh proof [check 51, 53]', async (t) => {
  const world = await startWorld(t);
  const { ada, there, here } = await adaElsewhere(world);
  const [device] = devicesOf(here);
  const eve = await inAccount(world, await world.person());
  await eve.post(`/account/devices/${device?.id}/forget`, {});
  assert.equal(noticeOf(eve), 'device_gone');
  const again = await withPassword(await later(world, there), ada);
  await again.visit('/account');
  await again.press(`forget-device ${device?.id}`);
  assert.equal(again.stage, 'confirm', 'a remembered browser proves nothing anew');
  assert.equal((await rowsOf(world.database, 'remembered_devices')).length, 1);
  assert.deepEqual(again.page.facts, { change: 'forget_device' });
  await proveAll(again, ada, 1);
  await again.press('go-on');
  assert.equal(noticeOf(again), 'device_forgotten');
  assert.deepEqual(await rowsOf(world.database, 'remembered_devices'), []);
});
