import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Config } from '../../src/config/config.ts';
import { atAdding, newSecret } from '../support/adding.ts';
import { accountRow, editAccount, eventsOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { wrongCodeOf } from '../support/person.ts';
import { goodPassword, mailsTo, otherCode, register } from '../support/registration.ts';
import { startWorld, type World } from '../support/world.ts';

const email = 'ada@example.com';
const phone = '+447400123456';

/** A newcomer whose phone was sent its first code. */
async function settingUpPhone(world: World): Promise<{ browser: Browser; id: string }> {
  world.travel(0);
  const browser = await register(world.browser(), { email });
  await browser.submit({ code: world.codeMailedTo(email) });
  await browser.submit({ kind: 'sms' });
  await browser.submit({ phone });
  const [registered] = await eventsOf(world, { kind: 'registration' });
  return { browser, id: String(registered?.accountId) };
}

async function guess(browser: Browser, code: string, times: number, more: object = { name: '' }): Promise<Browser> {
  for (let n = 1; n <= times; n += 1) await browser.submit({ code: otherCode(code, n), ...more });
  return browser;
}

async function another(world: World, browser: Browser): Promise<Browser> {
  world.travel(61);
  return browser.press('send');
}

const failures = async (world: World, id: string) => (await accountRow(world, id)).guesses.secondFactor.failures;

test('wrong codes for a new phone count over all its codes: the tenth begins a wait in which the right one is not judged [check 21, 29, 34]', async (t) => {
  const world = await startWorld(t);
  const { browser, id } = await settingUpPhone(world);
  await guess(browser, world.codeTextedTo(phone), 5);
  assert.deepEqual([browser.errors, await failures(world, id)], [['code_spent'], 5]);
  await another(world, browser);
  await guess(browser, world.codeTextedTo(phone), 4);
  assert.deepEqual([browser.errors, await failures(world, id)], [['code_rejected'], 9]);
  await browser.submit({ code: otherCode(world.codeTextedTo(phone), 9), name: '' });
  assert.deepEqual([browser.status, browser.errors], [422, ['code_locked']]);
  await browser.submit({ code: world.codeTextedTo(phone), name: '' });
  assert.deepEqual([browser.errors, await failures(world, id)], [['code_locked'], 10], 'neither judged nor counted');
  assert.equal((await accountRow(world, id)).factors.length, 0);
  assert.equal((await eventsOf(world, { kind: 'lock', detail: 'second_factor' })).length, 1);

  world.travel(15 * 60);
  await browser.reload();
  await browser.press('send');
  await browser.submit({ code: world.codeTextedTo(phone), name: '' });
  assert.ok(browser.code, 'an honest newcomer is late and no more');
  assert.equal(await failures(world, id), 0);
});

test('what was guessed in one sign-in stays taken in the next, whoever has the password, and its owner hears of it [check 21, 22, 24]', async (t) => {
  const world = await startWorld(t);
  const { browser, id } = await settingUpPhone(world);
  const mails = mailsTo(world, email);
  await guess(browser, world.codeTextedTo(phone), 4);
  assert.equal(mailsTo(world, email), mails + 1);
  await browser.press('restart');
  await browser.submit({ identifier: email, password: goodPassword });
  assert.deepEqual([browser.stage, await failures(world, id)], ['confirm-mail', 4]);
});

test('an app that is being set up takes no guess: its key is on the page', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ ways: ['email'], recovery: 1 });
  const browser = await world.browser().visit('/account');
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  await browser.press('add totp');
  const code = wrongCodeOf(newSecret(browser));
  for (let n = 0; n < 3; n += 1) await browser.submit({ code, name: '' });
  assert.deepEqual([browser.errors, await failures(world, ada.id)], [['code_rejected'], 0]);
});

test('the right code of a further way gives back its own guess and the wait that it began, and no other [check 21, 22]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ recovery: 1 });
  const browser = await atAdding(world, ada, 'sms');
  await browser.submit({ phone });
  await guess(browser, world.codeTextedTo(phone), 5);
  await another(world, browser);
  await guess(browser, world.codeTextedTo(phone), 4);
  assert.equal(await failures(world, ada.id), 9);
  await browser.submit({ code: world.codeTextedTo(phone), name: '' });
  const { factors, guesses } = await accountRow(world, ada.id);
  assert.deepEqual([factors.length, guesses.secondFactor], [2, { failures: 9 }]);
});

const mayWait: Partial<Config['factors']> = {
  ...{ kinds: ['totp', 'email', 'recovery'], codeDigits: 6, roles: [], skips: 0 },
  enrolBy: '2099-01-01',
};

test('a right code to the mailbox is no guess, however often the way after it is put off, and gives back no other [check 21, 22, 33]', async (t) => {
  const world = await startWorld(t, { settings: { factors: mayWait } });
  const ada = await world.person({ totp: false });
  world.travel(0);
  const mails = mailsTo(world, ada.email);
  const left: number[] = [];
  for (let n = 0; n < 4; n += 1) {
    world.travel(3600);
    const browser = await world.browser().authorize();
    await browser.submit({ identifier: ada.email, password: ada.password });
    if (n === 2) await guess(browser, world.codeMailedTo(ada.email), 1, {});
    await browser.submit({ code: world.codeMailedTo(ada.email) });
    assert.equal(browser.stage, 'enrol-totp');
    left.push(await failures(world, ada.id));
    await browser.press('later');
    assert.ok(browser.code);
  }
  assert.deepEqual(left, [0, 0, 1, 1]);
  assert.equal(mailsTo(world, ada.email), mails + 4, 'no word of wrong codes');
});

