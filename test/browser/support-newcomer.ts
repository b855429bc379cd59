import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { createRelyingParty } from '../../examples/relying-party/app.ts';
import { newContext } from '../support/chromium.ts';
import { codeOf } from '../support/person.ts';
import type { World, WorldOptions } from '../support/world.ts';
import { bringAxe, faults } from './support-measure.ts';

const demo = { clientId: 'demo', secret: 'the-demo-has-a-secret-of-its-own' };
const password = 'a walrus in the attic';

/** How Twofold is reached: itself, or through a proxy. */
export type Start = (t: TestContext, options: WorldOptions) => Promise<World>;

/** Twofold and the demo relying party, each on a port of its own, as `npm start` runs them. */
export async function startBoth(
  t: TestContext,
  start: Start,
): Promise<{ readonly world: World; readonly demoUrl: string }> {
  const server = createServer();
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const demoUrl = `http://localhost:${(server.address() as AddressInfo).port}`;
  const urls = {
    redirectUris: [`${demoUrl}/callback`],
    postLogoutRedirectUris: [`${demoUrl}/`],
    clientUri: `${demoUrl}/`,
  };
  const world = await start(t, { clients: [{ ...demo, ...urls, name: 'Demo relying party', firstParty: false }] });
  const app = createRelyingParty({
    issuer: world.issuer,
    ownUrl: demoUrl,
    clientId: demo.clientId,
    clientSecret: demo.secret,
  });
  server.on('request', app.callback());
  return { world, demoUrl };
}

interface Seen {
  readonly scripted: boolean;
  readonly pages: string[];
  readonly complaints: string[];
}

/** A page that notes what its browser complains about and every host it asks. */
export async function openPage(
  t: TestContext,
  hosts: readonly string[],
  options: BrowserContextOptions = {},
): Promise<{ page: Page; seen: Seen }> {
  const context = await newContext(t, { ignoreHTTPSErrors: true, ...options });
  await bringAxe(context);
  const page = await context.newPage();
  const seen: Seen = { scripted: options.javaScriptEnabled !== false, pages: [], complaints: [] };
  page.on(
    'console',
    (message) => message.type() === 'error' && !message.text().includes('422') && seen.complaints.push(message.text()),
  );
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && !hosts.includes(url.host)) seen.complaints.push(`asked ${url.host}`);
  });
  return { page, seen };
}

/** Presses the button or link and waits for the page it leads to, which axe then looks at. */
export async function press(page: Page, name: string, seen: Seen): Promise<void> {
  const control = page.getByRole('button', { name, exact: true }).or(page.getByRole('link', { name, exact: true }));
  await Promise.all([page.waitForNavigation(), control.first().click()]);
  await page.waitForLoadState();
  const heading = await page.locator('h1').first().innerText();
  seen.pages.push(heading);
  if (seen.scripted) seen.complaints.push(...(await faults(page)).map((fault) => `${heading}: ${fault}`));
}

interface Walk {
  readonly start: Start;
  readonly options?: BrowserContextOptions;
  readonly secretOf: (page: Page) => Promise<string>;
}

/** The whole way: registers, confirms, scans, consents, reads the claims, signs out, and signs in again. */
export async function walkAsNewcomer(t: TestContext, { start, options = {}, secretOf }: Walk): Promise<void> {
  const { world, demoUrl } = await startBoth(t, start);
  const { page, seen } = await openPage(t, [new URL(world.issuer).host, new URL(demoUrl).host], options);
  await page.goto(demoUrl);
  await press(page, 'Sign in', seen);
  await press(page, 'Create an account', seen);
  await page.getByLabel('E-mail').fill('ada@example.com');
  await page.locator('input[name=password]').fill(password);
  await press(page, 'Continue', seen);

  await page.locator('input[name=code]').fill(world.codeMailedTo('ada@example.com'));
  await press(page, 'Continue', seen);
  const secret = await secretOf(page);
  await page.locator('input[name=code]').fill(codeOf(secret));
  await press(page, 'Continue', seen);
  await page.getByLabel('I have saved them').check();
  await press(page, 'Continue', seen);
  await press(page, 'Allow', seen);

  const shown = await page.locator('body').innerText();
  assert.match(shown, /urn:twofold:2fa/);
  assert.match(shown, /pwd.*otp.*mfa/s);
  assert.match(shown, /ada@example\.com/);

  await press(page, 'Sign out', seen);
  if (page.url().startsWith(world.issuer)) await press(page, 'Sign out', seen);
  assert.equal(new URL(page.url()).origin, demoUrl);

  await press(page, 'Sign in', seen);
  await page.locator('input[name=identifier]').fill('ada@example.com');
  await page.locator('input[name=password]').fill(password);
  await press(page, 'Sign in', seen);
  world.travel(31);
  await page.locator('input[name=code]').fill(codeOf(secret));
  await press(page, 'Continue', seen);
  assert.match(await page.locator('body').innerText(), /urn:twofold:2fa/);
  assert.deepEqual(seen.complaints, []);
}
