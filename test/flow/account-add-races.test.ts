import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noticeOf, ownFactors, proveAll } from '../support/account-area.ts';
import { atAdding, atFirst, newSecret } from '../support/adding.ts';
import { accountRow, captured, eventsOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { atWay } from '../support/mail-ways.ts';
import { codeOf } from '../support/person.ts';
import { meetAfterReading } from '../support/race.ts';
import { mailsTo, tabs } from '../support/registration.ts';
import { startWorld, type World } from '../support/world.ts';

const optional = { settings: { secondFactor: 'when-enrolled' } } as const;

const factorsOf = async (world: World, id: string) => (await accountRow(world, id)).factors;
const enrol = (browser: Browser, kind: string, code: string) =>
  captured(browser, `/account/ways/new/${kind}/enrol`, { code, name: '' });

test('20 confirmations at once add one way, with one notice, and none of them reads that it was wrong [check 20, 34]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  for (const kind of ['totp', 'email']) {
    const ada = await world.person({ recovery: 1 });
    const browser = await atAdding(world, ada, kind);
    const code = kind === 'totp' ? codeOf(newSecret(browser)) : world.codeMailedTo(ada.email);
    const mails = mailsTo(world, ada.email);
    // All twenty have seen an account with one factor.
    meetAfterReading(t, world.database, { collection: 'accounts', method: 'findOne', readers: 20 });
    const form = enrol(browser, kind, code);
    const answers = await Promise.all(tabs(browser, 20).map((tab) => tab.fetch(form)));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [303], kind);
    assert.equal((await factorsOf(world, ada.id)).length, 2);
    assert.equal((await eventsOf(world, { kind: 'factor_added', accountId: ada.id })).length, 1);
    assert.equal((await eventsOf(world, { kind: 'enrolment', accountId: ada.id })).length, 0);
    assert.equal(mailsTo(world, ada.email), mails + 1);
  }
});

test('20 confirmations of a first way, begun in two sessions, make one way and one set of codes [check 33]', async (t) => {
  const world = await startWorld(t, optional);
  world.travel(0);
  const bob = await world.person({ totp: false });
  const browsers: Browser[] = [];
  for (const _ of [1, 2]) {
    const browser = await atFirst(world, bob, 'totp');
    browser.savesCodes = false;
    await browser.submit({ code: world.codeMailedTo(bob.email) });
    browsers.push(browser);
    world.travel(61);
  }
  meetAfterReading(t, world.database, { collection: 'accounts', method: 'findOne', readers: 20 });
  const forms = browsers.map((browser) => enrol(browser, 'totp', codeOf(newSecret(browser))));
  await Promise.all(forms.flatMap((form, n) => tabs(browsers[n] ?? assert.fail(), 10).map((tab) => tab.fetch(form))));
  assert.equal((await factorsOf(world, bob.id)).length, 1);
  assert.equal((await eventsOf(world, { kind: 'factor_added', result: 'success' })).length, 1);
  const pages = await Promise.all(browsers.map((browser) => browser.visit('/account/ways/new/totp')));
  assert.deepEqual(pages.map(({ stage }) => stage).sort(), ['confirm', 'recovery-codes'], 'the other asks for the app');
});

test('a double click on the code of a first way leads to its recovery codes, whichever answer shows [check 83]', async (t) => {
  const world = await startWorld(t, optional);
  for (let rounds = 0; rounds < 3; rounds += 1) {
    const bob = await world.person({ totp: false });
    const browser = await atFirst(world, bob, 'totp');
    browser.savesCodes = false;
    await browser.submit({ code: world.codeMailedTo(bob.email) });
    const form = enrol(browser, 'totp', codeOf(newSecret(browser)));
    const answers = await Promise.all([browser.fetch(form), browser.fetch(form)]);
    assert.ok(answers.every(({ status }) => status === 303));
    assert.equal((await factorsOf(world, bob.id)).length, 1);
    await browser.visit('/account/ways/new/totp');
    assert.equal(browser.stage, 'recovery-codes');
  }
});

