import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAccount } from '../support/account-area.ts';
import { together } from '../support/account-stores.ts';
import { accountRow, captured, editAccount, eventsOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { chooseWay, offers } from '../support/mail-ways.ts';
import type { Person } from '../support/person.ts';
import { tabs } from '../support/registration.ts';
import { atStage } from '../support/stages.ts';
import { startWorld, type World } from '../support/world.ts';

/** Uses a recovery code where a second factor is asked, and makes new ones with that proof. */
async function newCodes(browser: Browser, person: Person): Promise<Browser> {
  browser.savesCodes = false;
  await browser.press('choose');
  await browser.submit({ way: 'recovery' });
  await browser.submit({ code: person.recoveryCodes[0] ?? '' });
  await browser.press('make');
  assert.equal(browser.stage, 'recovery-codes');
  return browser;
}

async function atFactor(world: World, { email, password }: Person, browser = world.browser()): Promise<Browser> {
  if (browser.stage === undefined) await browser.authorize();
  return browser.submit({ identifier: email, password });
}

test('of 20 presses of "saved" at once one keeps the set and the sign-in goes on, told once [check 43]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ recovery: 1 });
  const browser = await newCodes(await atFactor(world, ada), ada);
  const base = browser.url.pathname.replace(/\/recovery.*/, '');
  const sent = captured(browser, `${base}/recovery-codes`, { saved: 'yes' });
  const all = tabs(browser, 20).map((tab) => Object.assign(tab, { savesCodes: false }));
  await together(20, (n) => all[n]?.send(sent) ?? assert.fail());
  assert.equal((await eventsOf(world, { kind: 'recovery_codes_replaced' })).length, 1);
  assert.equal(all.filter(({ code }) => code).length >= 1, true, 'this sign-in goes on');
  assert.equal((await eventsOf(world, { kind: 'sign_in' })).length, 1);
  assert.deepEqual(
    all.filter(({ status }) => status === 503),
    [],
    'nor does it use up the hashes that others wait for [check 110]',
  );
});

test('a press from a page that was loaded while the first is still at work goes on as that one does', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ recovery: 1 });
  const browser = await newCodes(await atFactor(world, ada), ada);
  // Every tab that comes too late shows the codes again, and says at once that they are saved.
  const all = tabs(browser, 3);
  await Promise.all(all.map((tab) => tab.saveCodes()));
  assert.ok(all.some(({ code }) => code));
  assert.equal((await eventsOf(world, { kind: 'recovery_codes_replaced' })).length, 1);
});

test('whoever is signed in and makes new codes in a step up stays signed in [check 43]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ recovery: 1 });
  const browser = await world.browser().signIn(ada);
  assert.ok(browser.code);
  await browser.authorize({ prompt: 'login' });
  await newCodes(await atFactor(world, ada, browser), ada);
  await browser.saveCodes();
  assert.ok(browser.code, `${browser.status} ${browser.text.slice(0, 200)}`);
  await browser.redeem();
  await browser.authorize({ prompt: 'none' });
  assert.ok(browser.code);
});

test('a fresh proof for the account area by a recovery code, with new ones made on the way, leads back there', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ recovery: 1 });
  await inAccount(world, ada);
  world.travel(60);
  const browser = await inAccount(world, ada);
  world.travel(600);
  const ending = browser.page.actions.find(({ name }) => name.startsWith('end-session'));
  await browser.press(ending?.name ?? assert.fail());
  await newCodes(await atFactor(world, ada, browser), ada);
  await browser.saveCodes();
  assert.equal(browser.stage, 'security', `${browser.status} ${browser.text.slice(0, 200)}`);
});

test('another person who signs in in the same attempt sees no codes of the one before, and saves none [check 78]', async (t) => {
  const world = await startWorld(t);
  const browser = await atStage(world, 'recovery-codes');
  const codes = browser.page.facts.codes as readonly string[];
  const base = browser.url.pathname.replace(/\/(enrol|recovery).*/, '');
  const bob = await world.person();
  await browser.press('restart');
  await atFactor(world, bob, browser);
  assert.equal(browser.stage, 'totp');
  await browser.post(`${base}/recovery-codes`, { saved: 'yes' });
  assert.equal(browser.stage, 'totp');
  await browser.submit({ code: bob.codeNow() });
  assert.ok(browser.code);
  assert.equal(
    codes.some((code) => browser.text.includes(code)),
    false,
  );
  const rows = await world.database.connection.collection('accounts').countDocuments({ recovery: { $exists: true } });
  assert.equal(rows, 0);
});

test('where a client wants more than a mail gives, recovery codes are still not asked first', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ ways: ['email'], recovery: 1 });
  const browser = await world.browser().authorize({ acr_values: 'urn:twofold:2fa' });
  await atFactor(world, ada, browser);
  assert.deepEqual([browser.stage, offers(browser).map(({ kind }) => kind)], ['email', ['email', 'recovery']]);
  await chooseWay(browser, 'recovery');
  await browser.submit({ code: ada.recoveryCodes[0] ?? '' });
  await browser.press('go-on');
  assert.equal((await browser.redeem()).claims()?.acr, 'urn:twofold:2fa');
});

test('a way whose kind was taken out of the configuration ends in a page that says so, not in a fault of ours', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ ways: ['sms'] });
  const { factors } = world.config;
  const less = await startWorld(t, {
    database: world.database,
    settings: { factors: { ...factors, kinds: ['totp', 'recovery'] } },
  });
  const browser = await atFactor(less, ada);
  assert.deepEqual([browser.status, browser.page.code], [403, 'no_way_left']);
  await browser.post(`${browser.url.pathname}/factor`, { code: world.codeTextedTo(ada.phone) });
  await browser.post(`${browser.url.pathname.replace('/factor', '')}/later`, {});
  assert.equal(browser.code, undefined);
});

test('a recovery set is not kept for an account whose ways were taken off meanwhile [check 33]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ recovery: 1 });
  const browser = await newCodes(await atFactor(world, ada), ada);
  await editAccount(world, ada.id, { $set: { factors: [] }, $unset: { recovery: 1 }, $inc: { sessionVersion: 1 } });
  await browser.saveCodes();
  assert.equal(browser.code, undefined);
  assert.equal('recovery' in (await accountRow(world, ada.id)), false);
});
