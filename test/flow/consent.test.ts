import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import type { Person } from '../support/person.ts';
import { startWorld, type World } from '../support/world.ts';

async function signInAtThird(world: World, ada: Person, options = {}): Promise<Browser> {
  const browser = await world.browser().authorize(options, world.party('third'));
  await browser.submit({ identifier: ada.email, password: ada.password });
  return browser.submit({ code: ada.codeNow() });
}

async function allowed(world: World, ada: Person, options = {}): Promise<Browser> {
  const browser = await signInAtThird(world, ada, options);
  assert.equal(browser.stage, 'consent');
  return browser.submit({ decision: 'allow' });
}

test('a first-party client asks nothing, another one lists what it wants and where the person goes', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  assert.ok((await world.browser().signIn(ada)).code);
  world.travel(31);
  const browser = await signInAtThird(world, ada, { scope: 'openid profile email' });
  assert.equal(browser.stage, 'consent');
  assert.deepEqual(browser.page.facts, { scopes: ['profile', 'email'], host: 'localhost:4998', named: false });
  assert.equal(browser.page.account, ada.email);
  await browser.submit({ decision: 'allow' });
  const tokens = await browser.redeem();
  assert.equal(tokens.scope, 'openid profile email');
});

test('what was allowed is remembered across sessions and browsers, for prompt=none too', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  await allowed(world, ada);
  const [consent, ...more] = await rowsOf(world.database, 'consents');
  assert.equal(consent?.accountId, ada.id);
  assert.equal(consent?.clientId, 'third');
  assert.deepEqual(more, []);
  world.travel(31);
  const other = await signInAtThird(world, ada);
  assert.ok(other.code, 'no page the second time');
  world.travel(31);
  const third = await world.browser().signIn(ada);
  await third.authorize({ prompt: 'none' }, world.party('third'));
  assert.ok(third.code, 'and none for a session begun at another client');
});

test('one person’s consent is not another’s, nor another client’s', async (t) => {
  const world = await startWorld(t, { clients: [{ clientId: 'fourth', firstParty: false }] });
  const ada = await world.person();
  const browser = await allowed(world, ada);
  await browser.authorize({ prompt: 'none' }, world.party('fourth'));
  assert.equal(browser.callback?.get('error'), 'consent_required');
  assert.equal((await signInAtThird(world, await world.person())).stage, 'consent');
});

test('more scopes ask again, and prompt=none is refused until they are allowed', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await allowed(world, ada, { scope: 'openid email' });
  await browser.authorize({ scope: 'openid email profile', prompt: 'none' });
  assert.equal(browser.callback?.get('error'), 'consent_required');
  await browser.authorize({ scope: 'openid email profile' });
  assert.equal(browser.stage, 'consent');
  await browser.submit({ decision: 'allow' });
  await browser.authorize({ scope: 'openid email profile', prompt: 'none' });
  assert.ok(browser.code);
  await browser.authorize({ scope: 'openid profile', prompt: 'none' });
  assert.ok(browser.code, 'less is allowed as well');
});

test('deny ends in access_denied, gives nothing and is not remembered as a yes', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await signInAtThird(world, ada);
  await browser.submit({ decision: 'deny' });
  assert.equal(browser.callback?.get('error'), 'access_denied');
  assert.equal(browser.callback?.get('iss'), world.issuer);
  assert.deepEqual(await rowsOf(world.database, 'consents'), []);
  assert.deepEqual(await rowsOf(world.database, 'Grant'), []);
  await browser.authorize({ prompt: 'none' });
  assert.equal(browser.callback?.get('error'), 'login_required', 'and nobody is signed in by a refusal');
});

test('anything but allow and deny is no decision', async (t) => {
  const world = await startWorld(t);
  const browser = await signInAtThird(world, await world.person());
  for (const decision of ['', 'ALLOW', 'yes', 'true']) {
    await browser.submit({ decision });
    assert.equal(browser.status, 422, decision);
    assert.deepEqual(browser.errors, ['missing']);
  }
});

test('prompt=consent asks again although all is allowed, and no sign-in comes with it', async (t) => {
  const world = await startWorld(t);
  const browser = await allowed(world, await world.person());
  const before = (await browser.redeem()).claims()?.auth_time;
  world.travel(60);
  await browser.authorize({ prompt: 'consent' });
  assert.equal(browser.stage, 'consent');
  await browser.submit({ decision: 'allow' });
  assert.equal((await browser.redeem()).claims()?.auth_time, before);
});

test('an e-mail asked for by the claims parameter counts as the scope email', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const claims = JSON.stringify({ id_token: { email: null } });
  const browser = await allowed(world, ada, { scope: 'openid' });
  await browser.authorize({ scope: 'openid', claims, prompt: 'none' });
  assert.equal(browser.callback?.get('error'), 'consent_required');
  await browser.authorize({ scope: 'openid', claims });
  assert.deepEqual(browser.page.facts.scopes, ['email']);
  await browser.submit({ decision: 'allow' });
  assert.equal((await browser.redeem()).claims()?.email, ada.email);
  await browser.authorize({ scope: 'openid', claims, prompt: 'none' });
  assert.ok(browser.code);
});

test('a client gets no scope that it is not registered for', async (t) => {
  const world = await startWorld(t, { clients: [{ clientId: 'narrow', scopes: ['openid', 'email'] }] });
  const browser = await world.browser().authorize({ scope: 'openid profile offline_access' }, world.party('narrow'));
  const refused = browser.callback?.get('error');
  assert.equal(refused, 'invalid_scope');
});

test('what was allowed in another browser counts in a session that began with less, also for prompt=none', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await allowed(world, ada, { scope: 'openid' });
  world.travel(31);
  await allowed(world, ada, { scope: 'openid email' });
  await browser.authorize({ scope: 'openid email', prompt: 'none' });
  assert.equal((await browser.redeem()).scope, 'openid email');

  world.travel(31);
  const first = await world.browser().signIn(ada, { scope: 'openid' });
  await first.authorize({ scope: 'openid profile email', prompt: 'none' });
  assert.equal((await first.redeem()).scope, 'openid profile email', 'a first-party client is asked nothing');
});
