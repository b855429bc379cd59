import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAccount, noticeOf, proveAll } from '../support/account-area.ts';
import { together } from '../support/account-stores.ts';
import { accountRow, captured, editAccount, eventsOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import type { Person } from '../support/person.ts';
import { mailsTo } from '../support/registration.ts';
import { startWorld, type World } from '../support/world.ts';

const page = '/account/recovery-codes';

async function madeAnew(world: World, person: Person): Promise<{ browser: Browser; codes: readonly string[] }> {
  const browser = await inAccount(world, person);
  browser.savesCodes = false;
  await browser.press('make-codes');
  assert.deepEqual([browser.stage, browser.url.pathname], ['recovery-codes', page]);
  return { browser, codes: browser.page.facts.codes as readonly string[] };
}

const saving = ({ page: { facts } }: Browser) => ({ saved: 'yes', set: String(facts.set) });

async function signsInBy(world: World, person: Person, code: string): Promise<boolean> {
  const browser = await world.browser().authorize();
  await browser.submit({ identifier: person.email, password: person.password });
  await browser.press('choose');
  await browser.submit({ way: 'recovery' });
  await browser.submit({ code });
  return browser.stage === 'recovery-used';
}

const saltOf = async (world: World, { id }: Person) =>
  ((await accountRow(world, id)) as unknown as { recovery?: { salt: string } }).recovery?.salt;

test('how many codes are left is told, and when they are few [check 43]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  for (const [count, few] of [
    [3, true],
    [4, false],
    [0, true],
  ] as const) {
    const browser = await inAccount(world, await world.person({ recovery: count }));
    assert.deepEqual(browser.page.facts.recovery, { left: count, few });
  }
});

test('new codes are shown until they are saved; the old ones are good until then and dead from then on [check 38, 43]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ recovery: 3 });
  const there = await world.browser().signIn(ada);
  const [first = '', second = ''] = ada.recoveryCodes;
  world.travel(60);
  const { browser, codes } = await madeAnew(world, ada);
  assert.equal(new Set(codes).size, 10);
  await browser.reload();
  assert.deepEqual(browser.page.facts.codes, codes);
  await browser.submit({ ...saving(browser), saved: '' });
  assert.deepEqual([browser.status, browser.errors], [422, ['not_saved']]);
  assert.ok(await signsInBy(world, ada, first), 'the old ones still are good');
  assert.equal(await signsInBy(world, ada, codes[0] ?? ''), false, 'and the new ones not yet');
  const stored = JSON.stringify(
    await Promise.all(['accounts', 'attempts'].map((name) => rowsOf(world.database, name))),
  );
  for (const code of codes) assert.ok(!stored.includes(code) && !stored.includes(code.replaceAll('-', '')));

  const mails = mailsTo(world, ada.email);
  await browser.visit(page);
  await browser.saveCodes();
  assert.deepEqual([browser.stage, noticeOf(browser)], ['security', 'codes_saved']);
  assert.deepEqual(browser.page.facts.recovery, { left: 10, few: false });
  assert.equal((await there.authorize({ prompt: 'none' })).callback?.get('error'), 'login_required');
  assert.equal(await signsInBy(world, ada, second), false);
  assert.ok(await signsInBy(world, ada, codes[1] ?? ''));
  assert.match(JSON.stringify(world.outbox.mails), /New recovery codes for your/);
  assert.equal(mailsTo(world, ada.email) - mails, 2, 'one for the new ones, one for the one that was used');
  const events = await eventsOf(world, { kind: 'recovery_codes_replaced' });
  assert.deepEqual(
    events.map(({ accountId, result }) => [accountId, result]),
    [[ada.id, 'success']],
  );
  await browser.visit(page);
  assert.deepEqual([browser.page.facts, browser.status], [{}, 200], 'they are never shown again');
});

test('without a fresh proof no codes are made, shown or saved; after it the same ones are there [check 33, 38, 43]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ recovery: 1 });
  const { browser, codes } = await madeAnew(world, ada);
  const salt = await saltOf(world, ada);
  world.travel(301);
  for (const [path, fields] of [
    [`${page}/new`, {}],
    [page, saving(browser)],
  ] as const) {
    const answer = await browser.tab().fetch(captured(browser, path, fields));
    assert.match(answer.headers.get('location') ?? '', /^\/auth\?.*&prompt=login&/, path);
  }
  assert.equal(await saltOf(world, ada), salt);
  await browser.visit(page);
  assert.equal(browser.stage, 'confirm');
  await proveAll(browser, ada);
  assert.deepEqual([browser.stage, browser.page.facts.codes], ['recovery-codes', codes]);
  await browser.saveCodes();
  assert.equal(noticeOf(browser), 'codes_saved');
});

