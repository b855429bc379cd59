import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAccount, noticeOf } from '../support/account-area.ts';
import { accountRow } from '../support/attack.ts';
import { atWay, chooseWay } from '../support/mail-ways.ts';
import { register } from '../support/registration.ts';
import { startWorld, type World, type WorldOptions } from '../support/world.ts';

const eight: WorldOptions = {
  settings: {
    factors: { kinds: ['totp', 'email', 'sms', 'recovery'], codeDigits: 8, roles: [], skips: 0 },
  },
};

/** What the page says of the code, as a person reads it. */
async function read(world: World, browser: ReturnType<World['browser']>): Promise<string> {
  const { url } = browser;
  const shown = await browser.fetch({ method: 'GET', url, headers: { accept: 'text/html' } });
  assert.equal(world.issuer, url.origin);
  return shown.text();
}

test('codes of eight digits prove a mailbox, set up mail and SMS, and sign in; six digits cost no guess [check 18] [check 26]', async (t) => {
  const world = await startWorld(t, eight);
  world.travel(0);
  const email = 'ada@example.com';
  const browser = await register(world.browser(), { email });
  assert.match(await read(world, browser), /8-digit code/);
  const proving = world.codeMailedTo(email);
  assert.match(proving, /^\d{8}$/);
  await browser.submit({ code: proving.slice(0, 6) });
  assert.deepEqual([browser.status, browser.errors], [422, ['code_shape']]);
  assert.match(browser.page.errors?.[0]?.sentence ?? '', /8 digits/);
  await browser.submit({ code: `${proving.slice(0, 4)} ${proving.slice(4)}` });

  await browser.submit({ kind: 'sms' });
  await browser.submit({ phone: '+44 7400 123456' });
  assert.match(await read(world, browser), /8-digit code/);
  const texted = world.codeTextedTo('+447400123456');
  assert.match(texted, /^\d{8}$/);
  await browser.submit({ code: texted.slice(2), name: '' });
  assert.deepEqual(browser.errors, ['code_shape']);
  await browser.submit({ code: texted, name: '' });
  assert.equal((await browser.redeem()).claims()?.acr, 'urn:twofold:2fa-sms');
});

test('a code of eight digits by mail signs in, wrong ones and shorter ones do not; an app keeps its six [check 18] [check 28]', async (t) => {
  const world = await startWorld(t, eight);
  world.travel(0);
  const ada = await world.person({ ways: ['email', 'totp'] });
  const browser = await atWay(world, ada);
  assert.equal(browser.page.facts.digits, 8);
  assert.match(await read(world, browser), /8-digit code/);
  const code = world.codeMailedTo(ada.email);
  assert.match(code, /^\d{8}$/);
  for (const short of [code.slice(0, 6), code.slice(2), code.slice(0, 7), `${code}0`]) {
    await browser.submit({ code: short });
    assert.deepEqual([browser.status, browser.errors], [422, ['code_shape']], short);
  }
  assert.equal((await accountRow(world, ada.id)).guesses.secondFactor.failures, 0);
  await browser.submit({ code: `${code.slice(0, 7)}${(Number(code[7]) + 1) % 10}` });
  assert.deepEqual([browser.errors, browser.page.facts.triesLeft], [['code_rejected'], 4]);
  await chooseWay(browser, 'totp');
  assert.match(await read(world, browser), /6-digit code/);
  await browser.submit({ code: `${ada.codeNow()}00` });
  assert.deepEqual(browser.errors, ['code_shape']);
  assert.match(browser.page.errors?.[0]?.sentence ?? '', /6 digits/);
  await browser.submit({ code: ada.codeNow() });
  assert.ok(browser.code);

  world.travel(61);
  const later = await world.browser().authorize();
  await later.submit({ identifier: ada.email, password: ada.password });
  await chooseWay(later, 'email');
  await later.submit({ code: world.codeMailedTo(ada.email) });
  assert.equal((await later.redeem()).claims()?.acr, 'urn:twofold:2fa-email');
});

test('codes by mail are added in the account area by eight digits [check 31]', async (t) => {
  const world = await startWorld(t, eight);
  const ada = await world.person({ recovery: 1 });
  const browser = await (await inAccount(world, ada)).press('add email');
  assert.match(await read(world, browser), /8-digit code/);
  const code = world.codeMailedTo(ada.email);
  await browser.submit({ code: code.slice(0, 6), name: '' });
  assert.deepEqual(browser.errors, ['code_shape']);
  assert.match(browser.page.errors?.[0]?.sentence ?? '', /8 digits/);
  await browser.submit({ code, name: '' });
  assert.equal(noticeOf(browser), 'way_added');
});
