import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRow, editAccount, eventsOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { codeOf, type Person } from '../support/person.ts';
import { register } from '../support/registration.ts';
import { startWorld, type World, type WorldOptions } from '../support/world.ts';

const kinds = ['totp', 'email', 'sms', 'recovery'] as const;
const factors = { kinds: [...kinds], codeDigits: 6, roles: ['staff'], skips: 0 } as const;
const byRole: WorldOptions['settings'] = { secondFactor: 'by-role', factors, password: { minimumLength: 15 } };
const email = 'ada@example.com';

/** A newcomer whom no policy asked for a second factor, before the consent of another's app. */
async function beforeConsent(world: World): Promise<{ browser: Browser; id: string }> {
  const browser = world.browser();
  browser.party = world.party('third');
  await register(browser, { email });
  await browser.submit({ code: world.codeMailedTo(email) });
  assert.equal(browser.stage, 'consent');
  const [registered] = await eventsOf(world, { kind: 'registration' });
  return { browser, id: String(registered?.accountId) };
}

/** Somebody without a second factor who has just given the password, for another's app. */
async function beginning(world: World, { email: identifier, password }: Person): Promise<Browser> {
  const browser = world.browser();
  browser.party = world.party('third');
  await browser.authorize();
  return browser.submit({ identifier, password });
}

test('a role that is given in the middle of a sign-in asks for a second factor there and then, as a page and as JSON [check 36, 86]', async (t) => {
  const world = await startWorld(t, { settings: byRole });
  const { browser, id } = await beforeConsent(world);
  await editAccount(world, id, { $set: { roles: ['staff'] } });
  await browser.reload();
  assert.deepEqual([browser.status, browser.stage, browser.page.facts.kinds], [200, 'enrol', ['totp', 'email', 'sms']]);
  const page = await browser.fetch({ method: 'GET', url: browser.url, headers: { accept: 'text/html' } });
  assert.equal(page.status, 200);
  assert.match(await page.text(), /From an authenticator app/);

  await browser.submit({ kind: 'totp' });
  assert.equal(browser.stage, 'enrol-totp');
  await browser.submit({ code: codeOf(String(browser.page.facts.secret)), name: '' });
  assert.deepEqual([browser.stage, (await accountRow(world, id)).factors.length], ['consent', 1]);
});

/** Where no code runs: told so without a field, as a page and as JSON, until a code is asked for. */
async function asksForCode(world: World, browser: Browser, address: string): Promise<void> {
  const { facts, actions } = browser.page;
  const names = actions.map(({ name }) => name);
  assert.deepEqual([browser.status, browser.stage], [200, 'confirm-mail']);
  assert.deepEqual([facts.sentTo, facts.masked, facts.unsent], ['a***@example.com', true, true]);
  assert.deepEqual([names.includes('confirm'), names.includes('send')], [false, true]);
  const page = await browser.fetch({ method: 'GET', url: browser.url, headers: { accept: 'text/html' } });
  assert.equal(page.status, 200);
  const text = await page.text();
  assert.match(text, /No code was sent to <bdi>a\*\*\*@example\.com<\/bdi> yet\./);
  assert.match(text, /<button class="link">Send a code<\/button>/);
  assert.doesNotMatch(text, /name="code"/);

  const mails = world.outbox.mails.length;
  await browser.press('send');
  assert.equal(world.outbox.mails.length, mails + 1);
  await browser.submit({ code: world.codeMailedTo(address) });
  assert.equal(browser.stage, 'enrol-totp');
}

test('a role that is given to somebody who has proved the password alone asks for the mailbox there and then, and mails nothing unasked [check 33, 36]', async (t) => {
  const world = await startWorld(t, { settings: byRole });
  const ada = await world.person({ totp: false });
  const browser = await beginning(world, ada);
  assert.equal(browser.stage, 'consent');
  await editAccount(world, ada.id, { $set: { roles: ['staff'] } });
  await browser.reload();
  assert.equal(world.outbox.mails.length, 0);
  await asksForCode(world, browser, ada.email);
});

test('the day comes on which nothing can be put off any more while the last page is open: the mailbox is asked again [check 33, 36]', async (t) => {
  const twoDays = 2 * 86_400;
  const enrolBy = new Date(Date.now() + twoDays * 1000).toISOString().slice(0, 10);
  const world = await startWorld(t, { settings: { factors: { ...factors, roles: [], enrolBy } } });
  const ada = await world.person({ totp: false });
  world.travel(Math.floor((Date.parse(enrolBy) - Date.now()) / 1000) - 60);
  const browser = await beginning(world, ada);
  await browser.press('later');
  assert.equal(browser.stage, 'consent');
  world.travel(120);
  await browser.submit({ decision: 'allow' });
  await asksForCode(world, browser, ada.email);
});

test('a phone whose setting up was left behind without a code shows, and is sent one when it is asked for', async (t) => {
  const world = await startWorld(t);
  const browser = await register(world.browser(), { email });
  await browser.submit({ code: world.codeMailedTo(email) });
  await browser.submit({ kind: 'sms' });
  await browser.submit({ phone: '+447400123456' });
  const attempts = world.database.connection.collection('attempts');
  await attempts.updateMany({}, { $unset: { deliveredCode: 1 } });
  world.travel(61);
  await browser.reload();
  const page = await browser.fetch({ method: 'GET', url: browser.url, headers: { accept: 'text/html' } });
  assert.equal(page.status, 200);
  assert.match(await page.text(), /<button class="link">Send a code<\/button>/);
  const names = browser.page.actions.map(({ name }) => name);
  assert.deepEqual([names.includes('enrol'), browser.page.facts.unsent], [false, true]);
  await browser.press('send');
  await browser.submit({ code: world.codeTextedTo('+447400123456'), name: '' });
  assert.ok(browser.code);
});

test('a kind that left the configuration while it was being set up is asked for anew', async (t) => {
  const world = await startWorld(t);
  const browser = await register(world.browser(), { email });
  await browser.submit({ code: world.codeMailedTo(email) });
  await browser.submit({ kind: 'sms' });
  assert.equal(browser.stage, 'enrol-sms');
  const attempts = world.database.connection.collection('attempts');
  await attempts.updateOne({ 'enrolment.kind': 'sms' }, { $set: { 'enrolment.kind': 'pigeon' } });
  await browser.reload();
  assert.deepEqual([browser.status, browser.stage], [200, 'enrol']);
  await browser.submit({ kind: 'email' });
  assert.equal(browser.stage, 'enrol-email');
});
