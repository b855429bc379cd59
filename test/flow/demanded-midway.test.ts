import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRow, editAccount, eventsOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { codeOf } from '../support/person.ts';
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
