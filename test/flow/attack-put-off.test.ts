import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Config } from '../../src/config/config.ts';
import type { Browser } from '../support/browser.ts';
import type { Person } from '../support/person.ts';
import type { AuthorizeOptions } from '../support/relying-party.ts';
import { startWorld, type World } from '../support/world.ts';

const usual: Partial<Config['factors']> = { kinds: ['totp', 'email', 'recovery'], codeDigits: 6, roles: [], skips: 0 };
const lenient = (t: TestContext, factors: Partial<Config['factors']>) =>
  startWorld(t, { settings: { factors: { ...usual, ...factors } } });

async function asked(world: World, person: Person, party = 'app', options: AuthorizeOptions = {}): Promise<Browser> {
  const browser = world.browser();
  await browser.authorize(options, world.party(party));
  await browser.submit({ identifier: person.email, password: person.password });
  assert.equal(browser.stage, 'confirm-mail');
  return browser;
}

test('the last time that it may be put off is good for a client that asks for consent, too', async (t) => {
  const world = await lenient(t, { skips: 1 });
  const bob = await world.person({ totp: false });
  const browser = await asked(world, bob, 'third');
  await browser.press('later');
  assert.equal(browser.stage, 'consent', browser.text.slice(0, 200));
  await browser.reload();
  assert.equal(browser.stage, 'consent', browser.text.slice(0, 200));
  await browser.submit({ decision: 'allow' });
  assert.equal((await browser.redeem()).claims()?.acr, 'urn:twofold:1fa');
});

test('the last time, pressed while a way is being set up: the sign-in goes on', async (t) => {
  const world = await lenient(t, { skips: 1 });
  const bob = await world.person({ totp: false });
  const browser = await asked(world, bob, 'third');
  await browser.submit({ code: world.codeMailedTo(bob.email) });
  assert.equal(browser.stage, 'enrol-totp');
  await browser.press('later');
  assert.deepEqual([browser.status, browser.stage], [200, 'consent'], browser.text.slice(0, 200));
});

test('a sign-in whose put-off was parked is none from the day on: the page asks, and no code is issued [check 36]', async (t) => {
  const tomorrow = new Date(Date.now() + 24 * 60 * 60_000).toISOString().slice(0, 10);
  const world = await lenient(t, { enrolBy: tomorrow });
  world.travel((Date.parse(tomorrow) - Date.now()) / 1000 - 60);
  const bob = await world.person({ totp: false });
  const browser = await asked(world, bob, 'third');
  await browser.submit({ code: world.codeMailedTo(bob.email) });
  await browser.press('later');
  assert.equal(browser.stage, 'consent');
  world.travel(120);
  const page = browser.page;
  await browser.reload();
  assert.notEqual(browser.status, 500, browser.text.slice(0, 300));
  assert.equal(browser.stage, 'enrol-totp');
  browser.page = page;
  await browser.submit({ decision: 'allow' });
  assert.equal(browser.code, undefined);
});

test('auth_time is when the password was proved, not when the rest was put off [check 71]', async (t) => {
  const world = await lenient(t, { skips: 5 });
  world.travel(0);
  const bob = await world.person({ totp: false });
  const browser = await asked(world, bob, 'app', { max_age: '3600' });
  const proved = Math.floor(Date.now() / 1000);
  world.travel(400);
  await browser.press('later');
  assert.equal((await browser.redeem()).claims()?.auth_time, proved);
  world.travel(0);
});
