import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashId } from '../../src/platform/hash.ts';
import { afterPassword } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import { holdNextReader } from '../support/race.ts';
import { redeemRaw, refreshRaw, userinfoStatus } from '../support/token-endpoint.ts';
import { startWorld, type World } from '../support/world.ts';

async function signedIn(world: World, options = {}) {
  const ada = await world.person();
  const browser = await world.browser().signIn(ada, options);
  const { body } = await redeemRaw(browser);
  return { ada, browser, body };
}

const signOut = (browser: Browser) => browser.submit({ xsrf: String(browser.page.facts.xsrf), logout: 'yes' });

test('signing out ends the session on the server: cookie, record and the tokens bound to it [check 58, 75, 112]', async (t) => {
  const world = await startWorld(t);
  const { ada, browser, body } = await signedIn(world);
  const before = browser.tab();
  const copies = await browser.jar.getCookies(world.issuer);
  const back = {
    id_token_hint: String(body.id_token),
    post_logout_redirect_uri: 'http://localhost:4999/',
    state: 'st',
  };
  await browser.visit(`/session/end?${new URLSearchParams(back)}`);
  assert.equal(browser.stage, 'sign-out');
  assert.equal((await rowsOf(world.database, 'Session')).length, 1, 'nothing is ended by opening the page');
  await signOut(browser);
  assert.equal(browser.url.href, 'http://localhost:4999/?state=st');

  assert.deepEqual(await rowsOf(world.database, 'Session'), []);
  assert.equal(await userinfoStatus(world.origin, body.access_token), 401);
  for (const copy of copies) await browser.jar.setCookie(copy, world.issuer);
  await before.authorize({ prompt: 'none' });
  assert.equal(before.callback?.get('error'), 'login_required', 'a kept copy of the cookie');
  const [event] = await world.database.connection.collection('events').find({ kind: 'sign_out' }).toArray();
  assert.equal(event?.accountId, ada.id);
  assert.equal(event?.clientId, 'app');
  assert.equal(event?.result, 'success');
});

test('a session whose id another tab’s sign-in rotates while its sign-out is in flight ends all the same [check 55, 58]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const { ada, browser } = await signedIn(world);
  world.travel(30);
  await browser.visit('/session/end');
  const tab = await afterPassword(world, ada, { browser: browser.tab(), options: { prompt: 'login' } });
  const reader = holdNextReader(t, world.database, { collection: 'oidc', model: 'Session', method: 'findOne' });
  const signedOut = signOut(browser);
  await reader.arrived;
  await tab.submit({ code: ada.codeNow() });
  assert.ok(tab.code);
  const cookies = await tab.cookies();
  reader.letGo();
  await signedOut;
  assert.deepEqual(await rowsOf(world.database, 'Session'), []);
  const kept = world.browser();
  for (const cookie of cookies) await kept.jar.setCookie(`${cookie}; Path=/`, world.issuer);
  await kept.authorize({ prompt: 'none' });
  assert.equal(kept.callback?.get('error'), 'login_required');
});

test('a refresh token of offline_access outlives the sign-out, as its name says [check 58]', async (t) => {
  const world = await startWorld(t);
  const { browser, body } = await signedIn(world, { scope: 'openid offline_access', prompt: 'consent' });
  await browser.visit('/session/end');
  await signOut(browser);
  assert.equal((await refreshRaw(browser, body.refresh_token)).status, 200);
});

test('"Stay signed in" keeps the session, its record, and tells no sign-out [check 75]', async (t) => {
  const world = await startWorld(t);
  const { browser } = await signedIn(world);
  await browser.visit('/session/end');
  await browser.submit({ xsrf: String(browser.page.facts.xsrf) });
  assert.equal(browser.stage, 'signed-out');
  await browser.authorize({ prompt: 'none' });
  assert.ok(browser.code);
  assert.equal((await rowsOf(world.database, 'Session')).length, 1);
  assert.equal(await world.database.connection.collection('events').countDocuments({ kind: 'sign_out' }), 0);
});

