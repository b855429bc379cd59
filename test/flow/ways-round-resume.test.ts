import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterPassword, nothing, spoils, uidOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf, signedInRows } from '../support/database.ts';
import { startWorld, type World } from '../support/world.ts';

/** Every door that does not ask for the factor. */
async function tryDoors(world: World, browser: Browser, uid: string): Promise<void> {
  await browser.visit(`/auth/${uid}`);
  assert.equal(browser.code, undefined, 'resume');
  await Promise.all(Array.from({ length: 20 }, () => browser.tab().visit(`/auth/${uid}`)));
  await browser.tab().post(`/auth/${uid}`, {});
  for (const clientId of ['app', 'third']) {
    const silent = await browser.tab().authorize({ prompt: 'none' }, world.party(clientId));
    assert.equal(silent.callback?.get('error'), 'login_required', clientId);
    const other = await browser.tab().authorize({}, world.party(clientId));
    assert.deepEqual([other.stage, other.page.account], ['sign-in', undefined], clientId);
  }
  await browser.tab().visit('/me');
  const me = await browser.tab().send({ method: 'POST', url: new URL('/me', world.issuer), body: '', headers: {} });
  assert.ok([400, 401].includes(me.status), `${me.status}`);
  const tab = browser.tab();
  await tab.visit('/session/end');
  assert.deepEqual(await spoils(world), nothing);
}

test('after the password alone no cookie opens any door [check 77]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await afterPassword(world, ada);
  await tryDoors(world, browser, uidOf(browser));
  const owned = (await rowsOf(world.database, 'Session')).filter((row) => row.accountId !== undefined);
  assert.equal(owned.length, 0, 'the library was told of nobody');
});

test('before a forced enrolment is proved no cookie opens any door either [check 36]', async (t) => {
  const world = await startWorld(t);
  const bob = await world.person({ totp: false });
  const half = await afterPassword(world, bob);
  assert.equal(half.stage, 'confirm-mail');
  await tryDoors(world, half, uidOf(half));

  world.travel(61);
  const browser = await afterPassword(world, bob);
  await browser.submit({ code: world.codeMailedTo(bob.email) });
  assert.equal(browser.stage, 'enrol-totp');
  for (const prompt of ['create', 'select_account', 'login', 'consent']) {
    const tab = await browser.tab().authorize({ prompt }, world.party('third'));
    assert.ok(['sign-in', 'register'].includes(tab.stage ?? ''), prompt);
  }
  await tryDoors(world, browser.tab(), uidOf(browser));
});

test('a restart or a way back never leads past a forced enrolment [check 36, 80]', async (t) => {
  const world = await startWorld(t);
  const bob = await world.person({ totp: false });
  const browser = await afterPassword(world, bob);
  await browser.submit({ code: world.codeMailedTo(bob.email) });
  for (const path of ['', '/sign-in', '/register']) {
    await browser.visit(`/interaction/${uidOf(browser)}${path}`);
    assert.equal(browser.stage, 'enrol-totp', path);
  }
  await browser.press('restart');
  await browser.submit({ identifier: bob.email, password: bob.password });
  assert.equal(browser.stage, 'confirm-mail', 'a restart begins before the mailbox again');
  await browser.press('cancel');
  assert.equal(browser.callback?.get('error'), 'access_denied');
  assert.deepEqual(await spoils(world), nothing);
});

test('resuming early ends that authorization request, and what was proved does not come along [check 77, 80]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await afterPassword(world, ada);
  const uid = uidOf(browser);
  const back = browser.tab();
  await browser.visit(`/auth/${uid}`);
  assert.equal(browser.stage, 'sign-in', 'a new request begins at its beginning');
  assert.notEqual(uidOf(browser), uid);
  await back.visit(`/interaction/${uid}`);
  assert.deepEqual([back.status, back.page.facts.code], [410, 'sign_in_ended']);
  await browser.submit({ identifier: ada.email, password: ada.password });
  assert.equal(browser.stage, 'totp');
});

