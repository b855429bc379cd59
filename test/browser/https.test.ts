import assert from 'node:assert/strict';
import { createServer as createPlainServer, type Server } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { generate } from 'selfsigned';
import { launchChromium } from '../support/chromium.ts';
import { startWorld, type World } from '../support/world.ts';

async function listen(t: TestContext, server: Server): Promise<number> {
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** The same application behind TLS of its own, under an https issuer. */
async function startHttps(t: TestContext, redirectUri: string): Promise<World> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' });
  const server = createServer({ key, cert });
  const issuer = `https://localhost:${await listen(t, server)}`;
  const world = await startWorld(t, {
    settings: { issuer },
    clients: [{ clientId: 'here', redirectUris: [redirectUri] }],
  });
  server.on('request', world.app.app.callback());
  return world;
}

test('under https a person signs in, and every cookie is Secure, HttpOnly and prefixed [check 52, 56, 96]', async (t) => {
  const app = createPlainServer((_request, response) => response.end('back at the app'));
  const appUrl = `http://localhost:${await listen(t, app)}/callback`;
  const world = await startHttps(t, appUrl);
  const ada = await world.person();
  const browser = await launchChromium(t);
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();

  const { url } = await world.party('here').begin();
  const answer = await page.goto(url.href);
  assert.match(answer?.headers()['strict-transport-security'] ?? '', /max-age=31536000; includeSubDomains/);
  await page.locator('input[name=identifier]').fill(ada.email);
  await page.locator('input[name=password]').fill(ada.password);
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  await page.locator('input[name=code]').fill(ada.codeNow());
  await Promise.all([page.waitForURL(`${appUrl}**`), page.keyboard.press('Enter')]);
  assert.ok(new URL(page.url()).searchParams.get('code'));

  const cookies = await context.cookies(world.issuer);
  const session = cookies.find(({ name }) => name === '__Host-twofold_session');
  assert.ok(session && session.path === '/');
  for (const { name, secure, httpOnly, sameSite } of cookies) {
    assert.match(name, /^__(Host|Secure)-/);
    assert.deepEqual({ name, secure, httpOnly, sameSite }, { name, secure: true, httpOnly: true, sameSite: 'Lax' });
  }
});
