import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser } from '../support/browser.ts';
import type { Person } from '../support/person.ts';
import { startWorld, type World } from '../support/world.ts';

/** Every Set-Cookie line that this browser was sent. */
function watched(browser: Browser): { readonly lines: string[] } {
  const lines: string[] = [];
  const fetching = browser.fetch.bind(browser);
  browser.fetch = async (sent) => {
    const response = await fetching(sent);
    lines.push(...response.headers.getSetCookie());
    return response;
  };
  return { lines };
}

async function everyRoute(world: World, browser: Browser, ada: Person): Promise<void> {
  await browser.visit('/account');
  await browser.authorize();
  await browser.submit({ identifier: ada.email, password: 'a wrong one altogether' });
  await browser.submit({ identifier: ada.email, password: ada.password, stay: 'yes' });
  await browser.submit({ code: ada.codeNow() });
  assert.ok(browser.code, browser.text);
  await browser.authorize({ prompt: 'none' });
  await browser.authorize({ prompt: 'none', acr_values: 'phr' });
  await browser.authorize({ redirect_uri: 'https://evil.example' });
  await browser.visit('/account');
  await browser.post('/account/sessions/end-others', {});
  assert.equal(browser.stage, 'security');
  world.travel(301);
  await browser.post('/account/ways/x/rename', { name: 'Phone' });
  assert.equal(browser.stage, 'confirm');
  await browser.visit('/nope');
  await browser.visit('/.well-known/openid-configuration');
  await browser.visit('/session/end');
  await browser.submit({ xsrf: String(browser.page.facts.xsrf), logout: 'yes' });
  await browser.visit('/session/end');
  await browser.authorize({}, world.party('third'));
  await browser.press('cancel');
}

/** A mark's name ends by chance. */
const nameOf = (line: string) => line.slice(0, line.indexOf('=')).replace(/(_mark)_[\w-]{8}$/, '$1');

test('every cookie on every route is HttpOnly, SameSite=Lax, small, and without a Domain [check 56]', async (t) => {
  const world = await startWorld(t);
  const browser = world.browser();
  const { lines } = watched(browser);
  await everyRoute(world, browser, await world.person());
  assert.ok(lines.length > 20);
  for (const line of lines) {
    assert.match(line, /; httponly/i, line);
    assert.match(line, /; samesite=lax/i, line);
    assert.doesNotMatch(line, /; domain=/i, line);
    assert.ok(line.length < 1000, line);
  }
  const names = new Set(lines.map(nameOf));
  const plain = ['twofold_session', 'twofold_interaction', 'twofold_resume'];
  const unsigned = [
    'twofold_proof',
    'twofold_browser',
    'twofold_input',
    'twofold_mark',
    'twofold_return',
    'twofold_told',
  ];
  assert.deepEqual([...names].sort(), [...plain, ...plain.map((name) => `${name}.sig`), ...unsigned].sort());
});

test('under https each is Secure as well, and its name makes the browser hold to it [check 56]', async (t) => {
  const issuer = 'https://login.example.com';
  const world = await startWorld(t, { settings: { issuer } });
  const browser = world.browser();
  const { lines } = watched(browser);
  await everyRoute(world, browser, await world.person());
  for (const line of lines) {
    assert.match(line, /; secure/i, line);
    assert.match(line, /; httponly/i, line);
    assert.match(line, /; samesite=lax/i, line);
    assert.doesNotMatch(line, /; domain=/i, line);
    const host = line.startsWith('__Host-');
    assert.ok(host || line.startsWith('__Secure-'), line);
    if (host) assert.match(line, /; path=\/(;|$)/, line);
    else assert.match(line, /; path=\/(interaction|auth)\/[\w-]+(;|$)/, line);
  }
  const names = new Set(lines.map(nameOf).filter((name) => !name.endsWith('.sig')));
  const expected = [
    '__Host-twofold_session',
    ...['proof', 'browser', 'input', 'mark', 'return', 'told'].map((name) => `__Host-twofold_${name}`),
    '__Secure-twofold_interaction',
    '__Secure-twofold_resume',
  ];
  assert.deepEqual([...names].sort(), expected.sort());
});

