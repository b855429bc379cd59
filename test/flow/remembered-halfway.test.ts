import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import type { Person } from '../support/person.ts';
import { holdNextReader } from '../support/race.ts';
import { browserWith, deviceCookiesOf, deviceRows, later, remembered, withPassword } from '../support/remembered.ts';
import { startWorld, type World } from '../support/world.ts';

const spend = { collection: 'remembered_devices', method: 'findOneAndUpdate' } as const;

/** Ada’s browser showed its secret to a process that spent it and then came to nothing: no answer, and no more of that sign-in. */
async function spentAndGone(t: TestContext, world: World) {
  const ada = await world.person();
  const cookies = await deviceCookiesOf(await remembered(world.browser(), ada));
  const begun = await browserWith(world, cookies);
  await begun.authorize();
  const spent = holdNextReader(t, world.database, spend);
  const dead = begun.submit({ identifier: ada.email, password: ada.password }).catch(() => undefined);
  await spent.arrived;
  const other = await startWorld(t, { database: world.database, settings: { issuer: world.issuer } });
  return {
    ada,
    cookies,
    other,
    async bury() {
      spent.letGo();
      await dead;
    },
  };
}

async function thefts(world: World): Promise<number> {
  return (await rowsOf(world.database, 'events')).filter(({ kind }) => kind === 'device_theft').length;
}

test('a process that dies between spending the secret and the end loses nobody their device: the next process takes the secret before', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const { ada, cookies, other, bury } = await spentAndGone(t, world);
  const [row] = await deviceRows(world).find({}).toArray();
  assert.ok(row?.previousHash, 'it was spent');
  world.travel(20);
  const again = await withPassword(await browserWith(other, cookies), ada);
  assert.ok(again.code);
  assert.equal((await again.redeem()).claims()?.acr, 'urn:twofold:1fa');
  world.travel(3600);
  assert.ok((await withPassword(await later(other, again), ada)).code, 'and what it was handed goes on');
  assert.equal(await thefts(world), 0);
  await bury();
});

test('what was spent stays spent: whoever comes back too late proves a factor and goes on', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const { ada, cookies, other, bury } = await spentAndGone(t, world);
  world.travel(31);
  const late = await withPassword(await browserWith(other, cookies), ada);
  assert.equal(late.stage, 'totp');
  await late.submit({ code: ada.codeNow(), remember: 'yes' });
  assert.deepEqual((await late.redeem()).claims()?.amr, ['pwd', 'otp', 'mfa']);
  world.travel(60);
  assert.ok((await withPassword(await later(other, late), ada)).code, 'remembered anew');
  await bury();
});

/** The right code was spent; what remembers its browser is not written, because the process or the database is gone just then. */
async function spentAndNotKept(t: TestContext, world: World, ada: Person): Promise<Browser> {
  const browser = await withPassword(world.browser(), ada);
  const rows = world.database.connection.collection('remembered_devices');
  const gone = t.mock.method(rows, 'insertOne', async () => Promise.reject(new Error('gone')));
  await browser.submit({ code: ada.codeNow(), remember: 'yes' });
  assert.equal(gone.mock.callCount(), 1);
  gone.mock.restore();
  return browser;
}

test('a code that was spent lets its owner in, whether or not the browser could be remembered', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const browser = await spentAndNotKept(t, world, ada);
  assert.equal(browser.status, 500);
  await browser.visit(`/interaction/${browser.url.pathname.split('/')[2]}`);
  assert.deepEqual((await browser.redeem()).claims()?.amr, ['pwd', 'otp', 'mfa']);
  assert.deepEqual(await deviceCookiesOf(browser), []);
  assert.deepEqual(await rowsOf(world.database, 'remembered_devices'), []);
});