test('two tabs with two kinds: the later start counts, and the form of the earlier is not judged [check 34]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ recovery: 1 });
  const first = await atAdding(world, ada, 'totp');
  const secret = newSecret(first);
  const second = await first.tab().visit('/account');
  await second.press('add email');
  assert.equal(second.stage, 'enrol-email');
  await first.submit({ code: codeOf(secret), name: '' });
  assert.equal(noticeOf(first), 'way_ended');
  await first.visit('/account/ways/new/totp');
  assert.equal(first.stage, 'add-totp');
  await second.submit({ code: world.codeMailedTo(ada.email), name: '' });
  assert.equal(noticeOf(second), 'way_added');
  assert.deepEqual(
    ownFactors(second).map(({ kind }) => kind),
    ['totp', 'email'],
  );
});

test('two sessions that add an app each at once have both [check 34]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ recovery: 1 });
  const app = await atAdding(world, ada, 'totp');
  world.travel(60);
  const other = await atAdding(world, ada, 'totp');
  await app.reload();
  const forms = [app, other].map((browser) => enrol(browser, 'totp', codeOf(newSecret(browser))));
  meetAfterReading(t, world.database, { collection: 'accounts', method: 'findOne', readers: 2 });
  await Promise.all([app, other].map((browser, n) => browser.fetch(forms[n] ?? assert.fail())));
  assert.equal((await factorsOf(world, ada.id)).length, 3);
});

test('what is pending lasts ten minutes, ten more on demand, and half an hour in all [check 34]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ recovery: 1 });
  const browser = await atAdding(world, ada, 'totp');
  const secret = newSecret(browser);
  world.travel(600);
  await browser.submit({ code: codeOf(secret), name: '' });
  assert.equal(browser.stage, 'confirm', 'the proof is old by then');
  await proveAll(browser, ada);
  await browser.submit({ code: codeOf(secret), name: '' });
  assert.deepEqual([browser.status, browser.errors], [422, ['form_old']]);
  await browser.press('renew');
  assert.deepEqual([newSecret(browser), browser.page.facts.secondsToEnd], [secret, 600]);
  const late = enrol(browser, 'totp', codeOf(secret));
  world.travel(1199);
  await browser.press('renew');
  assert.equal(browser.stage, 'confirm', 'the key shows to whoever has just proved who they are');
  world.travel(2);
  await browser.send(late);
  assert.equal(noticeOf(browser), 'way_ended');
  assert.equal((await factorsOf(world, ada.id)).length, 1);
  await browser.press('add totp');
  assert.notEqual(browser.stage, 'enrol-totp', 'the proof is old by then');
  await proveAll(browser, ada);
  await browser.press('go-on');
  assert.notEqual(newSecret(browser), secret);
});

test('a code of a change is none in a sign-in, and one of a sign-in none in a change', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ ways: ['email', 'totp'], recovery: 1 });
  const waiting = await atWay(world, ada, 'email');
  const signInCode = world.codeMailedTo(ada.email);
  const there = await world.browser().visit('/account');
  await there.submit({ identifier: ada.email, password: ada.password });
  await there.press('choose');
  const app = (there.page.facts.offers as readonly { kind: string; id: string }[]).find(({ kind }) => kind === 'totp');
  await there.submit({ way: String(app?.id) });
  await there.submit({ code: ada.codeNow() });
  await there.press('add email');
  await there.submit({ email: 'work@example.org' });
  const changeCode = world.codeMailedTo('work@example.org');
  if (signInCode !== changeCode) {
    await there.submit({ code: signInCode, name: '' });
    assert.deepEqual(there.errors, ['code_rejected']);
    await waiting.submit({ code: changeCode });
    assert.deepEqual(waiting.errors, ['code_rejected']);
  }
  await there.submit({ code: changeCode, name: '' });
  assert.equal(noticeOf(there), 'way_added');
  await waiting.submit({ code: signInCode });
  assert.equal(waiting.code, undefined, 'codes under way end with the change');
});

test('a code of a change has five tries, whoever asks at once, and a new one costs the wait [check 28, 29]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ recovery: 1 });
  const browser = await atAdding(world, ada, 'email');
  const right = world.codeMailedTo(ada.email);
  const wrong = enrol(browser, 'email', right === '000000' ? '111111' : '000000');
  for (let round = 0; round < 5; round += 1) await Promise.all(tabs(browser, 20).map((tab) => tab.fetch(wrong)));
  await browser.submit({ code: right, name: '' });
  assert.deepEqual(browser.errors, ['code_spent']);
  await browser.press('send');
  assert.deepEqual(browser.errors, ['send_wait']);
  world.travel(61);
  await browser.press('send');
  await browser.submit({ code: world.codeMailedTo(ada.email), name: '' });
  assert.equal(noticeOf(browser), 'way_added');
});
