import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventsOf } from '../support/events.ts';
import type { RawAnswer } from '../support/served-app.ts';
import { startWorld, type World } from '../support/world.ts';

const evil = 'evil.example';
const poisons: readonly Readonly<Record<string, string>>[] = [
  { host: evil },
  { host: `${evil}:443` },
  { host: `${evil}:x@localhost` },
  { host: `localhost.${evil}` },
  { 'x-forwarded-host': evil, 'x-forwarded-proto': 'https' },
  { 'x-forwarded-host': `${evil}, localhost`, 'x-forwarded-proto': 'javascript' },
  { forwarded: `host=${evil};proto=https;for=6.6.6.6` },
  { 'x-original-host': evil, 'x-host': evil, 'x-http-host-override': evil, 'x-forwarded-server': evil },
  { 'x-original-url': `https://${evil}/`, 'x-rewrite-url': `https://${evil}/` },
  { referer: `https://${evil}/` },
];

function harmless(world: World, answer: RawAnswer, told: string): void {
  const all = JSON.stringify(answer);
  assert.ok(!all.includes(evil), told);
  const { location } = answer.headers;
  if (location)
    assert.ok(
      ['/', world.issuer, 'http://localhost:4999'].some((start) => location.startsWith(start)),
      told,
    );
  assert.equal(answer.headers['strict-transport-security'], undefined, told);
}

for (const trustedProxies of [0, 1]) {
  test(`no Host or forwarded header changes any address we give, with ${trustedProxies} trusted proxies [check 88]`, async (t) => {
    const world = await startWorld(t, { settings: { trustedProxies } });
    const port = new URL(world.issuer).host;
    const { url } = await world.client.begin();
    const browser = await world.browser().authorize();
    const cookie = (await browser.jar.getCookieString(browser.url.href)) ?? '';
    const inside = browser.url.pathname;
    const targets: readonly { target: string; method?: string; headers?: Record<string, string>; body?: string }[] = [
      { target: '/.well-known/openid-configuration' },
      { target: '/jwks' },
      { target: `${url.pathname}${url.search}` },
      { target: '/auth?client_id=app' },
      { target: inside, headers: { cookie } },
      { target: `${inside}/register`, headers: { cookie } },
      {
        target: `${inside}/sign-in`,
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json' },
        body: '{}',
      },
      { target: inside.replace('interaction', 'auth') },
      { target: '/session/end' },
      { target: '/account' },
      { target: '/account?error=access_denied' },
      { target: '/account?state=x' },
      { target: '/account/sessions/end-others', method: 'POST' },
      { target: '/session/end/success' },
      { target: '/session/end/confirm', method: 'POST' },
      { target: '/token', method: 'POST' },
      { target: '/me' },
      { target: '/nope' },
      { target: '/health' },
      { target: `http://${evil}/.well-known/openid-configuration` },
      { target: `//${evil}/%2e%2e` },
    ];
    const discovery = await world.ask({ target: '/.well-known/openid-configuration', headers: { host: port } });
    for (const poison of poisons) {
      for (const { headers = {}, ...asked } of targets) {
        const answer = await world.ask({
          ...asked,
          headers: { host: port, accept: 'text/html', ...headers, ...poison },
        });
        harmless(world, answer, `${asked.target} ${JSON.stringify(poison)}`);
        if (asked.target.endsWith('openid-configuration')) assert.equal(answer.text, discovery.text);
      }
    }
  });
}

