import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser } from '../support/browser.ts';
import type { Person } from '../support/person.ts';
import { startWorld, type World } from '../support/world.ts';

const authTime = async (browser: Browser) => Number((await browser.redeem()).claims()?.auth_time);

async function signInAgain(browser: Browser, ada: Person): Promise<void> {
  assert.equal(browser.stage, 'sign-in');
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.submit({ code: ada.codeNow() });
}

async function signedIn(world: World) {
  const ada = await world.person();
  const browser = await world.browser().signIn(ada);
  return { ada, browser, at: await authTime(browser) };
}

test('prompt=login asks for everything again, and auth_time moves by it [check 71]', async (t) => {
  const world = await startWorld(t);
  const { ada, browser, at } = await signedIn(world);
  world.travel(90);
  await browser.authorize({ prompt: 'login' });
  await signInAgain(browser, ada);
  const again = await authTime(browser);
  assert.ok(again >= at + 90, `${again - at}`);
});

test('prompt=login that is left or cancelled leaves the session and its auth_time as they were [check 71]', async (t) => {
  const world = await startWorld(t);
  const { ada, browser, at } = await signedIn(world);
  world.travel(90);
  await browser.authorize({ prompt: 'login' });
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.authorize({ prompt: 'none' });
  assert.equal(await authTime(browser), at);
  await browser.authorize({ prompt: 'login' });
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.press('cancel');
  assert.equal(browser.callback?.get('error'), 'access_denied');
  await browser.authorize();
  assert.equal(await authTime(browser), at);
});

test('auth_time is the time of the last proof and stays while the session is only used [check 71]', async (t) => {
  const world = await startWorld(t);
  const { browser, at } = await signedIn(world);
  for (const options of [
    { prompt: 'none' },
    {},
    { max_age: '10000' },
    { prompt: 'consent' },
    { scope: 'openid profile' },
  ]) {
    world.travel(60);
    await browser.authorize(options);
    assert.equal(await authTime(browser), at, JSON.stringify(options));
  }
});

test('max_age: what is younger passes, what is older signs in again; 0 always does [check 71]', async (t) => {
  const world = await startWorld(t);
  const { ada, browser, at } = await signedIn(world);
  world.travel(60);
  await browser.authorize({ max_age: '10000' });
  assert.equal(await authTime(browser), at);
  await browser.authorize({ max_age: '1', prompt: 'none' });
  assert.equal(browser.callback?.get('error'), 'login_required');
  await browser.authorize({ max_age: '1' });
  await signInAgain(browser, ada);
  const moved = await authTime(browser);
  assert.ok(moved >= at + 60);
  await browser.authorize({ max_age: '0', prompt: 'none' });
  assert.ok(browser.callback?.get('error'));
  world.travel(31);
  await browser.authorize({ max_age: '0' });
  await signInAgain(browser, ada);
  assert.ok((await authTime(browser)) >= moved + 31);
});

test('odd max_age values are refused [check 71]', async (t) => {
  const world = await startWorld(t);
  const { browser } = await signedIn(world);
  for (const max_age of ['-1', 'x', '1e3x', '99999999999999999999']) {
    await browser.authorize({ max_age });
    assert.equal(browser.callback?.get('error'), 'invalid_request', max_age);
  }
});

test('prompt=none answers at once: a code with a session, login_required without, never a page [check 71]', async (t) => {
  const world = await startWorld(t);
  const { browser } = await signedIn(world);
  await browser.authorize({ prompt: 'none' });
  assert.ok(browser.code);
  const stranger = await world.browser().authorize({ prompt: 'none' });
  assert.equal(stranger.callback?.get('error'), 'login_required');
  await browser.authorize({ prompt: 'none login' });
  assert.equal(browser.callback?.get('error'), 'invalid_request');
});

test("another person's id_token_hint never gets this person's code [check 71]", async (t) => {
  const world = await startWorld(t);
  const { ada, browser } = await signedIn(world);
  const bob = await world.person();
  const bobs = (await (await world.browser().signIn(bob)).redeem()).id_token ?? '';
  world.travel(31);
  await browser.authorize({ prompt: 'none', id_token_hint: bobs });
  assert.equal(browser.callback?.get('error'), 'login_required');

  await browser.authorize({ id_token_hint: bobs });
  await signInAgain(browser, ada);
  assert.equal(browser.callback?.get('error'), 'login_required', 'ada signed in, bob was named');
  assert.equal(browser.code, undefined);

  world.travel(31);
  await browser.authorize({ id_token_hint: bobs });
  await signInAgain(browser, bob);
  assert.equal((await browser.redeem()).claims()?.sub, bob.id);
});

test('a hint that is no ID token of ours is refused, an own one passes even when it is old [check 71]', async (t) => {
  const world = await startWorld(t);
  const { browser } = await signedIn(world);
  await browser.authorize();
  const own = (await browser.redeem()).id_token ?? '';
  const [head, payload, signature = ''] = own.split('.');
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
  const turned = [...signature].reverse().join('');
  for (const hint of ['x', unsigned, `${head}.${payload}.${turned}`, `${head}.${payload}.`]) {
    await browser.authorize({ prompt: 'none', id_token_hint: hint });
    assert.equal(browser.callback?.get('error'), 'invalid_request', hint.slice(-20));
  }
  for (let hours = 0; hours < 2; hours += 1) {
    world.travel(3500);
    await browser.authorize({ prompt: 'none', id_token_hint: own });
    assert.ok(browser.code);
  }
});

test('a sub that is asked for by the claims parameter is the one that is told, or nobody [check 71]', async (t) => {
  const world = await startWorld(t);
  const { ada, browser } = await signedIn(world);
  const claims = (sub: string) => JSON.stringify({ id_token: { sub: { value: sub } } });
  await browser.authorize({ prompt: 'none', claims: claims(ada.id) });
  assert.ok(browser.code);
  await browser.authorize({ prompt: 'none', claims: claims('somebody-else') });
  assert.equal(browser.callback?.get('error'), 'login_required');
});