test('nobody is signed out by another page: a wrong, missing or foreign token does nothing [check 75, 82]', async (t) => {
  const world = await startWorld(t);
  const { browser } = await signedIn(world);
  const mallory = (await signedIn(world)).browser;
  await mallory.visit('/session/end');
  const foreign = String(mallory.page.facts.xsrf);
  const elsewhere = [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }];
  for (const headers of elsewhere) {
    await browser.post('/session/end/confirm', { logout: 'yes' }, headers);
    assert.equal(browser.status, 400, 'no page was opened');
  }
  await browser.visit('/session/end');
  for (const xsrf of ['', 'x', foreign]) {
    for (const headers of elsewhere) {
      await browser.post('/session/end/confirm', { xsrf, logout: 'yes' }, headers);
      assert.equal(browser.status, 400, xsrf);
    }
    await browser.post('/session/end/confirm', { xsrf, logout: 'yes' });
    assert.deepEqual([browser.status, browser.stage], [200, 'sign-out'], 'a page of ours is asked again');
  }
  await browser.send({ method: 'GET', url: new URL('/session/end/confirm?logout=yes', world.issuer), headers: {} });
  assert.equal(browser.status, 404);
  await browser.authorize({ prompt: 'none' });
  assert.ok(browser.code);
});

test('after signing out only a registered address of the client leads anywhere [check 75, 93]', async (t) => {
  const world = await startWorld(t);
  const { browser, body } = await signedIn(world);
  const hint = String(body.id_token);
  const refused = [
    { id_token_hint: hint, post_logout_redirect_uri: 'https://evil.example/' },
    { id_token_hint: hint, post_logout_redirect_uri: 'http://localhost:4999' },
    { id_token_hint: hint, post_logout_redirect_uri: 'http://localhost:4999//' },
    { id_token_hint: hint, post_logout_redirect_uri: 'http://localhost:4999/callback' },
    { client_id: 'app', post_logout_redirect_uri: 'https://evil.example/' },
    { client_id: 'nobody', post_logout_redirect_uri: 'http://localhost:4999/' },
    { id_token_hint: hint, client_id: 'third', post_logout_redirect_uri: 'http://localhost:4999/' },
    { id_token_hint: 'x' },
    { id_token_hint: `${hint.slice(0, -6)}AAAAAA` },
  ];
  for (const parameters of refused) {
    await browser.visit(`/session/end?${new URLSearchParams(parameters)}`);
    assert.equal(browser.status, 400, JSON.stringify(parameters).slice(-80));
    assert.equal(browser.url.origin, world.issuer);
  }
  await browser.visit(`/session/end?${new URLSearchParams({ post_logout_redirect_uri: 'https://evil.example/' })}`);
  await signOut(browser);
  assert.equal(browser.url.pathname, '/session/end/success', 'without a client there is no way back to anywhere');
  assert.equal(browser.stage, 'signed-out');
});

test('an old ID token still names its client when it signs out, and a signed-out browser gets a calm page [check 75]', async (t) => {
  const world = await startWorld(t);
  const { browser, body } = await signedIn(world);
  world.travel(3500);
  await browser.authorize({ prompt: 'none' });
  world.travel(3500);
  await browser.visit(`/session/end?${new URLSearchParams({ id_token_hint: String(body.id_token) })}`);
  await signOut(browser);
  assert.equal(browser.stage, 'signed-out');
  await browser.visit('/session/end/success');
  assert.equal(browser.status, 200);
  await browser.visit('/session/end');
  assert.equal(browser.status, 200);
  assert.match(browser.text, /<form method="post" action="[^"]*\/session\/end\/confirm">/);
});

test('a request in flight cannot revive a session that was ended [check 58]', async (t) => {
  const world = await startWorld(t);
  for (let round = 0; round < 5; round += 1) {
    const { browser } = await signedIn(world);
    const copies = await browser.jar.getCookies(world.issuer);
    await browser.visit('/session/end');
    const { url } = await world.client.begin({ prompt: 'none' });
    const inFlight = Array.from({ length: 8 }, () => browser.tab().visit(url));
    await Promise.all([signOut(browser), ...inFlight]);
    const late = world.browser();
    for (const copy of copies) await late.jar.setCookie(copy, world.issuer);
    await late.authorize({ prompt: 'none' });
    assert.equal(late.callback?.get('error'), 'login_required');
    await browser.authorize({ prompt: 'none' });
    assert.equal(browser.callback?.get('error'), 'login_required');
  }
});

test('a session record goes by the hash of a uid that is in no cookie [check 101]', async (t) => {
  const world = await startWorld(t);
  const { browser } = await signedIn(world);
  const [record] = await rowsOf(world.database, 'Session');
  assert.match(String(record?._id), /^[\w-]{43}$/);
  const cookies = await browser.cookies();
  for (const cookie of cookies) assert.notEqual(hashId(cookie.split('=')[1] ?? 'x'), record?._id);
});