test('an id says nothing and cannot be guessed: at least 128 random bits, no two alike [check 54]', async (t) => {
  const world = await startWorld(t);
  const { url } = await world.client.begin();
  const seen = new Set<string>();
  for (let round = 0; round < 50; round += 1) {
    const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(url, { redirect: 'manual' })));
    for (const answer of answers) {
      const uid = answer.headers.get('location')?.split('/').at(-1) ?? '';
      assert.match(uid, /^[\w-]{43}$/);
      seen.add(uid);
    }
  }
  assert.equal(seen.size, 1000);
  const alphabet = new Set([...seen].join(''));
  assert.equal(alphabet.size, 64, 'every letter of the alphabet comes up');
});

test('the session id is new at each rise, and the one before it is dead [check 55]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = world.browser();
  const ids: string[] = [];
  const session = async () => (await browser.cookies()).find((cookie) => cookie.startsWith('twofold_session='));
  await browser.authorize();
  assert.equal(await session(), undefined, 'nothing before the sign-in');
  await browser.submit({ identifier: ada.email, password: ada.password });
  assert.equal(await session(), undefined, 'nor after the password');
  await browser.submit({ code: ada.codeNow() });
  const first = await browser.jar.getCookies(world.issuer);
  ids.push(String(await session()));
  world.travel(31);
  await browser.signIn(ada, { prompt: 'login' });
  ids.push(String(await session()));
  assert.equal(new Set(ids).size, 2);

  const old = world.browser();
  for (const cookie of first) await old.jar.setCookie(cookie, world.issuer);
  await old.authorize({ prompt: 'none' });
  assert.equal(old.callback?.get('error'), 'login_required');
});

test('a cookie that was planted before the sign-in is worth nothing after it [check 55]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const mallory = world.browser();
  // A session of nobody, signed by us: the sign-out page makes one for whoever asks.
  await mallory.visit('/session/end');
  const planted = await mallory.jar.getCookies(world.issuer);
  assert.ok(planted.some(({ key }) => key === 'twofold_session'));

  const victim = world.browser();
  for (const cookie of planted) await victim.jar.setCookie(cookie, world.issuer);
  await victim.signIn(ada);
  assert.ok(victim.code);
  await mallory.authorize({ prompt: 'none' });
  assert.equal(mallory.callback?.get('error'), 'login_required');

  const forged = world.browser();
  for (const line of ['twofold_session=chosen', 'twofold_session.sig=chosen'])
    await forged.jar.setCookie(`${line}; path=/`, world.issuer);
  world.travel(31);
  await forged.signIn(ada);
  const cookies = await forged.cookies();
  assert.ok(cookies.some((cookie) => cookie.startsWith('twofold_session=') && !cookie.endsWith('=chosen')));
});

test("a planted interaction of the attacker's own leads the victim into nobody's account but their own [check 55]", async (t) => {
  const world = await startWorld(t);
  const [ada, mallory] = [await world.person(), await world.person()];
  const begun = await world.browser().authorize();
  await begun.submit({ identifier: mallory.email, password: mallory.password });
  const victim = world.browser();
  for (const cookie of await begun.jar.getCookies(world.issuer, { allPaths: true }))
    await victim.jar.setCookie(`${cookie.key}=${cookie.value}; path=${cookie.path}`, world.issuer);
  await victim.visit(begun.url);
  assert.equal(victim.page.account, mallory.email, 'the page says whose it is');
  await victim.submit({ code: ada.wrongCode() });
  await begun.authorize({ prompt: 'none' });
  assert.equal(begun.callback?.get('error'), 'login_required');
});

test('cookies signed by a retired key are still good, by an unknown one never were [check 56]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada);
  const [newest, other] = ['n'.repeat(40), 'o'.repeat(40)];
  const keysOf = (cookies: readonly string[]) => ({ ...world.keys, cookies });
  const behind = { database: world.database, settings: { issuer: world.issuer } };
  const rotated = await startWorld(t, { ...behind, keys: keysOf([newest, ...world.keys.cookies]) });
  const foreign = await startWorld(t, { ...behind, keys: keysOf([other]) });
  const cookies = await browser.jar.getCookies(world.issuer);
  for (const [there, expected] of [
    [foreign, false],
    [rotated, true],
  ] as const) {
    const moved = there.browser();
    for (const cookie of cookies) await moved.jar.setCookie(cookie.toString(), world.issuer);
    await moved.authorize({ prompt: 'none' });
    assert.equal(moved.code !== undefined, expected);
  }
});
