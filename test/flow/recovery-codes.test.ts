import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mongoAccounts } from '../../src/storage/accounts.ts';
import { together } from '../support/account-stores.ts';
import { eventsOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import type { Person } from '../support/person.ts';
import { atStage } from '../support/stages.ts';
import { startWorld, type World } from '../support/world.ts';

/** At the form for a recovery code. */
async function askedForCode(world: World, person: Person): Promise<Browser> {
  const browser = await world.browser().authorize();
  await browser.submit({ identifier: person.email, password: person.password });
  await browser.press('choose');
  await browser.submit({ way: 'recovery' });
  assert.equal(browser.stage, 'recovery');
  return browser;
}

test('the first way to sign in brings ten codes of 80 bits, shown until they are saved and then never again [check 39]', async (t) => {
  const world = await startWorld(t);
  const browser = await atStage(world, 'recovery-codes');
  const codes = browser.page.facts.codes as readonly string[];
  assert.equal(new Set(codes).size, 10);
  for (const code of codes) assert.match(code, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);

  await browser.reload();
  assert.deepEqual(browser.page.facts.codes, codes);
  await browser.submit({ saved: '' });
  assert.deepEqual([browser.status, browser.errors], [422, ['not_saved']]);
  await browser.post(browser.page.actions.find(({ name }) => name === 'save')?.href ?? '', { saved: 'yes' });
  assert.ok(browser.code, 'the sign-in goes on');
  const rows = JSON.stringify([await rowsOf(world.database, 'accounts'), await rowsOf(world.database, 'attempts')]);
  for (const code of codes) assert.equal(rows.includes(code) || rows.includes(code.replaceAll('-', '')), false);
});

test('codes that nobody saved are none: nothing is kept before the box is ticked', async (t) => {
  const world = await startWorld(t);
  await atStage(world, 'recovery-codes');
  assert.deepEqual(
    (await rowsOf(world.database, 'accounts')).map(({ recovery }) => recovery),
    [undefined],
  );
});

test('a recovery code signs in once, however it is typed, and counts as a second factor [check 41, 70]', async (t) => {
  const world = await startWorld(t);
  const person = await world.person({ recovery: 4 });
  const [first = '', second = ''] = person.recoveryCodes;
  const browser = await askedForCode(world, person);
  await browser.submit({ code: ` ${first.toLowerCase().replaceAll('-', ' ')} ` });
  assert.deepEqual([browser.stage, browser.page.facts.left], ['recovery-used', 3]);
  await browser.press('go-on');
  const claims = (await browser.redeem()).claims();
  assert.deepEqual([claims?.acr, claims?.amr], ['urn:twofold:2fa', ['pwd', 'otp', 'mfa']]);

  const again = await askedForCode(world, person);
  await again.submit({ code: first });
  assert.deepEqual([again.status, again.errors], [422, ['recovery_rejected']]);
  await again.submit({ code: second });
  assert.equal(again.page.facts.left, 2);
});

test('of 20 uses of one code at once one signs in, and it is gone from the store [check 41]', async (t) => {
  const world = await startWorld(t);
  const person = await world.person({ recovery: 4 });
  const [code = ''] = person.recoveryCodes;
  const browsers = await Promise.all(Array.from({ length: 4 }, () => askedForCode(world, person)));
  await together(20, (n) => browsers[n % 4]?.tab().send(sending(browsers[n % 4], code)) ?? assert.fail());
  const used = await eventsOf(world, { kind: 'recovery_code_used' });
  assert.equal(used.length, 1);
  assert.equal((await mongoAccounts(world.database).find(person.id))?.recovery?.hashes.length, 3);
});

test('wrong recovery codes use up the budget that all second factors share [check 42]', async (t) => {
  const world = await startWorld(t);
  const person = await world.person({ recovery: 1 });
  for (let round = 0; round < 2; round++) {
    const browser = await askedForCode(world, person);
    for (let n = 0; n < 5; n++) await browser.submit({ code: `AAAA-BBBB-CCCC-DDD${n}` });
  }
  const browser = await world.browser().authorize();
  await browser.submit({ identifier: person.email, password: person.password });
  assert.ok(browser.page.facts.lockedUntil);
  await browser.post(`${browser.url.pathname}/factor`, { code: person.codeNow() });
  assert.equal(browser.code, undefined);
});

test('a malformed recovery code takes no guess and is told what is missing', async (t) => {
  const world = await startWorld(t);
  const person = await world.person({ recovery: 1 });
  const browser = await askedForCode(world, person);
  await browser.submit({ code: 'K7M4-9QWT' });
  assert.deepEqual([browser.status, browser.errors], [422, ['recovery_shape']]);
  assert.equal((await mongoAccounts(world.database).find(person.id))?.guesses.secondFactor.failures, 0);
});

test('recovery codes are never asked first and never alone', async (t) => {
  const world = await startWorld(t);
  const person = await world.person({ recovery: 1 });
  const browser = await world.browser().authorize();
  await browser.submit({ identifier: person.email, password: person.password });
  assert.equal(browser.stage, 'totp');
  const bare = await world.person({ totp: false, recovery: 1 });
  const other = await world.browser().authorize();
  await other.submit({ identifier: bare.email, password: bare.password });
  assert.equal(other.stage, 'confirm-mail');
});

test('few left: new ones are made with the proof of this sign-in, and end the old ones once they are saved [check 43]', async (t) => {
  const world = await startWorld(t);
  const person = await world.person({ recovery: 4 });
  const elsewhere = await world.browser().signIn(person);
  assert.ok(elsewhere.code);
  const [first = '', second = ''] = person.recoveryCodes;
  const browser = await askedForCode(world, person);
  browser.savesCodes = false;
  await browser.submit({ code: first });
  await browser.press('make');
  assert.equal(browser.stage, 'recovery-codes');
  const [fresh = ''] = browser.page.facts.codes as readonly string[];
  await browser.saveCodes();
  assert.ok(browser.code, 'this sign-in goes on');
  await browser.redeem();
  assert.match(world.lastMailTo(person.email), /recovery codes/i);

  await elsewhere.authorize({ prompt: 'none' });
  assert.equal(elsewhere.callback?.get('error'), 'login_required', 'sessions elsewhere are over');
  const next = await askedForCode(world, person);
  await next.submit({ code: second });
  assert.deepEqual(next.errors, ['recovery_rejected']);
  await next.submit({ code: fresh });
  assert.equal(next.page.facts.left, 9);
});

test('a used code is told to its owner, and ends what remembers a device [check 43, 51]', async (t) => {
  const world = await startWorld(t);
  const person = await world.person({ recovery: 2 });
  const browser = await askedForCode(world, person);
  await browser.submit({ code: person.recoveryCodes[0] ?? '' });
  assert.match(world.lastMailTo(person.email), /recovery code/i);
  const [account] = await rowsOf(world.database, 'accounts');
  assert.equal(account?.securityVersion, 1);
});

function sending(browser: Browser | undefined, code: string) {
  const page = browser?.page;
  const href = page?.actions.find(({ name }) => name === 'factor')?.href ?? '';
  const body = new URLSearchParams({ forgery: page?.forgery ?? '', code }).toString();
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    origin: browser?.issuer ?? '',
    'sec-fetch-site': 'same-origin',
  };
  return { method: 'POST', url: new URL(href, browser?.issuer), body, headers };
}
