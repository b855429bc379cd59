import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsOf } from '../support/database.ts';
import { meetAfterReading } from '../support/race.ts';
import { mailsTo, otherCode, register, tabs, unlike } from '../support/registration.ts';
import { startWorld } from '../support/world.ts';

const ada = 'ada@example.com';

test('a mailed code is refused ten minutes and a second later, though its row is still there [check 26]', async (t) => {
  const world = await startWorld(t);
  const browser = await register(world.browser(), { email: ada });
  const code = world.codeMailedTo(ada);
  world.travel(601);
  await browser.submit({ code });
  assert.deepEqual([browser.status, browser.errors], [422, ['code_rejected']]);
  const [attempt] = await rowsOf(world.database, 'attempts');
  assert.ok(attempt?.deliveredCode);
  assert.deepEqual(await rowsOf(world.database, 'accounts'), []);
});

test('a mailed code is good for all of its ten minutes [check 26]', async (t) => {
  const world = await startWorld(t);
  const browser = await register(world.browser(), { email: ada });
  world.travel(598);
  await browser.submit({ code: world.codeMailedTo(ada) });
  assert.equal(browser.stage, 'enrol-totp');
});

test('after five wrong codes the right one is refused; a minute later a new one may be asked for and works [check 28] [check 29]', async (t) => {
  const world = await startWorld(t);
  const browser = await register(world.browser(), { email: ada });
  const first = world.codeMailedTo(ada);
  const told: string[] = [];
  for (let n = 1; n <= 5; n++) {
    await browser.submit({ code: otherCode(first, n) });
    told.push(...browser.errors);
  }
  assert.deepEqual(told, ['code_rejected', 'code_rejected', 'code_rejected', 'code_rejected', 'code_spent']);
  await browser.submit({ code: first });
  assert.deepEqual(browser.errors, ['code_spent']);

  await browser.press('send');
  assert.deepEqual([browser.status, browser.errors, mailsTo(world, ada)], [422, ['send_wait'], 1]);
  world.travel(61);
  await browser.press('send');
  assert.equal(mailsTo(world, ada), 2);
  await browser.submit({ code: world.codeMailedTo(ada) });
  assert.equal(browser.stage, 'enrol-totp');
});

test('a new code ends the one before it [check 28]', async (t) => {
  const world = await startWorld(t);
  const browser = await register(world.browser(), { email: ada });
  const first = world.codeMailedTo(ada);
  world.travel(61);
  await browser.press('send');
  const second = world.codeMailedTo(ada);
  assert.equal(mailsTo(world, ada), 2);
  await browser.submit({ code: unlike(first, second) });
  assert.deepEqual(browser.errors, ['code_rejected']);
  await browser.submit({ code: second });
  assert.equal(browser.stage, 'enrol-totp');
});

test('20 presses on "Send a new code" at once send one mail, and its code works [check 107]', async (t) => {
  const world = await startWorld(t);
  const browser = await register(world.browser(), { email: ada });
  world.travel(61);
  const { href = '' } = browser.page.actions.find(({ name }) => name === 'send') ?? {};
  await Promise.all(tabs(browser, 20).map((tab) => tab.post(href, {})));
  assert.equal(mailsTo(world, ada), 2);
  await browser.submit({ code: world.codeMailedTo(ada) });
  assert.equal(browser.stage, 'enrol-totp');
});

test("a code is good in its own attempt only: not in another tab, not in another person's [check 27]", async (t) => {
  const world = await startWorld(t);
  const browser = world.browser();
  await register(browser, { email: ada });
  const tab = await register(browser.tab(), { email: 'grace@example.com' });
  const stranger = await register(world.browser(), { email: 'eve@example.com' });
  const code = world.codeMailedTo(ada);
  for (const [elsewhere, email] of [
    [tab, 'grace@example.com'],
    [stranger, 'eve@example.com'],
  ] as const) {
    await elsewhere.submit({ code: unlike(code, world.codeMailedTo(email)) });
    assert.deepEqual([elsewhere.status, elsewhere.errors], [422, ['code_rejected']]);
  }
  await browser.submit({ code });
  assert.equal(browser.stage, 'enrol-totp');
});

