import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser, Sent } from '../support/browser.ts';
import { withoutLots } from '../support/compared.ts';
import { openOwn, startOwnMongod } from '../support/own-mongod.ts';
import { codeForm, redeemRaw } from '../support/token-endpoint.ts';
import { startWorld, type World } from '../support/world.ts';

type Asked = readonly [what: string, sent: Sent, browser: Browser];

const form = { 'content-type': 'application/x-www-form-urlencoded' };

function get(path: string, world: World): Sent {
  return { method: 'GET', url: new URL(path, world.issuer), headers: {} };
}

function post(path: string, world: World, fields: Readonly<Record<string, string>>, headers = {}): Sent {
  const url = new URL(path, world.issuer);
  return { method: 'POST', url, body: new URLSearchParams(fields).toString(), headers: { ...form, ...headers } };
}

/** People at every step of their way when the database goes. */
async function people(world: World) {
  const [ada, bob, eve, joe] = [await world.person(), await world.person(), await world.person(), await world.person()];
  const atPassword = await world.browser().authorize();
  const atFactor = await world.browser().authorize();
  await atFactor.submit({ identifier: ada.email, password: ada.password });
  const signedIn = await world.browser().signIn(bob);
  const tokens = (await redeemRaw(signedIn)).body;
  await signedIn.authorize({ prompt: 'none' });
  const signingOut = await world.browser().signIn(joe);
  await signingOut.visit('/session/end');

  // Told the library, but not yet sent on: the last redirect meets the outage.
  const parked = await world.browser().authorize();
  await parked.submit({ identifier: eve.email, password: eve.password });
  const last = post(`${parked.url.pathname.split('/').slice(0, 3).join('/')}/factor`, world, {
    forgery: parked.page.forgery ?? '',
    code: eve.codeNow(),
  });
  await parked.fetch(last);
  const finished = await parked.fetch({ ...get(parked.url.pathname, world), headers: { accept: 'text/html' } });
  const resume = finished.headers.get('location') ?? '';
  assert.match(resume, /\/auth\//);
  return { ada, atPassword, atFactor, signedIn, tokens, signingOut, parked, resume };
}

async function requests(world: World, there: Awaited<ReturnType<typeof people>>): Promise<readonly Asked[]> {
  const { ada, atPassword, atFactor, signedIn, tokens, signingOut, parked, resume } = there;
  const { url } = await world.client.begin();
  const password = { forgery: atPassword.page.forgery ?? '', identifier: ada.email, password: ada.password };
  const code = { forgery: atFactor.page.forgery ?? '', code: ada.codeNow() };
  const { clientId, secret } = signedIn.party.settings;
  const basic = { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` };
  return [
    ['a new request', { method: 'GET', url, headers: {} }, world.browser()],
    ['a request with a session', { method: 'GET', url, headers: {} }, signedIn],
    ['the password page', get(atPassword.url.pathname, world), atPassword],
    ['the password', post(`${atPassword.url.pathname}/sign-in`, world, password), atPassword],
    ['the code', post(`${atFactor.url.pathname}/factor`, world, code), atFactor],
    ['the last redirect', get(new URL(resume, world.issuer).pathname, world), parked],
    ['the token endpoint', post('/token', world, codeForm(signedIn), basic), signedIn],
    ['userinfo', { ...get('/me', world), headers: { authorization: `Bearer ${tokens.access_token}` } }, signedIn],
    ['the sign-out page', get('/session/end', world), signedIn],
    [
      'the sign-out',
      post('/session/end/confirm', world, { xsrf: String(signingOut.page.facts.xsrf), logout: 'yes' }),
      signingOut,
    ],
  ];
}

test('without its database Twofold says 503 with a reference everywhere, lets nobody in, and recovers by itself [check 120]', {
  timeout: 600_000,
}, async (t) => {
  const mongod = await startOwnMongod(t);
  const world = await startWorld(t, { database: await openOwn(t, mongod.uri) });
  const there = await people(world);
  const asked = await requests(world, there);

  await mongod.kill();
  for (const accept of ['text/html', 'application/json']) {
    const answers = await Promise.all(
      asked.map(async ([what, sent, browser]) => {
        const response = await browser.fetch({ ...sent, headers: { ...sent.headers, accept } });
        return { what: `${what} as ${accept}`, response, text: await response.text() };
      }),
    );
    for (const { what, response, text } of answers) {
      assert.equal(response.status, 503, `${what} ${text.slice(0, 200)}`);
      assert.equal(response.headers.get('retry-after'), '5', what);
      assert.equal(response.headers.get('location'), null, what);
      assert.equal(response.headers.get('cache-control'), 'no-store', what);
      assert.deepEqual(
        response.headers.getSetCookie().filter((line) => /session=[^;]/.test(line)),
        [],
        what,
      );
      const reference = response.headers.get('x-request-id') ?? '';
      assert.doesNotMatch(withoutLots(text, reference), /mongo|ECONN|127\.0\.0\.1|topology|at \w+ \(/i, what);
      assert.match(reference, /^[\w-]{12}$/, what);
      assert.ok(!text.startsWith('<') || text.includes(reference), what);
      assert.ok(
        world.logged.some((line) => line.includes(reference) && /error/.test(line)),
        `${what} is in the log`,
      );
    }
  }
  for (const target of ['/health', '/jwks', '/.well-known/openid-configuration', '/assets/style.css'])
    assert.equal((await world.ask({ target })).status, 200, target);

  await mongod.start();
  const { atPassword, atFactor, signedIn, signingOut, ada } = there;
  await signedIn.authorize({ prompt: 'none' });
  assert.ok(signedIn.code, signedIn.text);
  assert.equal((await redeemRaw(signedIn)).status, 200);
  await atFactor.submit({ code: ada.codeNow() });
  assert.ok(atFactor.code, atFactor.text);
  const bob = await world.person();
  await atPassword.submit({ identifier: bob.email, password: bob.password });
  await atPassword.submit({ code: bob.codeNow() });
  assert.ok(atPassword.code, atPassword.text);
  await signingOut.visit('/session/end');
  await signingOut.submit({ xsrf: String(signingOut.page.facts.xsrf), logout: 'yes' });
  assert.equal(signingOut.stage, 'signed-out');
});

test('a last redirect that met the outage goes on afterwards, or leads back to the client [check 120]', {
  timeout: 600_000,
}, async (t) => {
  const mongod = await startOwnMongod(t);
  const world = await startWorld(t, { database: await openOwn(t, mongod.uri) });
  const { parked, resume } = await people(world);
  await mongod.kill();
  assert.equal((await parked.fetch(get(new URL(resume, world.issuer).pathname, world))).status, 503);
  await mongod.start();
  await parked.visit(resume);
  assert.ok(parked.code, parked.text);
});
