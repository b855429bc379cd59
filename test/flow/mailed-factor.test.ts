import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRow, eventsOf, nothing, spoils } from '../support/attack.ts';
import { rowsOf } from '../support/database.ts';
import { atWay, formOf } from '../support/mail-ways.ts';
import { meetAfterReading } from '../support/race.ts';
import { mailsTo, otherCode, tabs, unlike } from '../support/registration.ts';
import { startWorld } from '../support/world.ts';

test('password, code by mail, done: the ID token says how, and the mail was sent once by the password [check 32] [check 70]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ ways: ['email'] });
  const browser = await atWay(world, ada);
  assert.equal(mailsTo(world, ada.email), 1);
  const { facts } = browser.page;
  assert.equal(facts.sentTo, `${ada.email.slice(0, 1)}***@example.com`);
  await browser.reload();
  await browser.visit(browser.url.pathname);
  assert.equal(mailsTo(world, ada.email), 1, 'to look at the page sends nothing');
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  const claims = (await browser.redeem()).claims();
  assert.deepEqual([claims?.acr, claims?.amr], ['urn:twofold:2fa-email', ['pwd', 'otp']]);
  assert.equal((await rowsOf(world.database, 'attempts')).filter(({ deliveredCode }) => deliveredCode).length, 0);
});

test('a code is good for ten minutes, and a second later it is not, though its row is still there [check 26]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ ways: ['email'] });
  const late = await atWay(world, ada);
  world.travel(601);
  await late.submit({ code: world.codeMailedTo(ada.email) });
  assert.deepEqual([late.status, late.errors], [422, ['code_rejected']]);
  assert.ok((await rowsOf(world.database, 'attempts'))[0]?.deliveredCode);
  const intime = await atWay(world, ada);
  world.travel(598);
  await intime.submit({ code: world.codeMailedTo(ada.email) });
  assert.ok(intime.code);
});

test("a code is one person's and one sign-in's: not in another's, not in another tab, not in another browser [check 27]", async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const [ada, eve] = [await world.person({ ways: ['email'] }), await world.person({ ways: ['email'] })];
  const browser = await atWay(world, ada);
  const code = world.codeMailedTo(ada.email);
  const evil = await atWay(world, eve);
  world.travel(61);
  const tab = await atWay(world, ada, 'email', browser.tab());
  const newer = world.codeMailedTo(ada.email);
  assert.equal(mailsTo(world, ada.email), 2);
  for (const [elsewhere, own] of [
    [evil, world.codeMailedTo(eve.email)],
    [tab, newer],
  ] as const) {
    await elsewhere.submit({ code: unlike(code, own) });
    assert.deepEqual([elsewhere.status, elsewhere.errors], [422, ['code_rejected']]);
  }
  await browser.submit({ code: unlike(newer, code) });
  assert.deepEqual(browser.errors, ['code_rejected'], 'nor the newer one of the other tab');
  await browser.submit({ code });
  assert.ok(browser.code, 'each tab has its own');
});

test('only the newest code works, and a new one gives no try back [check 28]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ ways: ['email'] });
  const browser = await atWay(world, ada);
  const first = world.codeMailedTo(ada.email);
  for (const n of [1, 2, 3]) await browser.submit({ code: otherCode(first, n) });
  assert.equal(browser.page.facts.triesLeft, 2);
  await browser.press('send');
  assert.deepEqual([browser.status, browser.errors, mailsTo(world, ada.email)], [422, ['send_wait'], 2]);
  world.travel(61);
  await browser.press('send');
  assert.equal(browser.page.facts.triesLeft, 2);
  const second = world.codeMailedTo(ada.email);
  await browser.submit({ code: first === second ? otherCode(second) : first });
  assert.deepEqual([browser.errors, browser.page.facts.triesLeft], [['code_rejected'], 1]);
  await browser.submit({ code: second });
  assert.ok(browser.code);
});

test('five wrong codes lead back to the password, over all newer codes; the right one is too late then [check 28]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ ways: ['email'] });
  const browser = await atWay(world, ada);
  const form = formOf(browser, 'factor');
  for (const n of [1, 2, 3, 4, 5]) await browser.submit({ code: otherCode(world.codeMailedTo(ada.email), n) });
  assert.deepEqual([browser.stage, browser.errors], ['sign-in', ['code_spent_app']]);
  await browser.post(form, { code: world.codeMailedTo(ada.email) });
  assert.deepEqual([browser.stage, browser.code], ['sign-in', undefined]);
  assert.equal((await eventsOf(world, { kind: 'factor', result: 'failure', accountId: ada.id })).length, 5);
  world.travel(61);
  await atWay(world, ada, 'email', browser);
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  assert.ok(browser.code);
});

test('of 100 guesses at once one is judged, and of five such bursts five; the right one is no better then [check 29]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ ways: ['email'] });
  const browser = await atWay(world, ada);
  const code = world.codeMailedTo(ada.email);
  const form = formOf(browser, 'factor');
  for (let round = 1; round <= 5; round += 1) {
    // All hundred have seen the same tries.
    meetAfterReading(t, world.database, { collection: 'attempts', method: 'findOne', readers: 100 });
    await Promise.all(tabs(browser, 100).map((tab, n) => tab.post(form, { code: otherCode(code, 100 * round + n) })));
    const judged = await eventsOf(world, { kind: 'factor', result: 'failure', accountId: ada.id });
    assert.equal(judged.length, round);
    assert.equal((await accountRow(world, ada.id)).guesses.secondFactor.failures, round);
  }
  await browser.post(form, { code });
  assert.deepEqual([browser.code, browser.stage], [undefined, 'sign-in']);
  assert.deepEqual(await spoils(world), nothing);
});

test('20 right codes at once are one sign-in, one code and one session [check 29] [check 83]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ ways: ['email'] });
  const browser = await atWay(world, ada);
  const code = world.codeMailedTo(ada.email);
  const form = formOf(browser, 'factor');
  await Promise.all(tabs(browser, 20).map((tab) => tab.post(form, { code })));
  const got = await spoils(world);
  assert.deepEqual(got, { sessions: 1, codes: 1, tokens: 0 });
  assert.equal((await eventsOf(world, { kind: 'sign_in', accountId: ada.id })).length, 1);
});
