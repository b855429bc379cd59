import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { accountRow, afterPassword, uidOf } from '../support/attack.ts';
import { rowsOf } from '../support/database.ts';
import { codeOf } from '../support/person.ts';
import { startWorld } from '../support/world.ts';

const secondFactor = 'urn:twofold:2fa';
const essential = JSON.stringify({ id_token: { acr: { essential: true, value: secondFactor } } });

/** An installation where a password alone signs in whoever has no factor. */
const lenient = (t: TestContext) => startWorld(t, { settings: { secondFactor: 'when-enrolled' } });

test('where only those with a factor need it, a password alone is told as such [check 70]', async (t) => {
  const world = await lenient(t);
  const bob = await world.person({ totp: false });
  const browser = await world.browser().authorize();
  await browser.submit({ identifier: bob.email, password: bob.password });
  const claims = (await browser.redeem()).claims();
  assert.deepEqual([claims?.acr, claims?.amr], ['urn:twofold:1fa', ['pwd']]);
  assert.equal((await accountRow(world, bob.id)).guesses.password.failures, 0);

  const ada = await world.person();
  assert.equal((await afterPassword(world, ada)).stage, 'totp', 'whoever has one is asked for it');
});

test('a session of a password alone never meets a request for more: not silently, not by resume, not by going on [check 70, 80]', async (t) => {
  const world = await lenient(t);
  world.travel(0);
  const bob = await world.person({ totp: false });
  const browser = await world.browser().authorize();
  await browser.submit({ identifier: bob.email, password: bob.password });
  assert.ok(browser.code);
  for (const more of [{ acr_values: secondFactor }, { claims: essential }]) {
    const silent = await browser.tab().authorize({ ...more, prompt: 'none' });
    assert.ok(silent.callback?.get('error'), JSON.stringify(more));
    assert.equal(silent.code, undefined);

    const asked = await browser.tab().authorize(more);
    assert.equal(asked.stage, 'sign-in');
    for (const path of ['continue', 'other', 'consent', 'factor', 'enrol']) {
      await asked.post(`/interaction/${uidOf(asked)}/${path}`, {});
      assert.equal(asked.stage, 'sign-in', path);
    }
    await asked.visit(`/auth/${uidOf(asked)}`);
    assert.equal(asked.code, undefined);

    const chosen = await browser.tab().authorize({ ...more, prompt: 'select_account' });
    await chosen.press('continue');
    assert.deepEqual([chosen.code, chosen.stage], [undefined, 'sign-in']);
  }
});

test('a step up asks for everything, keeps the session and gives it a new id [check 33, 55, 70]', async (t) => {
  const world = await lenient(t);
  world.travel(0);
  const bob = await world.person({ totp: false });
  const browser = await world.browser().authorize();
  await browser.submit({ identifier: bob.email, password: bob.password });
  const low = await browser.cookies();
  await afterPassword(world, bob, { browser, options: { acr_values: secondFactor } });
  assert.equal(browser.stage, 'confirm-mail', 'the password alone binds no factor');
  await browser.submit({ code: world.codeMailedTo(bob.email) });
  await browser.submit({ code: codeOf(String(browser.page.facts.secret)) });
  assert.equal((await browser.redeem()).claims()?.acr, secondFactor);
  assert.equal((await rowsOf(world.database, 'Session')).length, 1);

  const silent = await browser.tab().authorize({ prompt: 'none', acr_values: secondFactor });
  assert.equal((await silent.redeem()).claims()?.acr, secondFactor);
  const kept = world.browser();
  for (const cookie of low) await kept.jar.setCookie(`${cookie}; Path=/`, world.issuer);
  assert.equal(
    (await kept.authorize({ prompt: 'none' })).code,
    undefined,
    'the cookie from before is not lifted along',
  );
});

test('a second factor that became required shuts out the sessions of a password alone, prompt=none included [check 36, 61]', async (t) => {
  const before = await lenient(t);
  before.travel(0);
  const bob = await before.person({ totp: false });
  const browser = await before.browser().authorize();
  await browser.submit({ identifier: bob.email, password: bob.password });
  assert.ok(browser.code);

  const after = await startWorld(t, { database: before.database });
  const same = after.browser();
  for (const cookie of await browser.cookies()) await same.jar.setCookie(`${cookie}; Path=/`, after.issuer);
  assert.equal((await same.authorize({ prompt: 'none' })).callback?.get('error'), 'login_required');
  assert.equal((await same.authorize()).stage, 'sign-in');
  const chosen = await same.authorize({ prompt: 'select_account' });
  await chosen.press('continue');
  assert.deepEqual([chosen.code, chosen.stage], [undefined, 'sign-in']);
  await chosen.submit({ identifier: bob.email, password: bob.password });
  assert.equal(chosen.stage, 'confirm-mail');
});
