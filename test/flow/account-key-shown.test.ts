import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atAdding, newSecret } from '../support/adding.ts';
import { startWorld, type World } from '../support/world.ts';

/** Signed in by the mailbox, with an app under way. */
async function settingUp(world: World) {
  const ada = await world.person({ ways: ['email'], recovery: 1 });
  const browser = await world.browser().visit('/account');
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  await browser.press('add totp');
  return { ada, browser, secret: newSecret(browser) };
}

test('the key of an app shows to whoever has just proved who they are, and not to whoever holds the session [check 38]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const { browser, secret } = await settingUp(world);
  world.travel(4 * 60);
  const soon = await browser.tab().visit('/account/ways/new/totp');
  assert.equal(soon.page.facts.secret, secret);

  world.travel(2 * 60);
  const later = await browser.tab().visit('/account/ways/new/totp');
  assert.equal(later.stage, 'confirm');
  assert.equal(later.text.includes(secret), false);
});

test('after the proof the same key is there, and its code sets the app up', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const { ada, browser, secret } = await settingUp(world);
  world.travel(6 * 60);
  await browser.visit('/account/ways/new/totp');
  await browser.submit({ password: ada.password });
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  assert.equal(browser.stage, 'enrol-totp', browser.text.slice(0, 300));
  assert.equal(browser.page.facts.secret, secret);
});

test('what shows no secret is shown again without a proof: a code on its way to a phone may take its time', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const browser = await atAdding(world, ada, 'email');
  world.travel(6 * 60);
  const later = await browser.tab().visit('/account/ways/new/email');
  assert.equal(later.stage, 'enrol-email');
});
