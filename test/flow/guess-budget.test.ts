import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRow, afterPassword, editAccount, eventsOf, nothing, spoils } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import type { Person } from '../support/person.ts';
import { startWorld, type World } from '../support/world.ts';

const minute = 60;
const judged = (world: World, id: string) => eventsOf(world, { kind: 'factor', result: 'failure', accountId: id });

/** The password's own budget would end these loops sooner; here it is not what is tested. */
async function passwordAgain(world: World, ada: Person, browser?: Browser): Promise<Browser> {
  await editAccount(world, ada.id, { $set: { 'guesses.password': { failures: 0 } } });
  return afterPassword(world, ada, browser ? { browser } : {});
}

test('password, four wrong codes, restart: closed by the tenth wrong code, and the right one is refused then [check 21]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const browser = await passwordAgain(world, ada);
  let wrong = 0;
  for (let round = 0; round < 10 && !browser.errors.includes('code_locked'); round += 1) {
    for (let tries = 0; tries < 4 && !browser.errors.includes('code_locked'); tries += 1) {
      await browser.submit({ code: ada.wrongCode() });
      wrong += 1;
    }
    if (browser.errors.includes('code_locked')) break;
    await browser.press('restart');
    assert.equal(browser.stage, 'sign-in');
    await editAccount(world, ada.id, { $set: { 'guesses.password': { failures: 0 } } });
    await browser.submit({ identifier: ada.email, password: ada.password });
  }
  assert.equal(wrong, 10);
  assert.equal((await judged(world, ada.id)).length, 10);
  assert.equal((await eventsOf(world, { kind: 'lock', accountId: ada.id })).length, 1);

  for (const each of [await passwordAgain(world, ada, browser), await passwordAgain(world, ada)]) {
    assert.equal(each.stage, 'totp');
    assert.ok(each.page.facts.lockedUntil, 'it is told until when');
    assert.ok(!each.page.actions.some(({ name }) => name === 'factor'), 'no field');
    await each.post(`${each.url.pathname}/factor`, { code: ada.codeNow() });
    assert.deepEqual([each.status, each.errors], [422, ['code_locked']]);
  }
  assert.deepEqual(await spoils(world), nothing);
});

test('a lock ends after its quarter of an hour; the next wrong code begins half an hour [check 21]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const secondFactor = { failures: 9 };
  await editAccount(world, ada.id, { $set: { 'guesses.secondFactor': secondFactor } });
  const browser = await passwordAgain(world, ada);
  assert.equal(browser.page.facts.triesLeft, 1);
  await browser.submit({ code: ada.wrongCode() });
  assert.deepEqual(browser.errors, ['code_locked']);
  assert.equal(browser.page.facts.secondsLocked, 15 * minute);

  world.travel(15 * minute - 1);
  await browser.post(`${browser.url.pathname}`, { code: ada.codeNow() });
  assert.deepEqual(browser.errors, ['code_locked']);
  world.travel(2);
  await browser.post(`${browser.url.pathname}`, { code: ada.wrongCode() });
  assert.equal(browser.page.facts.secondsLocked, 30 * minute);

  world.travel(30 * minute);
  const late = await passwordAgain(world, ada);
  await late.submit({ code: ada.codeNow() });
  assert.ok(late.code, 'the owner gets in again');
  assert.equal((await accountRow(world, ada.id)).guesses.secondFactor.failures, 0);
});

test('five wrong codes end a challenge: back to the password, which says so [check 21]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const browser = await afterPassword(world, ada);
  for (const left of [4, 3, 2, 1]) {
    await browser.submit({ code: ada.wrongCode() });
    assert.deepEqual([browser.errors, browser.page.facts.triesLeft], [['code_rejected'], left]);
  }
  const action = browser.page.actions.find(({ name }) => name === 'factor');
  await browser.submit({ code: ada.wrongCode() });
  assert.deepEqual([browser.stage, browser.errors], ['sign-in', ['code_spent_app']]);
  await browser.post(action?.href ?? '', { code: ada.codeNow() });
  assert.equal(browser.stage, 'sign-in', 'the challenge is over, right or wrong');
  assert.equal((await judged(world, ada.id)).length, 5);
  await browser.submit({ identifier: ada.email, password: ada.password });
  assert.deepEqual([browser.stage, browser.page.facts.triesLeft], ['totp', 5]);
  await browser.submit({ code: ada.codeNow() });
  assert.ok(browser.code);
});

