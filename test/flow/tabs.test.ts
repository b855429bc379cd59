import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRow, uidOf } from '../support/attack.ts';
import { rowsOf } from '../support/database.ts';
import { startWorld } from '../support/world.ts';

test('two clients in two tabs never mix: scopes, consent and redirect belong to their own sign-in [check 81]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ username: 'ada' });
  const browser = world.browser();
  const app = await browser.tab().authorize({ scope: 'openid email' });
  const third = await browser.tab().authorize({ scope: 'openid profile' }, world.party('third'));
  assert.notEqual(uidOf(app), uidOf(third));

  const password = { identifier: ada.email, password: ada.password };
  await app.submit(password);
  await third.submit(password);
  assert.deepEqual([app.stage, third.stage], ['totp', 'totp'], 'each proves its own');
  await app.submit({ code: ada.codeNow() });
  assert.ok(app.code);
  assert.equal(app.url.origin, new URL(world.client.settings.redirectUris[0] ?? '').origin);

  await third.reload();
  assert.equal(third.stage, 'totp', 'the other one did not finish this one');
  await third.submit({ code: ada.codeNow() });
  assert.deepEqual(third.errors, ['code_rejected']);
  world.travel(30);
  await third.submit({ code: ada.codeNow() });
  assert.equal(third.stage, 'consent');
  assert.deepEqual(third.page.facts.scopes, ['profile']);
  await third.submit({ decision: 'allow' });

  const [appTokens, thirdTokens] = [await app.redeem(), await third.redeem()];
  assert.deepEqual([appTokens.scope, thirdTokens.scope], ['openid email', 'openid profile']);
  assert.equal((await world.client.userinfo(appTokens)).preferred_username, undefined);
  const told = await world.party('third').userinfo(thirdTokens);
  assert.deepEqual([told.email, told.preferred_username], [undefined, 'ada']);
  const consents = await rowsOf(world.database, 'consents');
  assert.deepEqual(
    consents.map(({ clientId, scopes }) => [clientId, scopes]),
    [['third', ['openid', 'profile']]],
  );
});

test('a code of one client is none at another, nor is its verifier [check 63, 81]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada);
  const third = world.party('third');
  assert.ok(browser.journey);
  const stolen = new URL(browser.url);
  await assert.rejects(third.redeem(browser.journey, stolen), { error: 'invalid_grant' });
});

test('finishing in one tab neither finishes nor authorises the other tab [check 81]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const browser = world.browser();
  const first = await browser.tab().authorize({}, world.party('third'));
  const second = await browser.tab().authorize({});
  await second.submit({ identifier: ada.email, password: ada.password });
  await second.submit({ code: ada.codeNow() });
  assert.ok(second.code);

  await first.reload();
  assert.equal(first.stage, 'sign-in');
  await first.tab().visit(`/auth/${uidOf(first)}`);
  const early = browser.tab();
  await early.authorize({}, world.party('third'));
  assert.equal(early.stage, 'consent', 'the session is there, the consent is not');
  await early.submit({ decision: 'deny' });
  assert.equal(early.callback?.get('error'), 'access_denied');
  assert.deepEqual(await rowsOf(world.database, 'consents'), []);
});

test('a page of one interaction cannot post to another one of the same browser [check 81, 82]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = world.browser();
  const one = await browser.tab().authorize();
  const two = await browser.tab().authorize({}, world.party('third'));
  const forgery = one.page.forgery ?? '';
  assert.notEqual(forgery, two.page.forgery);
  await two.post(`/interaction/${uidOf(two)}/sign-in`, { forgery, identifier: ada.email, password: ada.password });
  assert.deepEqual([two.status, two.page.facts.code], [403, 'form_old']);
  assert.equal((await accountRow(world, ada.id)).guesses.password.failures, 0, 'nothing was judged');
});

test('a double click, the way back and a reload judge nothing twice [check 80, 83]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const browser = await world.browser().authorize();
  const { page } = browser;
  const clicks = [browser.tab(), browser.tab()];
  for (const click of clicks) click.page = page;
  const [first, second] = clicks;
  await first?.submit({ identifier: ada.email, password: ada.password });
  await second?.submit({ identifier: ada.email, password: 'not the walrus at all' });
  assert.deepEqual([first?.stage, second?.stage], ['totp', 'totp'], 'the second one is led to what is next');
  assert.equal((await accountRow(world, ada.id)).guesses.password.failures, 1);

  browser.page = page;
  await browser.reload();
  assert.equal(browser.stage, 'totp');
  await browser.visit(`/interaction/${uidOf(browser)}/sign-in`);
  assert.equal(browser.stage, 'totp', 'the way back leads forward');
  await browser.submit({ code: ada.codeNow() });
  assert.ok(browser.code);
  assert.equal((await rowsOf(world.database, 'Session')).length, 1);
});

test('what a client demanded of its own sign-in is not met by one in another tab [check 71, 81]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const browser = world.browser();
  const demands: readonly Readonly<Record<string, string>>[] = [{ prompt: 'login' }, { max_age: '0' }];
  const pending = [];
  for (const options of demands) pending.push(await browser.tab().authorize(options));
  world.travel(60);
  const elsewhere = await browser.tab().signIn(ada);
  assert.ok(elsewhere.code);
  for (const tab of pending) {
    await tab.visit(`/auth/${uidOf(tab)}`);
    assert.deepEqual([tab.code, tab.stage], [undefined, 'sign-in'], String(tab.journey?.url));
  }
});

test('a refused form’s own address, asked for again, leads to what is next [check 80]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await world.browser().authorize();
  await browser.submit({ identifier: ada.email, password: 'not the walrus at all' });
  assert.deepEqual([browser.status, browser.stage], [422, 'sign-in']);
  assert.deepEqual([(await browser.reload()).status, browser.stage], [200, 'sign-in']);
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.submit({ code: ada.wrongCode() });
  assert.deepEqual([browser.status, browser.stage], [422, 'totp']);
  assert.deepEqual([(await browser.reload()).status, browser.stage], [200, 'totp']);
  assert.equal((await accountRow(world, ada.id)).guesses.secondFactor.failures, 1);
});
