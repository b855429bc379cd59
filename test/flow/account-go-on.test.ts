import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAccount, noticeOf, ownFactors } from '../support/account-area.ts';
import { accountRow, captured } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import type { Person } from '../support/person.ts';
import { startWorld, type World } from '../support/world.ts';

const settings = { secondFactor: 'when-enrolled' } as const;

/** Signed in long ago, and pressed this form by then: at the page that asks for a proof. */
async function late(world: World, person: Person, path: string, fields: Readonly<Record<string, string>> = {}) {
  const browser = await inAccount(world, person);
  world.travel(301);
  await browser.send(captured(browser, `/account/${path}`, fields));
  assert.equal(browser.stage, 'confirm');
  return browser;
}

async function proves(browser: Browser, person: Person): Promise<Browser> {
  await browser.submit({ password: person.password });
  return browser.submit({ code: person.codeNow() });
}

test('a change that asked for a proof is carried out after it, once, and the page that asks names it', async (t) => {
  const world = await startWorld(t, { settings });
  world.travel(0);
  const ada = await world.person({ ways: ['totp', 'email'] });
  const mail = (await accountRow(world, ada.id)).factors[1]?.id ?? '';
  const browser = await late(world, ada, `ways/${mail}/remove`);
  assert.deepEqual(browser.page.facts, { change: 'remove_way', kind: 'email' });
  assert.equal(browser.page.account, ada.email);
  const names = browser.page.actions.map(({ name }) => name);
  assert.deepEqual(names, ['sign-in', 'cancel', 'forgot'], 'nobody else answers there');
  assert.deepEqual(browser.page.actions[0]?.fields, ['password'], 'neither an address nor "stay signed in"');
  await proves(browser, ada);
  assert.equal(browser.stage, 'go-on');
  assert.equal((await accountRow(world, ada.id)).factors.length, 2, 'a GET never acts');
  const { href = '' } = browser.page.actions.find(({ name }) => name === 'go-on') ?? {};
  const again = captured(browser, href, {});
  const shown = browser.url;
  await browser.press('go-on');
  assert.deepEqual([browser.stage, noticeOf(browser)], ['security', 'way_removed']);
  assert.deepEqual(
    ownFactors(browser).map(({ kind }) => kind),
    ['totp'],
  );
  await browser.visit(shown);
  assert.deepEqual([browser.stage, noticeOf(browser)], ['security', 'nothing_waits'], 'it is shown once');
  await browser.send(again);
  assert.equal(noticeOf(browser), 'way_gone');
  assert.equal((await accountRow(world, ada.id)).factors.length, 1);
});

test('what waits is shown to no other account and in no other session, and a stranger\u2019s address leads to none', async (t) => {
  const world = await startWorld(t, { settings });
  world.travel(0);
  const ada = await world.person({ ways: ['totp', 'email'] });
  const mail = (await accountRow(world, ada.id)).factors[1]?.id ?? '';
  const browser = await late(world, ada, `ways/${mail}/remove`);
  await proves(browser, ada);
  const waitsAt = browser.url.pathname;
  assert.match(waitsAt, /^\/account\/continue\/[\w-]{16,}$/);
  world.travel(60);
  const other = await inAccount(world, ada);
  await other.visit(waitsAt);
  assert.equal(other.stage, 'security');
  const eve = await inAccount(world, await world.person());
  await eve.visit(waitsAt);
  assert.equal(eve.stage, 'security');
  assert.equal((await accountRow(world, ada.id)).factors.length, 2);
});

test('what waits is not shown in the next session of the same person in the same browser', async (t) => {
  const world = await startWorld(t, { settings });
  world.travel(0);
  const ada = await world.person({ ways: ['totp', 'email'] });
  const mail = (await accountRow(world, ada.id)).factors[1]?.id ?? '';
  for (const signsOut of [false, true]) {
    world.travel(60);
    const browser = await inAccount(world, ada);
    world.travel(301);
    const asked = await browser.fetch(captured(browser, `/account/ways/${mail}/remove`, {}));
    const state = new URL(asked.headers.get('location') ?? '', world.issuer).searchParams.get('state') ?? '';
    const waitsAt = Buffer.from(state.split('.')[0] ?? '', 'base64url').toString();
    assert.match(waitsAt, /^\/account\/continue\/[\w-]{16,}$/);
    if (signsOut) {
      await browser.press('sign-out');
      await browser.submit({ xsrf: String(browser.page.facts.xsrf), logout: 'yes' });
      await browser.visit('/account');
      await browser.submit({ identifier: ada.email, password: ada.password });
      await browser.submit({ code: ada.codeNow() });
    }
    await browser.visit(waitsAt);
    assert.equal(browser.stage, signsOut ? 'security' : 'go-on');
  }
  assert.equal((await accountRow(world, ada.id)).factors.length, 2);
});

test('a code is never kept: its form comes back empty, and is sent again by hand', async (t) => {
  const world = await startWorld(t, { settings });
  world.travel(0);
  const ada = await world.person({ recovery: 1 });
  const browser = await (await inAccount(world, ada)).press('add totp');
  world.travel(301);
  await browser.submit({ code: '123456', name: 'Tablet' });
  assert.equal(browser.stage, 'confirm');
  assert.ok(!(await browser.cookies()).some((cookie) => cookie.includes('123456')));
  await proves(browser, ada);
  assert.equal(browser.stage, 'enrol-totp');
});

test('whoever stays signed in is signed in as long after a proof, and is not asked about it', async (t) => {
  const world = await startWorld(t, { settings });
  world.travel(0);
  const ada = await world.person();
  const browser = await world.browser().visit('/account');
  await browser.submit({ identifier: ada.email, password: ada.password, stay: 'yes' });
  await browser.submit({ code: ada.codeNow() });
  world.travel(301);
  await browser.press('make-codes');
  assert.equal(browser.stage, 'confirm');
  await proves(browser, ada);
  world.travel(2 * 86400);
  await browser.visit('/account');
  assert.equal(browser.stage, 'security');
});

test('no other words stand on the page that asks for the password: a request that the area did not make has none', async (t) => {
  const world = await startWorld(t, { settings });
  world.travel(0);
  const ada = await world.person();
  const browser = await late(world, ada, 'sessions/end-others');
  assert.deepEqual(browser.page.facts, { change: 'end_others' });
  const forged = new URL(`${world.issuer}/auth?client_id=account&response_type=none&scope=openid&prompt=login&state=x`);
  forged.searchParams.set('login_hint', ada.email);
  forged.searchParams.set('redirect_uri', `${world.issuer}/account`);
  await browser.visit(forged);
  assert.equal(browser.stage, 'sign-in');
  assert.deepEqual(browser.page.facts.change, undefined);
  assert.ok(!browser.text.includes('Confirm it is you'));
});
