import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { generateKeyPair, SignJWT } from 'jose';
import { createRelyingParty } from '../../examples/relying-party/app.ts';
import type { Browser } from '../support/browser.ts';
import { atHome } from '../support/logout-client.ts';
import type { Person } from '../support/person.ts';
import { startWorld, type World } from '../support/world.ts';

const demo = { clientId: 'demo', secret: 'the-demo-has-a-secret-of-its-own', name: 'Demo' };

/** Twofold, and the demo as a developer copies it. */
async function withDemo(t: TestContext) {
  const server = createServer();
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const demoUrl = `http://localhost:${(server.address() as AddressInfo).port}`;
  const uris = { redirectUris: [`${demoUrl}/callback`], backchannelLogoutUri: `${demoUrl}/backchannel-logout` };
  const world = await startWorld(t, { settings: atHome, clients: [{ ...demo, ...uris }] });
  world.travel(0);
  const app = createRelyingParty({
    issuer: world.issuer,
    ownUrl: demoUrl,
    clientId: 'demo',
    clientSecret: demo.secret,
  });
  server.on('request', app.callback());
  return { world, demoUrl };
}

/** A visitor of the demo: the browser at the provider, and its cookie at the demo. */
async function visitor(world: World, demoUrl: string, person: Person) {
  const browser = world.browser();
  const begun = await fetch(`${demoUrl}/sign-in`, { redirect: 'manual' });
  const pending = cookieOf(begun);
  await browser.visit(begun.headers.get('location') ?? '');
  await browser.submit({ identifier: person.email, password: person.password });
  await browser.submit({ code: person.codeNow() });
  world.travel(31);
  const back = await fetch(browser.url, { redirect: 'manual', headers: { cookie: pending } });
  const cookie = cookieOf(back);
  const isSignedIn = async () =>
    (await (await fetch(demoUrl, { headers: { cookie } })).text()).includes('You are signed in');
  assert.equal(await isSignedIn(), true);
  return { browser, isSignedIn };
}

function cookieOf(response: Response): string {
  const [cookie = ''] = response.headers.getSetCookie().flatMap((set) => /^twofold_demo=[^;]+/.exec(set) ?? []);
  return cookie;
}

async function signOut(browser: Browser): Promise<void> {
  await browser.visit('/session/end');
  await browser.submit({ xsrf: String(browser.page.facts.xsrf), logout: 'yes' });
}

test('whoever signs out at Twofold is signed out at the demo; the same person elsewhere stays', async (t) => {
  const { world, demoUrl } = await withDemo(t);
  const ada = await world.person();
  const [here, elsewhere] = [await visitor(world, demoUrl, ada), await visitor(world, demoUrl, ada)];
  await signOut(here.browser);
  await world.app.logouts.tellDue();
  assert.deepEqual([await here.isSignedIn(), await elsewhere.isSignedIn()], [false, true]);
});

/** What somebody else than Twofold would have to send. */
async function tell(demoUrl: string, token: string): Promise<number> {
  const answer = await fetch(`${demoUrl}/backchannel-logout`, {
    method: 'POST',
    body: new URLSearchParams({ logout_token: token }),
  });
  await answer.text();
  return answer.status;
}

test('the demo believes a logout token of its provider alone, typed, in time, for it, and once', async (t) => {
  const { world, demoUrl } = await withDemo(t);
  const ada = await world.person();
  const { browser, isSignedIn } = await visitor(world, demoUrl, ada);
  const { privateKey } = await generateKeyPair('ES256');
  const [signingKey] = world.keys.jwks.keys;
  const event = { 'http://schemas.openid.net/event/backchannel-logout': {} };
  const claims = { iss: world.issuer, aud: 'demo', sub: ada.id, events: event, jti: 'one' };
  const made = async (given: object, header: object = {}, key: unknown = signingKey) =>
    new SignJWT({ ...claims, ...given })
      .setProtectedHeader({ alg: 'ES256', typ: 'logout+jwt', kid: String(signingKey?.kid), ...header })
      .setIssuedAt()
      .setExpirationTime('2 minutes')
      .sign(key as never);
  const forged = {
    'no token': 'x',
    'another key': await made({}, {}, privateKey),
    'another client': await made({ aud: 'app' }),
    'another provider': await made({ iss: 'https://evil.example' }),
    'an ID token by its type': await made({}, { typ: 'JWT' }),
    'no event': await made({ events: {} }),
    'a nonce': await made({ nonce: 'n' }),
    nobody: await made({ sub: undefined }),
    'no jti': await made({ jti: undefined }),
  };
  for (const [what, token] of Object.entries(forged)) assert.equal(await tell(demoUrl, token), 400, what);
  const late = await made({});
  world.travel(180);
  assert.equal(await tell(demoUrl, late), 400, 'too late');
  assert.equal(await tell(demoUrl, 'x'.repeat(20_000)), 413);
  assert.equal(await isSignedIn(), true);

  const good = await made({});
  assert.deepEqual(
    [await tell(demoUrl, good), await isSignedIn()],
    [200, false],
    'a token without sid ends all of that person',
  );
  assert.equal(await tell(demoUrl, good), 400, 'told again');
  await signOut(browser);
  await world.app.logouts.tellDue();
});

test('a demo that cannot read its provider’s keys just now asks to be told again, and does not refuse the token', async (t) => {
  const server = createServer();
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  let keys = (answer: ServerResponse) => answer.writeHead(503).end();
  server.on('request', ({ url }, answer) => {
    if (url === '/jwks') return keys(answer);
    const algorithms = { id_token_signing_alg_values_supported: ['ES256'] };
    answer.setHeader('content-type', 'application/json');
    answer.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/jwks`, ...algorithms }));
  });
  const app = createRelyingParty({ issuer, ownUrl: 'http://localhost:1', clientId: 'demo', clientSecret: demo.secret });
  const own = app.listen(0, '127.0.0.1');
  t.after(() => own.close());
  await once(own, 'listening');
  const demoUrl = `http://localhost:${(own.address() as AddressInfo).port}`;
  const { privateKey } = await generateKeyPair('ES256');
  const header = { alg: 'ES256', typ: 'logout+jwt', kid: 'k' };
  const token = await new SignJWT({ iss: issuer, aud: 'demo' }).setProtectedHeader(header).sign(privateKey);
  assert.equal(await tell(demoUrl, token), 503);
  keys = (answer) => answer.socket?.destroy() as never;
  assert.equal(await tell(demoUrl, token), 503);
});