test('the right password, a restart or another sign-in gives no guess back; a whole sign-in does [check 22]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const failures = async () => (await accountRow(world, ada.id)).guesses.secondFactor.failures;
  const browser = await afterPassword(world, ada);
  for (const _ of [1, 2, 3]) await browser.submit({ code: ada.wrongCode() });
  await browser.press('restart');
  await browser.submit({ identifier: ada.email, password: ada.password });
  assert.equal(await failures(), 3);
  const other = await afterPassword(world, ada);
  await other.press('cancel');
  assert.equal(await failures(), 3);
  await browser.submit({ code: ada.codeNow() });
  assert.ok(browser.code);
  assert.equal(await failures(), 0);
  assert.equal((await accountRow(world, ada.id)).guesses.password.failures, 0);
});

test('the owner hears of the third wrong code after the right password, once in each row of them [check 24]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const mails = () => world.outbox.mails.filter(({ to }) => to === ada.email);
  const stranger = await afterPassword(world, ada);
  for (const expected of [0, 0, 1, 1]) {
    await stranger.submit({ code: ada.wrongCode() });
    assert.equal(mails().length, expected);
  }
  assert.match(mails()[0]?.text ?? '', /wrong codes/);
  assert.ok(!mails()[0]?.text.includes(ada.wrongCode()));
  await stranger.submit({ code: ada.codeNow() });
  const later = await afterPassword(world, ada);
  for (const _ of [1, 2, 3]) await later.submit({ code: ada.wrongCode() });
  assert.equal(mails().length, 2);
});

test('at 100 consecutive wrong codes nothing is judged any more, however long one waits [check 21]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  await editAccount(world, ada.id, { $set: { 'guesses.secondFactor': { failures: 99 } } });
  const browser = await passwordAgain(world, ada);
  await browser.submit({ code: ada.wrongCode() });
  world.travel(40 * 24 * 60 * minute);
  const late = await passwordAgain(world, ada);
  await late.post(`${late.url.pathname}/factor`, { code: ada.codeNow() });
  assert.deepEqual([late.code, late.errors], [undefined, ['code_locked_closed']]);
  assert.equal((await accountRow(world, ada.id)).guesses.secondFactor.failures, 100);
});

test('the mailed code of a first enrolment shares the budget, over every newer code [check 21]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const bob = await world.person({ totp: false });
  const browser = await afterPassword(world, bob);
  const wrong = () => (world.codeMailedTo(bob.email) === '000000' ? '111111' : '000000');
  for (let tries = 0; tries < 5; tries += 1) await browser.submit({ code: wrong() });
  assert.deepEqual(browser.errors, ['code_spent']);
  await browser.submit({ code: world.codeMailedTo(bob.email) });
  assert.equal(browser.stage, 'confirm-mail', 'the spent code is not right any more');
  world.travel(minute + 1);
  await browser.press('send');
  for (let tries = 0; tries < 5; tries += 1) await browser.submit({ code: wrong() });
  assert.equal((await accountRow(world, bob.id)).guesses.secondFactor.failures, 10);
  assert.deepEqual(browser.errors, ['code_locked'], 'told at once');
  assert.equal((await eventsOf(world, { kind: 'lock', accountId: bob.id })).length, 1);
  const right = world.codeMailedTo(bob.email);
  await browser.submit({ code: right });
  assert.deepEqual(browser.errors, ['code_locked']);
  world.travel(minute + 1);
  await browser.post(`${browser.url.pathname}/send`, {});
  assert.equal(world.codeMailedTo(bob.email), right, 'no newer one goes out');
  assert.equal((await accountRow(world, bob.id)).factors.length, 0);
});
