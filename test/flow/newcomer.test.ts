import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOf } from '../support/person.ts';
import { startWorld } from '../support/world.ts';

test('a newcomer registers, confirms the mail, sets up an app and gets a truthful ID token [check 34, 70]', async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().authorize();
  assert.equal(browser.stage, 'sign-in');
  await browser.press('register');
  await browser.submit({ email: 'Ada@Example.com', password: 'a walrus in the attic' });
  assert.equal(browser.stage, 'confirm-mail');
  assert.equal(browser.page.facts.sentTo, 'ada@example.com');

  await browser.submit({ code: world.codeMailedTo('ada@example.com') });
  assert.equal(browser.stage, 'enrol-totp');
  await browser.submit({ code: codeOf(String(browser.page.facts.secret)), name: 'Phone' });

  const tokens = await browser.redeem();
  const claims = tokens.claims();
  assert.equal(claims?.acr, 'urn:twofold:2fa');
  assert.deepEqual(claims?.amr, ['pwd', 'otp', 'mfa']);
  assert.ok(Math.abs(Number(claims?.auth_time) - Date.now() / 1000) < 60);
  assert.equal((await world.client.userinfo(tokens)).email, 'ada@example.com');
});

test('the next time it is password, code, done', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada);
  assert.equal((await browser.redeem()).claims()?.acr, 'urn:twofold:2fa');
});