test('the code of an address is no code for the same address in another browser [check 27]', async (t) => {
  const world = await startWorld(t);
  await register(world.browser(), { email: ada });
  const thief = await register(world.browser(), { email: ada });
  assert.equal(mailsTo(world, ada), 1, 'the second is sent none');
  await thief.submit({ code: world.codeMailedTo(ada) });
  assert.deepEqual(thief.errors, ['code_rejected']);
  assert.deepEqual(await rowsOf(world.database, 'accounts'), []);
});

test('of 100 wrong codes at once one is judged, and of five such bursts five [check 29]', async (t) => {
  const world = await startWorld(t);
  const browser = await register(world.browser(), { email: ada });
  const code = world.codeMailedTo(ada);
  const { href = '' } = browser.page.actions.find(({ name }) => name === 'confirm') ?? {};
  for (let round = 1; round <= 5; round += 1) {
    // All hundred have seen the same tries.
    meetAfterReading(t, world.database, { collection: 'attempts', method: 'findOne', readers: 100 });
    await Promise.all(tabs(browser, 100).map((tab, n) => tab.post(href, { code: otherCode(code, 100 * round + n) })));
    const judged = (await rowsOf(world.database, 'events')).filter(({ kind }) => kind === 'mail_code');
    assert.equal(judged.length, round);
  }
  await browser.submit({ code });
  assert.deepEqual(browser.errors, ['code_spent']);
});

test('20 right codes at once make one account and one enrolment [check 29]', async (t) => {
  const world = await startWorld(t);
  const browser = await register(world.browser(), { email: ada });
  const code = world.codeMailedTo(ada);
  const { href = '' } = browser.page.actions.find(({ name }) => name === 'confirm') ?? {};
  await Promise.all(tabs(browser, 20).map((tab) => tab.post(href, { code })));
  await browser.reload();
  assert.equal(browser.stage, 'enrol-totp');
  assert.equal((await rowsOf(world.database, 'accounts')).length, 1);
  const made = (await rowsOf(world.database, 'events')).filter(({ kind }) => kind === 'registration');
  assert.equal(made.length, 1);
});

test('a code of five or seven digits takes no try; blanks, hyphens and full-width digits are tidied [check 18]', async (t) => {
  const world = await startWorld(t);
  const browser = await register(world.browser(), { email: ada });
  const code = world.codeMailedTo(ada);
  for (const odd of ['', code.slice(1), `${code}0`, 'abcdef', '-', '１２３４５']) {
    await browser.submit({ code: odd });
    assert.deepEqual([browser.status, browser.errors], [422, ['code_shape']], odd);
  }
  const [attempt] = await rowsOf(world.database, 'attempts');
  assert.equal((attempt?.deliveredCode as { tries: number } | undefined)?.tries, 0);
  const wide = String.fromCodePoint(...[...code].map((digit) => 0xff10 + Number(digit)));
  await browser.submit({ code: ` ${wide.slice(0, 3)}-${wide.slice(3)} ` });
  assert.equal(browser.stage, 'enrol-totp');
});

test('the code stands in no answer, no log line and no row [check 30]', async (t) => {
  const world = await startWorld(t);
  const browser = await register(world.browser(), { email: ada });
  const code = world.codeMailedTo(ada);
  const seen = [browser.text, ...world.logged, JSON.stringify(await rowsOf(world.database, 'attempts'))];
  await browser.submit({ code });
  seen.push(browser.text, ...world.logged, JSON.stringify(await rowsOf(world.database, 'attempts')));
  assert.deepEqual(
    seen.filter((text) => new RegExp(`(?<![0-9])${code}(?![0-9])`).test(text)),
    [],
  );
});