test('right codes to the mailbox before changes that are given up lock nothing [check 21, 22]', async (t) => {
  const world = await startWorld(t, { settings: { secondFactor: 'when-enrolled', password: { minimumLength: 15 } } });
  const ada = await world.person({ totp: false });
  world.travel(0);
  for (let n = 0; n < 3; n += 1) {
    world.travel(1000);
    const browser = await world.browser().visit('/account');
    await browser.submit({ identifier: ada.email, password: ada.password });
    await browser.press('add totp');
    await browser.submit({ code: world.codeMailedTo(ada.email) });
    assert.deepEqual([browser.stage, await failures(world, ada.id)], ['enrol-totp', 0]);
    await browser.press('cancel');
  }
});

/** Five wrong codes from the mailbox, and a new one is sent. */
async function halfOfTheGuesses(t: TestContext) {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ totp: false });
  const browser = await world.browser().authorize();
  await browser.submit({ identifier: ada.email, password: ada.password });
  await guess(browser, world.codeMailedTo(ada.email), 5, {});
  await another(world, browser);
  return { world, ada, browser };
}

test('the tenth guess, when it is the right code of the mailbox, takes back the wait that it began [check 21, 22]', async (t) => {
  const { world, ada, browser } = await halfOfTheGuesses(t);
  await guess(browser, world.codeMailedTo(ada.email), 4, {});
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  const { guesses } = await accountRow(world, ada.id);
  assert.deepEqual([browser.stage, guesses.secondFactor], ['enrol-totp', { failures: 9 }]);
});

/** What the page at this address tells of a wait, as JSON and as HTML, and which of these forms are open. */
async function toldOfLock(browser: Browser, forms: readonly string[]) {
  await browser.visit(browser.url.pathname.split('/').slice(0, 3).join('/'));
  const { facts, actions } = browser.page;
  const page = await browser.fetch({ method: 'GET', url: browser.url, headers: { accept: 'text/html' } });
  const html = await page.text();
  const told = page.status === 200 && html.includes('Too many tries. Try again in') && !html.includes('name="code"');
  const open = actions.map(({ name }) => name).filter((name) => forms.includes(name));
  return { status: browser.status, seconds: facts.secondsLocked, told, open };
}

test('a wait that wrong codes from the mailbox began is told on reload, without a field, and nothing is mailed during it [check 21]', async (t) => {
  const { world, ada, browser } = await halfOfTheGuesses(t);
  const send = `${browser.url.pathname}/confirm-mail/send`;
  await guess(browser, world.codeMailedTo(ada.email), 5, {});
  const codes = () => world.outbox.mails.filter(({ subject }) => subject === 'Your Twofold code').length;
  const mailed = codes();
  assert.deepEqual(await toldOfLock(browser, ['confirm', 'send']), { status: 200, seconds: 900, told: true, open: [] });

  world.travel(600);
  await browser.post(send, {});
  const other = await world.browser().authorize();
  await other.submit({ identifier: ada.email, password: ada.password });
  const { open, told } = await toldOfLock(other, ['confirm', 'send']);
  assert.deepEqual([other.stage, open, told, codes()], ['confirm-mail', [], true, mailed]);

  world.travel(300);
  await other.reload();
  await other.press('send');
  await other.submit({ code: world.codeMailedTo(ada.email) });
  assert.deepEqual([other.stage, await failures(world, ada.id)], ['enrol-totp', 10]);
});

test('a wait that wrong codes for a new phone began is told on reload, without a field, and no code goes out or is left for another number [check 21]', async (t) => {
  const world = await startWorld(t);
  const { browser } = await settingUpPhone(world);
  const forms = ['enrol', 'destination', 'send', 'way'];
  const base = browser.url.pathname;
  await guess(browser, world.codeTextedTo(phone), 5);
  await another(world, browser);
  await guess(browser, world.codeTextedTo(phone), 5);
  assert.deepEqual(await toldOfLock(browser, forms), { status: 200, seconds: 900, told: true, open: ['way'] });

  const texts = world.outbox.texts.length;
  world.travel(120);
  await browser.post(`${base}/enrol/send`, {});
  await browser.post(`${base}/enrol/destination`, { phone: '+447400123457' });
  assert.equal(world.outbox.texts.length, texts);
  assert.deepEqual((await toldOfLock(browser, forms)).open, ['way'], 'an app may be set up instead');
  world.travel(780);
  await browser.reload();
  assert.deepEqual([browser.page.facts.sentTo, browser.page.facts.unsent], ['+447400123457', true]);
  await browser.press('send');
  await browser.submit({ code: world.codeTextedTo('+447400123457'), name: '' });
  assert.ok(browser.code);
});

test('a kind of code that is chosen during a wait tells it before a number is typed', async (t) => {
  const world = await startWorld(t);
  const { browser, id } = await settingUpPhone(world);
  await editAccount(world, id, {
    $set: { 'guesses.secondFactor': { failures: 10, lockedUntil: new Date(Date.now() + 900_000) } },
  });
  await browser.reload();
  await browser.submit({ kind: 'totp' });
  assert.equal(browser.page.facts.secondsLocked, undefined, 'an app takes no guess');
  await browser.submit({ kind: 'sms' });
  const { open, told } = await toldOfLock(browser, ['enrol', 'destination', 'send', 'way']);
  assert.deepEqual([open, told], [['way'], true]);
});
