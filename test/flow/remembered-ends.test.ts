import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAccount, ownFactors } from '../support/account-area.ts';
import { administrator, byAdministrator, passFor } from '../support/administration.ts';
import { rowsOf } from '../support/database.ts';
import { chooseWay } from '../support/mail-ways.ts';
import type { Person } from '../support/person.ts';
import { browserWith, deviceCookiesOf, deviceRows, later, remembered, withPassword } from '../support/remembered.ts';
import { askReset, beginReset, linkMailedTo, openLink, setAnew } from '../support/resetting.ts';
import { startWorld, type World } from '../support/world.ts';

type Trigger = (world: World, ada: Person) => Promise<unknown>;

/** What ends every remembered device of its account, by what a person or an administrator does. */
const triggers: Readonly<Record<string, Trigger>> = {
  async 'a factor is removed'(world, ada) {
    const browser = await inAccount(world, ada);
    const [, mailbox] = ownFactors(browser);
    await browser.press(`remove ${mailbox?.id}`);
    await browser.press('remove');
    assert.equal(ownFactors(browser).length, 1);
  },
  async 'a recovery code is used'(world, ada) {
    const browser = await withPassword(world.browser(), ada);
    await browser.press('choose');
    await browser.submit({ way: 'recovery' });
    await browser.submit({ code: ada.recoveryCodes[0] ?? '' });
    assert.equal(browser.stage, 'recovery-used');
  },
  async 'a pass is used'(world, ada) {
    const code = await passFor(world, ada);
    const browser = await withPassword(world.browser(), ada);
    await chooseWay(browser, 'pass');
    await browser.submit({ code });
    assert.equal(browser.stage, 'enrol-totp');
  },
  async 'an administrator signs its owner out everywhere'(world, ada) {
    await administrator(world.database).does.endSessions(byAdministrator(ada.id));
  },
  async 'an administrator disables the account, and enables it again'(world, ada) {
    const { does } = administrator(world.database);
    await does.disable(byAdministrator(ada.id));
    await does.enable(byAdministrator(ada.id));
  },
};

for (const [told, trigger] of Object.entries(triggers)) {
  test(`${told}: the device is remembered no more, and that is no theft [check 51]`, async (t) => {
    const world = await startWorld(t);
    world.travel(0);
    const ada = await world.person({ ways: ['totp', 'email'], recovery: 2 });
    const browser = await remembered(world.browser(), ada);
    const cookies = await deviceCookiesOf(browser);
    world.travel(60);
    await trigger(world, ada);
    world.travel(60);
    const again = await withPassword(await browserWith(world, cookies), ada);
    assert.equal(again.stage, 'totp');
    assert.deepEqual(await deviceCookiesOf(again), [], 'the cookie is let go');
    const kinds = (await rowsOf(world.database, 'events')).map(({ kind }) => kind);
    assert.ok(!kinds.includes('device_theft'));
  });
}

test('a password that is set anew ends it, and the box is there again [check 46, 51]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const browser = await remembered(world.browser(), ada);
  world.travel(60);
  const renewed = await setAnew(world, ada);
  world.travel(60);
  const again = await withPassword(await later(world, browser), renewed);
  assert.equal(again.stage, 'totp');
  await again.submit({ code: ada.codeNow(), remember: 'yes' });
  world.travel(60);
  assert.ok((await withPassword(await later(world, again), renewed)).code);
});

test('a reset is no sign-in: its page for the code has no box, and remembers nothing', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await beginReset(world, ada);
  assert.equal(browser.stage, 'totp');
  assert.equal(browser.page.facts.rememberDays, undefined);
  const { href = '', fields } = browser.page.actions.find(({ name }) => name === 'factor') ?? {};
  assert.deepEqual(fields, ['way', 'code']);
  await browser.post(href, { code: ada.codeNow(), remember: 'yes' });
  assert.equal(browser.status, 400);
});

test('a remembered browser proves nothing in a reset', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await later(world, await remembered(world.browser(), ada));
  await askReset(world, ada.email, browser);
  await openLink(world, await linkMailedTo(world, ada.email), browser);
  assert.equal(browser.stage, 'totp');
});

test('its days end whatever is done with it: no use moves them, and a cookie that lives on is worth nothing', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  let browser = await remembered(world.browser(), ada);
  const [row] = await deviceRows(world).find({}).toArray();
  const day = 86_400;
  for (let days = 5; days < 30; days += 5) {
    world.travel(5 * day);
    browser = await withPassword(await later(world, browser), ada);
    assert.ok(browser.code, `${days} days`);
  }
  const [used] = await deviceRows(world).find({}).toArray();
  assert.deepEqual([used?.since, used?.expiresAt], [row?.since, row?.expiresAt]);
  const cookies = await deviceCookiesOf(browser);
  world.travel(5 * day);
  // Without an end of its own, as whoever keeps it longer would send it.
  const late = await withPassword(await browserWith(world, cookies), ada);
  assert.equal(late.stage, 'totp');
});

test('one person’s device is nobody else’s, whoever’s cookie it is sent under', async (t) => {
  const world = await startWorld(t);
  const [ada, eve] = [await world.person(), await world.person()];
  const adas = await deviceCookiesOf(await remembered(world.browser(), ada));
  const eves = await deviceCookiesOf(await remembered(world.browser(), eve));
  const [adaCookie = '', eveCookie = ''] = [adas[0], eves[0]];
  const underEves = `${eveCookie.split('=')[0]}=${adaCookie.split('=')[1]}`;
  for (const cookies of [adas, [underEves]]) {
    const browser = await withPassword(await browserWith(world, cookies), eve);
    assert.equal(browser.stage, 'totp');
  }
  let shared = await browserWith(world, [...adas, ...eves]);
  for (const person of [ada, eve]) {
    shared = await withPassword(await later(world, shared), person);
    assert.ok(shared.code, 'a shared computer remembers each of its people');
  }
});

test('a deleted account leaves no device behind', async (t) => {
  const world = await startWorld(t);
  const [ada, eve] = [await world.person(), await world.person()];
  for (const person of [ada, eve]) await remembered(world.browser(), person);
  await administrator(world.database).does.remove(byAdministrator(ada.id));
  const left = await rowsOf(world.database, 'remembered_devices');
  assert.deepEqual(
    left.map(({ accountId }) => accountId),
    [eve.id],
  );
});

test('whoever ticks the box again in the same browser is remembered anew, and the row of before is gone', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const first = await remembered(world.browser(), ada);
  const before = await deviceCookiesOf(first);
  world.travel(3600);
  await remembered(first, ada, { options: { prompt: 'login' } });
  const rows = await deviceRows(world).find({}).toArray();
  assert.equal(rows.length, 1);
  assert.equal(rows[0]?.since.getTime(), Date.now(), 'its days begin by a proof');
  assert.equal((await deviceCookiesOf(first)).length, 1);
  const old = await withPassword(await browserWith(world, before), ada);
  assert.equal(old.stage, 'totp');
});

test('a right code without the box remembers nothing, and a wrong one with it neither [check 52]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await withPassword(world.browser(), ada);
  await browser.submit({ code: ada.wrongCode(), remember: 'yes' });
  assert.deepEqual([browser.stage, browser.errors], ['totp', ['code_rejected']]);
  assert.deepEqual(await deviceCookiesOf(browser), []);
  await browser.submit({ code: ada.codeNow() });
  assert.ok(browser.code);
  assert.deepEqual(await deviceCookiesOf(browser), []);
  assert.deepEqual(await rowsOf(world.database, 'remembered_devices'), []);
});