test('codes that wait are seen in their own session alone, and end with it and with what changes the account [check 38, 78]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ recovery: 1 });
  const { browser } = await madeAnew(world, ada);
  world.travel(60);
  const again = await inAccount(world, ada);
  const eve = await inAccount(world, await world.person());
  for (const other of [again, eve]) {
    other.savesCodes = false;
    await other.visit(page);
    assert.deepEqual(other.page.facts, {});
    await other.post(page, saving(browser));
    assert.equal(noticeOf(other), 'codes_lost');
  }
  const salt = await saltOf(world, ada);
  await browser.press('cancel');
  await browser.visit(page);
  assert.deepEqual(browser.page.facts, {});
  await browser.visit('/account');
  await browser.press('make-codes');
  const form = captured(browser, page, saving(browser));
  await editAccount(world, ada.id, { $inc: { sessionVersion: 1 } });
  await browser.tab().fetch(form);
  assert.equal(await saltOf(world, ada), salt);
});

test('of two sets made at once in two browsers the one saved first is good, and the other says that it is not [check 43]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ recovery: 1 });
  const one = await madeAnew(world, ada);
  world.travel(60);
  const two = await madeAnew(world, ada);
  const forms = [one, two].map(({ browser }) => captured(browser, page, saving(browser)));
  await Promise.all([one.browser.send(forms[0] ?? assert.fail()), two.browser.send(forms[1] ?? assert.fail())]);
  const good = await Promise.all([one, two].map(({ codes }) => signsInBy(world, ada, codes[0] ?? '')));
  assert.equal(good.filter(Boolean).length, 1);
  assert.equal((await eventsOf(world, { kind: 'recovery_codes_replaced' })).length, 1);
  const told = [one, two].map(({ browser }) => noticeOf(browser));
  assert.equal(told.filter((code) => code === 'codes_saved').length, 1);
});

test('a box that is pressed 20 times at once saves once, with one mail, and the session goes on', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ recovery: 1 });
  const { browser, codes } = await madeAnew(world, ada);
  await together(20, () => browser.tab().fetch(captured(browser, page, saving(browser))));
  assert.equal(mailsTo(world, ada.email), 1);
  await browser.visit('/account');
  assert.deepEqual([browser.stage, browser.page.facts.recovery], ['security', { left: 10, few: false }]);
  assert.ok(await signsInBy(world, ada, codes[3] ?? ''));
});

test('what is saved is what was shown: codes that another tab has made anew since are told to be none [check 43]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ recovery: 1 });
  const { browser, codes } = await madeAnew(world, ada);
  const other = Object.assign(browser.tab(), { savesCodes: false });
  await (await other.visit('/account')).press('make-codes');
  assert.notDeepEqual(other.page.facts.codes, codes);
  const salt = await saltOf(world, ada);
  for (const form of [saving(browser), { saved: 'yes' }, { saved: 'yes', set: String(salt).slice(1) }]) {
    await browser.post(page, form);
    assert.equal(noticeOf(browser), 'codes_lost');
    assert.equal(await saltOf(world, ada), salt);
  }
  await other.saveCodes();
  assert.equal(noticeOf(other), 'codes_saved');
});

test('no other page of the area saves codes without a proof of their own [check 38]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ recovery: 1 });
  const { browser } = await madeAnew(world, ada);
  const salt = await saltOf(world, ada);
  world.travel(301);
  await browser.tab().fetch(captured(browser, '/account/ways/new/email/save', saving(browser)));
  assert.equal(await saltOf(world, ada), salt);
});

test('first codes for somebody who has none are told by mail too [check 37]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const { browser } = await madeAnew(world, ada);
  await browser.saveCodes();
  assert.equal(noticeOf(browser), 'codes_saved');
  assert.match(world.lastMailTo(ada.email), /Recovery codes were made for your/);
  assert.equal((await eventsOf(world, { kind: 'factor_added', detail: 'recovery' })).length, 1);
});

test('whoever has nothing set up has no recovery codes, and gets none', async (t) => {
  const world = await startWorld(t, { settings: { secondFactor: 'when-enrolled' } });
  const bob = await world.person({ totp: false });
  const browser = await inAccount(world, bob);
  browser.savesCodes = false;
  assert.equal(browser.page.facts.recovery, undefined);
  assert.ok(!browser.page.actions.some(({ name }) => name === 'make-codes'));
  await browser.post(`${page}/new`, {});
  await browser.visit(page);
  assert.deepEqual(browser.page.facts, {});
  assert.equal(await saltOf(world, bob), undefined);
});

test('a form from elsewhere makes, saves and drops nothing [check 38, 82]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ recovery: 1 });
  const { browser, codes } = await madeAnew(world, ada);
  const salt = await saltOf(world, ada);
  for (const [path, fields] of [
    [`${page}/new`, {}],
    [page, saving(browser)],
    [`${page}/cancel`, {}],
  ] as const) {
    const form = captured(browser, path, fields);
    const refusals = [
      { ...form, body: new URLSearchParams(fields).toString() },
      { ...form, headers: { ...form.headers, 'sec-fetch-site': 'cross-site' } },
    ];
    for (const refusal of refusals) assert.equal((await browser.tab().fetch(refusal)).status, 403, path);
  }
  assert.equal(await saltOf(world, ada), salt);
  await browser.visit(page);
  assert.deepEqual(browser.page.facts.codes, codes);
});