test('of two open questions whether to sign out, the second one says that it is done, also in a page', async (t) => {
  const world = await startWorld(t);
  for (const accept of ['application/json', 'text/html']) {
    const { browser } = await signedIn(world);
    const [one, two, three] = [browser.tab(), browser.tab(), browser.tab()];
    for (const tab of [one, two, three]) await tab.visit('/session/end');
    await signOut(three);
    assert.equal(three.stage, 'signed-out');
    two.headers = { accept };
    const { xsrf } = two.page.facts;
    await two.post('/session/end/confirm', { xsrf: String(xsrf), logout: 'yes' });
    assert.deepEqual([two.status, two.url.pathname], [200, '/session/end/success'], accept);
    if (accept === 'text/html') assert.match(two.text, /You are signed out/);
    else assert.equal(two.stage, 'signed-out');
    // A question asked by now is of a session of nobody.
    await two.visit('/session/end');
    await one.post('/session/end/confirm', { xsrf: String(one.page.facts.xsrf) });
    assert.deepEqual([one.status, one.stage], [200, 'signed-out']);
  }
  const events = await rowsOf(world.database, 'events');
  assert.equal(events.filter(({ kind }) => kind === 'sign_out').length, 2, 'once for each session');
});

test('the older of two open questions asks again, for the client of the newer, and ends nothing by itself', async (t) => {
  const world = await startWorld(t);
  const { browser, body } = await signedIn(world);
  const older = browser.tab();
  await older.visit('/session/end');
  const back = {
    id_token_hint: String(body.id_token),
    post_logout_redirect_uri: 'http://localhost:4999/',
    state: 'st',
  };
  await browser.visit(`/session/end?${new URLSearchParams(back)}`);
  await signOut(older);
  assert.deepEqual([older.status, older.stage], [200, 'sign-out']);
  assert.equal((await rowsOf(world.database, 'Session')).length, 1);
  await signOut(older);
  assert.equal(older.url.href, 'http://localhost:4999/?state=st');
  assert.deepEqual(await rowsOf(world.database, 'Session'), []);
});

test('POST asks like GET, whoever it comes from, and ends nothing (RP-Initiated Logout 1.0 section 2)', async (t) => {
  const world = await startWorld(t);
  const { browser, body } = await signedIn(world);
  const asked = {
    id_token_hint: String(body.id_token),
    post_logout_redirect_uri: 'http://localhost:4999/',
    state: 'a b&c=ü',
    logout: 'yes',
    xsrf: 'x',
  };
  const elsewhere = { origin: 'http://localhost:4999', 'sec-fetch-site': 'cross-site' };
  await browser.post('/session/end', asked, elsewhere);
  assert.deepEqual([browser.status, browser.stage], [200, 'sign-out']);
  assert.equal(browser.url.searchParams.get('logout'), null);
  assert.equal(browser.url.searchParams.get('forgery'), null);
  assert.equal((await rowsOf(world.database, 'Session')).length, 1);
  await signOut(browser);
  assert.equal(browser.url.searchParams.get('state'), 'a b&c=ü');
  assert.deepEqual(await rowsOf(world.database, 'Session'), []);

  await browser.post(
    '/session/end',
    { client_id: 'app', post_logout_redirect_uri: 'https://evil.example/' },
    elsewhere,
  );
  assert.deepEqual([browser.status, browser.url.origin], [400, world.issuer]);
  const url = new URL('/session/end', world.issuer);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const statusOf = async (sent: { body?: string; headers: Record<string, string> }) =>
    (await browser.fetch({ method: 'POST', url, ...sent })).status;
  assert.equal(await statusOf({ headers: {} }), 303, 'every parameter is optional, and so is the body');
  assert.equal(await statusOf({ body: 'client_id=app&client_id=third', headers: form }), 303);
  await browser.visit('/session/end?client_id=app&client_id=third');
  assert.equal(browser.status, 400, 'as with GET');
  assert.equal(await statusOf({ headers: form }), 303, 'without any');
  assert.equal(await statusOf({ body: '{"client_id":"app"}', headers: { 'content-type': 'application/json' } }), 415);
  assert.equal(await statusOf({ body: `state=${'x'.repeat(9000)}`, headers: form }), 413);
});
