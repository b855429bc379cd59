import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import { type FrontedWorld, startFrontedWorld } from '../support/fronted-world.ts';
import { proxyAddress } from '../support/nginx.ts';
import { askRaw } from '../support/served-app.ts';

const evil = 'evil.example';
const yearWithSubdomains = 'max-age=31536000; includeSubDomains';

/** What a stranger may write into a request that nginx hands on. */
const poison = {
  'x-forwarded-host': evil,
  'x-forwarded-proto': 'http',
  'x-forwarded-port': '80',
  'x-forwarded-for': '6.6.6.6',
  'x-real-ip': '7.7.7.7',
  forwarded: `for=8.8.8.8;host=${evil};proto=http`,
};

interface Heard {
  readonly cookies: string[];
  readonly locations: string[];
  readonly hsts: (string | null)[];
}

function listening(browser: Browser): Heard {
  const heard: Heard = { cookies: [], locations: [], hsts: [] };
  const fetching = browser.fetch.bind(browser);
  browser.fetch = async (sent) => {
    const response = await fetching(sent);
    heard.cookies.push(...response.headers.getSetCookie());
    const location = response.headers.get('location');
    if (location !== null) heard.locations.push(new URL(location, sent.url).href);
    heard.hsts.push(response.headers.get('strict-transport-security'));
    return response;
  };
  return heard;
}

/** In by password and code, redeemed, out by the page, and once cancelled. */
async function wholeRound(world: FrontedWorld, browser: Browser): Promise<void> {
  const ada = await world.person();
  await browser.authorize();
  await browser.submit({ identifier: ada.email, password: 'a wrong one altogether' });
  await browser.submit({ identifier: ada.email, password: ada.password, stay: 'yes' });
  await browser.submit({ code: ada.codeNow() });
  assert.ok(browser.code, browser.text);
  assert.equal(browser.callback?.get('iss'), world.issuer);
  assert.equal((await browser.redeem()).claims()?.iss, world.issuer);
  await browser.authorize({ prompt: 'none' });
  assert.ok(browser.code, 'the session cookie came back through nginx');
  await browser.visit('/session/end');
  await browser.submit({ xsrf: String(browser.page.facts.xsrf), logout: 'yes' });
  await browser.authorize({}, world.party('third'));
  await browser.press('cancel');
}

function assertHeldToHttps(line: string): void {
  for (const attribute of [/; secure/i, /; httponly/i, /; samesite=lax/i]) assert.match(line, attribute);
  assert.doesNotMatch(line, /; domain=/i);
  const path = line.startsWith('__Host-') ? /; path=\/(;|$)/ : /; path=\/(interaction|auth)\/[\w-]+(;|$)/;
  assert.match(line, /^__(Host|Secure)-twofold_/);
  assert.match(line, path);
}

for (const trustedProxies of [0, 1]) {
  test(`behind nginx a sign-in keeps to https: cookies, redirects and HSTS, with ${trustedProxies} trusted proxies [check 56, 88, 96]`, async (t) => {
    const world = await startFrontedWorld(t, { settings: { trustedProxies } });
    const browser = world.browser({ headers: poison });
    const { cookies, locations, hsts } = listening(browser);
    await wholeRound(world, browser);
    assert.ok(cookies.length > 20);
    cookies.forEach(assertHeldToHttps);
    const names = new Set(cookies.map((line) => line.slice(0, line.indexOf('='))));
    for (const name of ['__Host-twofold_session', '__Host-twofold_browser', '__Secure-twofold_interaction'])
      assert.ok(names.has(name), name);
    const clients = ['http://localhost:4999', 'http://localhost:4998'];
    assert.ok(locations.length > 5);
    for (const location of locations)
      assert.ok([world.issuer, ...clients].includes(new URL(location).origin), location);
    assert.deepEqual([...new Set(hsts)], [yearWithSubdomains]);
  });
}

test('behind nginx no Host and no forwarded header of a stranger gets into any answer [check 88]', async (t) => {
  const world = await startFrontedWorld(t);
  const { url } = await world.client.begin();
  const open = await world.browser().authorize();
  const discovery = '/.well-known/openid-configuration';
  const expected = await world.ask({ target: discovery });
  const listed = JSON.parse(expected.text) as Record<string, unknown>;
  assert.equal(listed.issuer, world.issuer);
  for (const [name, value] of Object.entries(listed))
    if (/_endpoint$|_uri$/.test(name)) assert.ok(String(value).startsWith(`${world.issuer}/`), name);

  const targets = [discovery, `${url.pathname}${url.search}`, open.url.pathname, '/session/end', '/auth', '/nope'];
  for (const host of [evil, `${evil}:443`, `localhost.${evil}`, 'localhost', '127.0.0.1']) {
    for (const target of targets) {
      const answer = await world.ask({ target, headers: { accept: 'text/html', host, ...poison } });
      const told = `${target} ${host}`;
      assert.ok(!JSON.stringify(answer).includes(evil), told);
      if (target === discovery) assert.equal(answer.text, expected.text, told);
      const { location } = answer.headers;
      if (location) assert.equal(new URL(location, world.issuer).origin, world.issuer, told);
    }
  }
});

