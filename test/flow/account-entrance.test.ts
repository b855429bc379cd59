import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAccount, leadsTo, proveAll } from '../support/account-area.ts';
import { afterPassword, editAccount, nothing, spoils, uidOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import { startWorld, type World } from '../support/world.ts';

const ownRequest = (world: World, more: Readonly<Record<string, string>> = {}) => {
  const redirect = { redirect_uri: `${world.issuer}/account`, scope: 'openid', state: 'st' };
  return `/auth?${new URLSearchParams({ client_id: 'account', response_type: 'none', ...redirect, ...more })}`;
};

/** Whether the area is shut: it leads to the sign-in and shows nothing of anybody. */
async function isShut(browser: Browser): Promise<boolean> {
  const { status, to = '' } = await leadsTo(browser, '/account');
  if (status === 200) return false;
  assert.equal(status, 303);
  assert.match(to, /^\/auth\?client_id=account&response_type=none&/);
  return true;
}

test('the account area has no way in but the sign-in: whoever signs in there lands on it, without a code or token [check 86]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await world.browser().visit('/account');
  assert.equal(browser.stage, 'sign-in');
  await proveAll(browser, ada);
  assert.equal(browser.url.href, `${world.issuer}/account`, 'no state stays in the address');
  assert.deepEqual([browser.stage, browser.page.account], ['security', ada.email]);
  assert.deepEqual(await spoils(world), { ...nothing, sessions: 1 });
  await browser.authorize({ prompt: 'none' });
  assert.ok(browser.code, 'it is the same session as everywhere');
});

test('somebody who signed in at a relying party is let in at once', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada);
  await browser.visit('/account');
  assert.deepEqual([browser.stage, browser.page.account], ['security', ada.email]);
});

test('a password alone opens nothing of the account [check 61]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await afterPassword(world, ada);
  assert.ok(await isShut(browser));
  const inArea = await world.browser().visit('/account');
  await inArea.submit({ identifier: ada.email, password: ada.password });
  assert.equal(inArea.stage, 'totp');
  assert.ok(await isShut(inArea));
  await inArea.visit(`/auth/${uidOf(inArea)}`);
  assert.ok(await isShut(inArea));
});

test('a session of a password alone is none here where everybody needs a second factor [check 61, 86]', async (t) => {
  const before = await startWorld(t, { settings: { secondFactor: 'when-enrolled' } });
  const bob = await before.person({ totp: false });
  const browser = await inAccount(before, bob);
  assert.equal(browser.page.account, bob.email);

  const after = await startWorld(t, { database: before.database });
  const same = after.browser();
  for (const cookie of await browser.cookies()) await same.jar.setCookie(`${cookie}; Path=/`, after.issuer);
  assert.ok(await isShut(same));
});

test('a session that idled, or came to its end, is none in the account area [check 57]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const idle = await inAccount(world, ada);
  world.travel(3599);
  assert.equal(await isShut(idle), false);
  world.travel(3601);
  assert.ok(await isShut(idle));

  const warm = await inAccount(world, ada);
  for (let halves = 0; halves < 47; halves += 1) {
    world.travel(1800);
    assert.equal(await isShut(warm), false, `${halves}`);
  }
  world.travel(1800);
  assert.ok(await isShut(warm));
});

test('a request to the account area counts as one: it keeps the session for relying parties too [check 57]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const browser = await inAccount(world, await world.person());
  for (let times = 0; times < 3; times += 1) {
    world.travel(3000);
    assert.equal(await isShut(browser), false);
  }
  world.travel(3000);
  await browser.authorize({ prompt: 'none' });
  assert.ok(browser.code);
});

test('an account that was disabled, or changed, or is gone, or a record that is gone, shuts the area at once [check 58, 59]', async (t) => {
  const world = await startWorld(t);
  const changes: Readonly<Record<string, (id: string) => Promise<unknown>>> = {
    disabled: (id) => editAccount(world, id, { $set: { active: false } }),
    changed: (id) => editAccount(world, id, { $inc: { sessionVersion: 1 } }),
    gone: (id) => world.database.connection.collection<{ _id: string }>('accounts').deleteOne({ _id: id }),
    'record gone': (id) => world.database.connection.collection('oidc').deleteMany({ model: 'Session', accountId: id }),
  };
  for (const [name, change] of Object.entries(changes)) {
    const ada = await world.person();
    const browser = await inAccount(world, ada);
    await change(ada.id);
    assert.ok(await isShut(browser), name);
    await browser.visit('/account');
    assert.equal(browser.stage, 'sign-in', name);
  }
});

test('an error of the library is shown and leads nowhere by itself, so that nothing goes in circles', async (t) => {
  const world = await startWorld(t);
  const nobody = world.browser();
  await nobody.visit(ownRequest(world, { prompt: 'none' }));
  assert.deepEqual([nobody.url.pathname, nobody.status, nobody.page.code], ['/account', 403, 'account_stopped']);
  assert.equal(nobody.url.searchParams.get('error'), 'login_required');

  const cancelled = await world.browser().visit('/account');
  await cancelled.press('cancel');
  assert.deepEqual([cancelled.url.pathname, cancelled.page.code], ['/account', 'account_stopped']);
  const browser = await inAccount(world, await world.person());
  for (const query of ['error=access_denied', 'error=', 'error=x&error=y', 'error=access_denied&state=x']) {
    const shown = await browser.visit(`/account?${query}`);
    assert.deepEqual([shown.status, shown.page.code], [403, 'account_stopped'], query);
  }
});