test('a sign-in and a mail under a foreign Host are the same as under our own [check 88]', async (t) => {
  const world = await startWorld(t);
  for (const poison of poisons.filter(({ host }) => host === undefined)) {
    const browser = world.browser({ headers: { ...poison } });
    await browser.authorize();
    await browser.press('register');
    const email = `grace-${poisons.indexOf(poison)}@example.com`;
    await browser.submit({ email, password: 'a walrus in the attic' });
    assert.equal(browser.stage, 'confirm-mail');
    const mail = world.outbox.mails.findLast(({ to }) => to === email);
    assert.ok(mail && !`${mail.text}${mail.html}${mail.subject}`.includes(evil));
    for (const link of `${mail.text} ${mail.html}`.match(/https?:\/\/[^\s"<]+/g) ?? [])
      assert.ok(link.startsWith(world.issuer));
  }
  const ada = await world.person();
  const browser = await world
    .browser({ headers: { 'x-forwarded-host': evil, 'x-forwarded-proto': 'https' } })
    .signIn(ada);
  assert.ok(browser.code);
  assert.equal(browser.callback?.get('iss'), world.issuer);
  assert.equal((await browser.redeem()).claims()?.iss, world.issuer);
});

test('the outbox answers to its own Host only [check 88]', async (t) => {
  const world = await startWorld(t);
  const { host } = new URL(world.issuer);
  assert.equal((await world.ask({ target: '/outbox', headers: { host } })).status, 200);
  const foreign = [
    evil,
    `${evil}:3000`,
    'localhost',
    '127.0.0.1',
    `${host}.${evil}`,
    `127.0.0.1:${host.split(':')[1]}`,
    '',
  ];
  for (const name of foreign) {
    const answer = await world.ask({ target: '/outbox', headers: { host: name, 'x-forwarded-host': host } });
    assert.ok(answer.status === 421 || answer.status === 400, name);
    assert.ok(!answer.text.includes('@example.com'));
  }
});

test('the client address of an event comes from so many proxies as are trusted, and from nobody else [check 85, 106, 112]', async (t) => {
  const told = async (trustedProxies: number, forwarded: string) => {
    const world = await startWorld(t, { settings: { trustedProxies } });
    const headers = { 'x-forwarded-for': forwarded, 'x-real-ip': '7.7.7.7', forwarded: 'for=8.8.8.8' };
    await world.browser({ headers }).signIn(await world.person());
    const [event] = await eventsOf(world, 'sign_in');
    return event?.address;
  };
  assert.equal(await told(0, '6.6.6.6'), '127.0.0.1');
  assert.equal(await told(1, '6.6.6.6, 203.0.113.9'), '203.0.113.9');
  assert.equal(await told(2, '6.6.6.6, 203.0.113.9, 10.0.0.1'), '203.0.113.9');
  assert.equal(await told(1, '6.6.6.6, not-an-address'), '127.0.0.1');
  assert.equal(await told(1, '::ffff:203.0.113.9'), '203.0.113.9');
});

test('a sign-in that begins under another name goes on under the issuer’s, before anything is typed', async (t) => {
  const world = await startWorld(t);
  const { host, hostname, port } = new URL(world.issuer);
  const { url } = await world.client.begin();
  const foreign = { host: `127.0.0.1:${port}`, accept: 'text/html' };
  for (const target of [`${url.pathname}${url.search}`, '/account', '/']) {
    const answer = await world.ask({ target, headers: foreign });
    assert.equal(answer.status, 303, target);
    const location = new URL(answer.headers.location ?? '');
    assert.deepEqual([location.host, location.pathname], [host, new URL(target, world.issuer).pathname]);
    assert.equal(answer.headers['set-cookie'], undefined, 'nothing begins there');
    const next = await world.ask({
      target: `${location.pathname}${location.search}`,
      headers: { ...foreign, host: `${hostname}:${port}` },
    });
    assert.equal(next.status, 303);
    assert.ok(!next.headers.location?.includes('twofold_host'), 'and is not led again');
  }
  const ada = await world.person();
  const browser = world.browser();
  browser.journey = await world.client.begin();
  await browser.visit(`${browser.journey.url.href}&twofold_host=issuer`);
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.submit({ code: ada.codeNow() });
  assert.ok((await browser.redeem()).id_token, 'the client notices nothing');
});

test('behind a proxy that does not pass Host on nobody goes in circles, and people sign in', async (t) => {
  // The browser of the tests sends the name of where it really asks, as such a proxy does.
  const world = await startWorld(t, { settings: { issuer: 'https://login.example.test' } });
  const ada = await world.person();
  const browser = world.browser();
  const hops: string[] = [];
  const fetching = browser.fetch.bind(browser);
  browser.fetch = (sent) => {
    hops.push(`${sent.method} ${sent.url.pathname}`);
    return fetching(sent);
  };
  await browser.authorize();
  assert.equal(browser.stage, 'sign-in');
  assert.deepEqual(hops.slice(0, 2), ['GET /auth', 'GET /auth']);
  assert.match(hops[2] ?? '', /^GET \/interaction\//);
  assert.equal(hops.length, 3);
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.submit({ code: ada.codeNow() });
  assert.ok((await browser.redeem()).id_token);
  for (const path of ['/', '/account', '/session/end']) {
    hops.length = 0;
    await browser.visit(path);
    assert.equal(browser.status, 200, path);
    assert.ok(hops.length <= 4, `${path}: ${hops}`);
  }
});