test('an interaction lives in its own browser alone: the address without the cookie, the cookie without the address [check 79]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const own = await afterPassword(world, ada);
  const uid = uidOf(own);

  const thief = world.browser();
  for (const path of [`/interaction/${uid}`, `/interaction/${uid}/sign-in`, `/interaction/${uid}/register`]) {
    await thief.visit(path);
    assert.deepEqual([thief.status, thief.page.facts.code], [403, 'cookies_needed'], path);
  }
  thief.page = own.page;
  await thief.submit({ code: ada.codeNow() });
  assert.deepEqual([thief.status, thief.code], [403, undefined]);
  await thief.visit(`/auth/${uid}`);
  assert.equal(thief.code, undefined);

  // Its own interaction's cookie, sent to the stolen address.
  await thief.authorize();
  const [cookie] = (await thief.jar.getCookies(thief.url.href)).filter(({ key }) => key === 'twofold_interaction');
  const signature = (await thief.jar.getCookies(thief.url.href)).find(({ key }) => key === 'twofold_interaction.sig');
  for (const each of [cookie, signature]) {
    await thief.jar.setCookie(`${each?.key}=${each?.value}; Path=/interaction/${uid}`, world.issuer);
    await thief.jar.setCookie(
      `${each?.key.replace('interaction', 'resume')}=${each?.value}; Path=/auth/${uid}`,
      world.issuer,
    );
  }
  for (const path of [`/interaction/${uid}`, `/auth/${uid}`]) {
    await thief.visit(path);
    assert.equal(thief.code, undefined);
    assert.equal(thief.stage, 'problem', path);
  }
  // The stolen uid as a cookie's value, without its signature.
  await thief.jar.setCookie(`twofold_interaction=${uid}; Path=/interaction/${uid}`, world.issuer);
  await thief.jar.setCookie(`twofold_resume=${uid}; Path=/auth/${uid}`, world.issuer);
  for (const path of [`/interaction/${uid}`, `/auth/${uid}`]) {
    await thief.visit(path);
    assert.deepEqual([thief.code, thief.stage], [undefined, 'problem'], path);
  }
  assert.deepEqual(await spoils(world), nothing);
  await own.submit({ code: ada.codeNow() });
  assert.ok(own.code, 'its owner was not disturbed');
});

test('a finished interaction is gone, in its own browser too [check 79]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await afterPassword(world, ada);
  const uid = uidOf(browser);
  await browser.submit({ code: ada.codeNow() });
  assert.ok(browser.code);
  const before = await spoils(world);
  const back = browser.tab();
  await back.visit(`/interaction/${uid}`);
  assert.deepEqual([back.status, back.page.facts.code], [409, 'already_signed_in']);
  await back.visit(`/auth/${uid}`);
  assert.deepEqual([back.code, back.stage], [undefined, 'problem']);
  for (const path of ['restart', 'cancel', 'factor', 'sign-in', 'consent']) {
    await back.post(`/interaction/${uid}/${path}`, {});
    assert.deepEqual([back.status, back.code], [409, undefined], path);
  }
  assert.deepEqual(await spoils(world), before);
});

test('spoofed headers neither skip the factor nor change where anything leads [check 85]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const spoofed = {
    'x-forwarded-for': '127.0.0.1, not an address, ::1',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    forwarded: 'for=127.0.0.1;host=evil.example;proto=https',
    'x-real-ip': '%00',
    'x-original-url': '/auth',
    'x-http-method-override': 'GET',
    'x-request-id': 'mine',
    authorization: 'Bearer nothing',
    'user-agent': `${'x'.repeat(5000)}<script>`,
    'accept-language': '../../etc, *;q=9',
  };
  const browser = world.browser({ headers: spoofed });
  await afterPassword(world, ada, { browser });
  assert.equal(browser.stage, 'totp');
  assert.ok(browser.page.actions.every(({ href }) => href.startsWith('/interaction/')));
  await tryDoors(world, browser.tab(), uidOf(browser));
});

test('with a session of an own account another one’s password still opens nothing of that one [check 77, 78]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const [ada, eve] = [await world.person(), await world.person()];
  const browser = await world.browser().signIn(eve);
  const before = await spoils(world);
  await afterPassword(world, ada, { browser, options: { prompt: 'login' } });
  assert.equal(browser.stage, 'totp');
  const uid = uidOf(browser);
  const silent = await browser.tab().authorize({ prompt: 'none' });
  assert.equal((await silent.redeem()).claims()?.sub, eve.id, 'the session is whose it was');
  const consent = await browser.tab().authorize({ prompt: 'consent' }, world.party('third'));
  assert.deepEqual([consent.stage, consent.page.account], ['consent', eve.email]);
  const resumes = Array.from({ length: 20 }, () => browser.tab().visit(`/auth/${uid}`));
  const tabs = await Promise.all(resumes);
  assert.ok(tabs.every((tab) => tab.code === undefined));
  assert.deepEqual(await spoils(world), { ...before, codes: before.codes + 1, tokens: before.tokens + 1 });
  const sessions = (await signedInRows(world.database)).map((row) => row.accountId);
  assert.deepEqual(sessions, [eve.id]);
});
