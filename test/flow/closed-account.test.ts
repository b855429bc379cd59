import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { administrator, byAdministrator } from '../support/administration.ts';
import { afterPassword, captured, uidOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf, signedInRows } from '../support/database.ts';
import { redeemRaw, refreshRaw, userinfoStatus } from '../support/token-endpoint.ts';
import { startWorld, type World } from '../support/world.ts';

const offline = { scope: 'openid email offline_access', prompt: 'consent' };
const closings = {
  disabled: (world: World, id: string) => administrator(world.database).does.disable(byAdministrator(id)),
  deleted: (world: World, id: string) => administrator(world.database).does.remove(byAdministrator(id)),
  'signed out everywhere': (world: World, id: string) =>
    administrator(world.database).does.endSessions(byAdministrator(id)),
  'without factors': (world: World, id: string) => administrator(world.database).does.resetFactors(byAdministrator(id)),
};

async function get(browser: Browser, path: string): Promise<number> {
  return (await browser.fetch({ method: 'GET', url: new URL(path, browser.issuer), headers: {} })).status;
}

for (const [name, close] of Object.entries(closings)) {
  suite(`an account that is ${name} is refused everywhere at once [check 59] [check 51]`, () => {
    test('prompt=none, refresh token, access token and userinfo', async (t) => {
      const world = await startWorld(t);
      const ada = await world.person();
      const browser = await world.browser().signIn(ada, offline);
      const { body } = await redeemRaw(browser);
      assert.equal(await userinfoStatus(world.origin, body.access_token), 200);
      await close(world, ada.id);
      assert.equal(await userinfoStatus(world.origin, body.access_token), 401);
      assert.equal((await refreshRaw(browser, body.refresh_token)).body.error, 'invalid_grant');
      await browser.authorize({ prompt: 'none' });
      assert.equal(browser.callback?.get('error'), 'login_required');
      assert.equal((await browser.tab().authorize()).stage, 'sign-in');
    });

    test('an authorization code that waits to be redeemed', async (t) => {
      const world = await startWorld(t);
      const ada = await world.person();
      const browser = await world.browser().signIn(ada, offline);
      await close(world, ada.id);
      const { status, body } = await redeemRaw(browser);
      assert.deepEqual([status, body.error], [400, 'invalid_grant']);
    });

    test('a sign-in between password and code', async (t) => {
      const world = await startWorld(t);
      const ada = await world.person();
      const browser = await afterPassword(world, ada);
      await close(world, ada.id);
      await browser.submit({ code: ada.codeNow() });
      assert.equal(browser.code, undefined);
      if (name === 'deleted') assert.deepEqual([browser.status, browser.page.facts.code], [410, 'sign_in_ended']);
      else assert.equal(browser.stage, 'sign-in');
      assert.deepEqual(await signedInRows(world.database), []);
    });

    test('a sign-in that is told and not resumed yet', async (t) => {
      const world = await startWorld(t);
      const ada = await world.person();
      const browser = await afterPassword(world, ada);
      const uid = uidOf(browser);
      await browser.fetch(captured(browser, `/interaction/${uid}/factor`, { code: ada.codeNow() }));
      assert.equal(await get(browser, `/interaction/${uid}`), 200);
      await close(world, ada.id);
      await browser.visit(`/auth/${uid}`);
      assert.equal(browser.code, undefined);
      assert.deepEqual(await signedInRows(world.database), []);
    });
  });
}

test('what ended stays ended when the account is enabled again, and its owner can sign in [check 59]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada, offline);
  const { body } = await redeemRaw(browser);
  const { does, notices } = administrator(world.database);
  await does.disable(byAdministrator(ada.id));
  const other = await world.browser().authorize();
  await other.submit({ identifier: ada.email, password: ada.password });
  assert.deepEqual([other.stage, other.errors], ['sign-in', ['password_rejected']], 'as for a wrong password');
  await does.enable(byAdministrator(ada.id));
  assert.equal((await refreshRaw(browser, body.refresh_token)).body.error, 'invalid_grant');
  await browser.authorize({ prompt: 'none' });
  assert.equal(browser.callback?.get('error'), 'login_required');
  world.travel(60);
  await world.browser().signIn(ada);
  assert.deepEqual(
    notices.map(({ to, event, actor }) => [to, event, actor]),
    [
      [ada.email, 'account_disabled', 'cli'],
      [ada.email, 'account_enabled', 'cli'],
    ],
  );
});

test('one session ends and the others go on; nobody ends that of somebody else [check 60]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const [ada, eve] = [await world.person(), await world.person()];
  const first = await world.browser().signIn(ada);
  const [{ _id } = { _id: '' }] = await rowsOf(world.database, 'Session');
  world.travel(60);
  const second = await world.browser().signIn(ada);
  const { does } = administrator(world.database);
  assert.equal(await does.endSession(byAdministrator(eve.id), String(_id)), undefined);
  assert.ok((await first.tab().authorize({ prompt: 'none' })).code);
  assert.ok(await does.endSession(byAdministrator(ada.id), String(_id)));
  assert.equal((await first.tab().authorize({ prompt: 'none' })).callback?.get('error'), 'login_required');
  assert.ok((await second.tab().authorize({ prompt: 'none' })).code);
});

test('a deleted account leaves its id in the events and nothing else, anywhere [check 104]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = world.browser();
  browser.party = world.party('third');
  await browser.signIn(ada, offline);
  assert.equal(browser.stage, 'consent');
  await browser.submit({ decision: 'allow' });
  await redeemRaw(browser);
  await administrator(world.database).does.remove(byAdministrator(ada.id));
  const found: string[] = [];
  for (const { name } of (await world.database.connection.db?.listCollections().toArray()) ?? []) {
    const rows = JSON.stringify(await rowsOf(world.database, name));
    assert.ok(!rows.includes(ada.email), `${name} holds the address`);
    if (rows.includes(ada.id)) found.push(name);
  }
  assert.deepEqual(found, ['events']);
});

test('unlocking opens a closed second factor at once [check 109]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const accounts = world.database.connection.collection<{ _id: string }>('accounts');
  await accounts.updateOne({ _id: ada.id }, { $set: { 'guesses.secondFactor': { failures: 100 } } });
  const browser = await afterPassword(world, ada);
  assert.deepEqual(browser.errors, ['code_locked_closed']);
  await administrator(world.database).does.unlock(byAdministrator(ada.id));
  await browser.visit(`/interaction/${uidOf(browser)}`);
  await browser.submit({ code: ada.codeNow() });
  assert.ok(browser.code);
});