test('HSTS stands once on whatever Twofold answers, and a request that came by http is led to https by name [check 96]', async (t) => {
  const world = await startFrontedWorld(t);
  for (const target of ['/', '/auth', '/health', '/assets/style.css', '/jwks', '/nope', `/${'x'.repeat(8_000)}`]) {
    const { headers } = await world.ask({ target });
    assert.equal(headers['strict-transport-security'], yearWithSubdomains, target.slice(0, 30));
  }
  const served = world.logged.length;
  for (const host of ['localhost', evil]) {
    const answer = await askRaw(world.nginx.plainPort, { target: '/auth?client_id=app&state=x', headers: { host } });
    assert.equal(answer.status, 301);
    assert.equal(answer.headers.location, `${world.issuer}/auth?client_id=app&state=x`);
    assert.equal(answer.headers['set-cookie'], undefined);
  }
  assert.equal(world.logged.length, served, 'it did not get to Twofold');
});

/** Each address that was written down, in events and in log lines. */
async function addresses(world: FrontedWorld): Promise<readonly unknown[]> {
  const events = (await rowsOf(world.database, 'events')).map(({ address }) => address);
  const lines = world.logged.map((line) => JSON.parse(line).address).filter((address) => address !== undefined);
  assert.ok(events.length > 0 && lines.length > 0);
  return [...new Set([...events, ...lines])];
}

test('the address in events and log is the one that nginx saw, whatever a client claims [check 85, 106, 112]', async (t) => {
  const world = await startFrontedWorld(t);
  for (const claimed of ['6.6.6.6', '6.6.6.6, 5.5.5.5', '127.0.0.1, 6.6.6.6', 'not-an-address', ' ', '6.6.6.6,'])
    await world.browser({ headers: { ...poison, 'x-forwarded-for': claimed } }).signIn(await world.person());
  await world.ask({ target: '/health', headers: { 'x-forwarded-for': ['6.6.6.6', '5.5.5.5'] } });
  assert.deepEqual(await addresses(world), ['127.0.0.1']);
});

test('two clients behind nginx are two addresses [check 106]', async (t) => {
  const world = await startFrontedWorld(t);
  for (const from of ['127.0.0.2', '127.0.0.3'])
    await world.ask({ target: '/health', from, headers: { 'x-forwarded-for': '127.0.0.4' } });
  const lines = world.logged.map((line) => JSON.parse(line).address);
  assert.deepEqual(lines, ['127.0.0.2', '127.0.0.3']);
});

test('where no proxy is trusted everybody has the address of nginx, and nobody the one they claim [check 106]', async (t) => {
  const world = await startFrontedWorld(t, { settings: { trustedProxies: 0 } });
  const browser = await world.browser({ headers: poison }).signIn(await world.person());
  assert.ok(browser.code);
  assert.deepEqual(await addresses(world), [proxyAddress]);
});

test("a client's state comes back through nginx however long it is", async (t) => {
  const world = await startFrontedWorld(t);
  const ada = await world.person();
  const state = 's'.repeat(7_000);
  const browser = await world.browser().signIn(ada, { state });
  assert.equal(browser.callback?.get('state'), state);
  assert.ok(browser.code);
});

test('what is too large is refused by Twofold itself, with a reference, and not by a broken connection', async (t) => {
  const world = await startFrontedWorld(t);
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  const open = await world.browser().authorize();
  for (const target of ['/token', `${open.url.pathname}/sign-in`]) {
    const answer = await world.ask({ method: 'POST', target, headers, body: `password=${'x'.repeat(1_000_000)}` });
    assert.ok(answer.status >= 400 && answer.status < 500, `${target} ${answer.status}`);
    assert.match(String(answer.headers['x-request-id']), /^[\w-]{12}$/, target);
  }
});

test('nginx keeps no code, no state and no id of a sign-in in its own log [check 113]', async (t) => {
  const world = await startFrontedWorld(t);
  const browser = world.browser();
  const { locations } = listening(browser);
  await browser.signIn(await world.person());
  const journey = browser.journey;
  await askRaw(world.nginx.plainPort, { target: `${journey?.url.pathname}${journey?.url.search}` });
  const uid = locations.map((href) => /\/interaction\/([\w-]+)/.exec(href)?.[1]).find((found) => found !== undefined);
  const written = await world.nginx.written();
  assert.match(written, /nginx\//);
  for (const secret of [uid, browser.code, journey?.state, journey?.nonce]) {
    assert.ok(secret && secret.length > 20);
    assert.ok(!written.includes(secret));
  }
});
