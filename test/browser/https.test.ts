import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { newContext } from '../support/chromium.ts';
import { startFrontedWorld } from '../support/fronted-world.ts';

async function startApp(t: TestContext): Promise<string> {
  const server = createServer((_request, response) => response.end('back at the app'));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://localhost:${(server.address() as AddressInfo).port}/callback`;
}

test('under https a person signs in, and every cookie is Secure, HttpOnly and prefixed [check 52, 56, 96]', async (t) => {
  const appUrl = await startApp(t);
  const world = await startFrontedWorld(t, { clients: [{ clientId: 'here', redirectUris: [appUrl] }] });
  const ada = await world.person();
  const context = await newContext(t, { ignoreHTTPSErrors: true });
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