test('an answer of the library to nobody is told as such and never asked for again', async (t) => {
  const world = await startWorld(t);
  const browser = world.browser();
  for (const state of ['x', 'L2FjY291bnQ.1.x']) {
    const answer = await leadsTo(browser, `/account?state=${state}&iss=${encodeURIComponent(world.issuer)}`);
    assert.deepEqual(answer, { status: 403, to: undefined });
  }
});

test('a state that this browser did not ask for leads to the area itself, wherever it points [check 93]', async (t) => {
  const world = await startWorld(t);
  const browser = await inAccount(world, await world.person());
  const eve = await inAccount(world, await world.person());
  const foreign = new URL(String((await leadsTo(world.browser(), '/account')).to), world.issuer).searchParams.get(
    'state',
  );
  assert.ok(foreign);
  const encoded = (to: string) => Buffer.from(to).toString('base64url');
  const mac = foreign.slice(foreign.indexOf('.'));
  const targets = ['//evil.example', '/\\evil.example', '\\\\\\evil', 'https:evil.example', '/%09/evil', 'user@evil'];
  const states = [
    ...targets,
    ...targets.map((to) => `${encoded(to)}${mac}`),
    ...[foreign, '', '.', '..', 'x', encoded('/account'), `${encoded('/account')}.`, `${encoded('/account')}.1.x`],
    ...[`${mac}.${mac}`, 'a'.repeat(5000), '\u0000', '%00', '[]', '__proto__'],
  ];
  assert.ok(states.length >= 20);
  for (const state of states) {
    const answer = await leadsTo(browser, `/account?${new URLSearchParams({ state })}`);
    assert.deepEqual(answer, { status: 303, to: '/account' }, state.slice(0, 60));
  }
  for (const query of ['state=a&state=b', 'state[]=x', 'state[to]=//evil.example']) {
    const { to } = await leadsTo(browser, `/account?${query}`);
    assert.ok(to === '/account' || to === undefined, query);
  }
  assert.equal((await rowsOf(world.database, 'Session')).length, 2);
  assert.equal(await isShut(eve), false);
});

test('two tabs that open the area each sign in, and both end up there', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const one = await world.browser().visit('/account');
  const two = await one.tab().visit('/account');
  await proveAll(one, ada);
  assert.equal(one.stage, 'security');
  world.travel(60);
  await proveAll(two, ada);
  assert.equal(two.stage, 'security');
});

test('nothing of the area’s client is for others: no code, no token, no other address, no secret [check 62, 66, 76]', async (t) => {
  const world = await startWorld(t);
  const browser = await inAccount(world, await world.person());
  for (const type of ['code', 'token', 'id_token', 'code none']) {
    await browser.visit(ownRequest(world, { response_type: type, code_challenge: 'x'.repeat(43) }));
    const answer = new URLSearchParams([
      ...browser.url.searchParams,
      ...new URLSearchParams(browser.url.hash.slice(1)),
    ]);
    assert.ok(answer.get('error'), type);
    for (const name of ['code', 'access_token', 'id_token']) assert.equal(answer.get(name), null);
  }
  for (const uri of [
    'https://evil.example/',
    `${world.issuer}/account/`,
    `${world.issuer}/outbox`,
    'http://localhost/account',
  ]) {
    await browser.visit(ownRequest(world, { redirect_uri: uri }));
    assert.deepEqual([browser.status, browser.url.pathname], [400, '/auth'], uri);
  }
  for (const form of [
    { grant_type: 'authorization_code', code: 'x' },
    { grant_type: 'refresh_token', refresh_token: 'x' },
  ]) {
    const body = new URLSearchParams({ client_id: 'account', ...form }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const { status, text } = await world.ask({ method: 'POST', target: '/token', headers, body });
    assert.equal(status, 400);
    assert.match(text, /unauthorized_client|invalid_grant|invalid_request/);
  }
  const { text } = await world.ask({ target: '/.well-known/openid-configuration' });
  assert.doesNotMatch(text, /"response_types_supported":\[[^\]]*none/);
  assert.doesNotMatch(text, /account/);
});

test('whoever knows the host alone is led to the account area, with a session and without one', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await world.browser().visit('/');
  assert.equal(browser.stage, 'sign-in');
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.submit({ code: ada.codeNow() });
  assert.deepEqual([browser.stage, browser.url.pathname], ['security', '/account']);
  await browser.visit('/?x=1');
  assert.deepEqual([browser.stage, browser.url.href], ['security', `${world.issuer}/account`]);
  for (const accept of ['text/html', 'application/json']) {
    const answer = await browser.fetch({ method: 'GET', url: new URL('/', world.issuer), headers: { accept } });
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/account'], accept);
  }
  const answer = await browser.fetch({ method: 'POST', url: new URL('/', world.issuer), headers: {} });
  assert.equal(answer.status, 404);
});
