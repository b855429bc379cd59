import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { BrowserContextOptions, ConsoleMessage, Page } from 'playwright-core';
import { newContext } from '../support/chromium.ts';
import { chooseFront, startNginx } from '../support/nginx.ts';
import { otpauth, samplePages } from '../support/sample-pages.ts';
import { isLong } from '../support/size.ts';
import { serveSamples } from './support.ts';
import { bringAxe, faults, measure, readQr } from './support-measure.ts';

const modes: Readonly<Record<string, BrowserContextOptions>> = {
  light: { colorScheme: 'light', viewport: { width: 1000, height: 800 } },
  dark: { colorScheme: 'dark', viewport: { width: 1000, height: 800 } },
  narrow: { colorScheme: 'light', viewport: { width: 320, height: 640 } },
};

const plain = await serveSamples({ after });
const front = await startNginx({ after }, await chooseFront(), plain);

const ways: Readonly<Record<string, string>> = { 'over http': plain, 'over https behind nginx': front.origin };

type Open = (options?: BrowserContextOptions) => Promise<{ readonly page: Page; readonly origin: string }>;

function everyWay(name: string, check: (open: Open) => Promise<void>): void {
  for (const [way, origin] of Object.entries(ways)) {
    test(`${name} (${way})`, (t) =>
      check(async (options = {}) => {
        const context = await newContext(t, { ignoreHTTPSErrors: true, ...modes.light, ...options });
        return { page: await context.newPage(), origin };
      }));
  }
}

/** The browser reports the page's own 422 or 503 on its console, too. */
function isOwnStatus(message: ConsoleMessage, page: Page): boolean {
  return message.location().url === page.url() && message.text().startsWith('Failed to load resource');
}

everyWay(
  'axe finds nothing on any page, light, dark or narrow, and nothing is cut, small or fetched from elsewhere [check 97]',
  async (open) => {
    // Without fades, so that each colour is looked at when it has arrived.
    const { page, origin } = await open({ reducedMotion: 'reduce' });
    await bringAxe(page.context());
    const noise: string[] = [];
    page.on('console', (message) => isOwnStatus(message, page) || noise.push(message.text()));
    page.on('pageerror', (error) => noise.push(error.message));
    page.on('request', (request) => request.url().startsWith(`${origin}/`) || noise.push(request.url()));
    // Colour and width are no proxy's affair.
    const looks = origin === plain || isLong ? Object.keys(modes) : ['light'];
    for (const { name } of samplePages) {
      await page.goto(`${origin}/${name}`);
      for (const mode of looks) await look(page, name, mode);
      assert.deepEqual(noise, [], name);
    }
  },
);

/** One document in all lights and widths: to load it and axe anew for each costs twice what looking does. */
async function look(page: Page, name: string, mode: string): Promise<void> {
  const { colorScheme = null, viewport } = modes[mode] ?? {};
  const where = `${name}, ${mode}`;
  await page.emulateMedia({ colorScheme });
  if (viewport) await page.setViewportSize(viewport);
  assert.deepEqual(await faults(page), [], where);
  const { width, scrollWidth, ...rest } = await measure(page);
  assert.equal(width, viewport?.width, where);
  assert.ok(scrollWidth <= width, `${where} scrolls sideways: ${scrollWidth} in ${width}`);
  assert.deepEqual(rest, { small: [], tiny: [], h1: 1, filled: rest.filled, cut: [] }, where);
  assert.ok(rest.filled <= 1, `${where} has ${rest.filled} filled buttons`);
}

everyWay('the QR code says what the link says, in light, in dark and in forced colours', async (open) => {
  for (const options of [{}, modes.dark, { forcedColors: 'active', colorScheme: 'dark' } as const]) {
    const { page, origin } = await open(options);
    await page.goto(`${origin}/enrol-totp`);
    assert.equal(readQr(await page.screenshot({ fullPage: true })), otpauth);
    assert.equal(await page.locator('.steps a').getAttribute('href'), otpauth);
  }
});

everyWay('setting up begins at the top: the field at its end does not pull the page down', async (open) => {
  const { page, origin } = await open(modes.narrow);
  await page.goto(`${origin}/enrol-totp`);
  await page.waitForLoadState('networkidle');
  assert.equal(await page.evaluate('scrollY'), 0);
});

everyWay('the key stands in groups of four, four a line, and is read from left to right', async (open) => {
  const { page, origin } = await open();
  await page.goto(`${origin}/enrol-totp`);
  assert.deepEqual(await page.locator('.key span').allInnerTexts(), ['JBSW Y3DP EHPK 3PXP', 'JBSW Y3DP EHPK 3PXP']);
  assert.equal(await page.locator('.key').getAttribute('dir'), 'ltr');
});

everyWay('a failure takes the focus without script, and each of its sentences leads to its field', async (open) => {
  const { page, origin } = await open({ javaScriptEnabled: false });
  await page.goto(`${origin}/register-errors`);
  assert.match(await page.title(), /^Error: Create your account - Twofold$/);
  assert.equal(await page.locator('.summary:focus [role=alert] li').count(), 3);
  for (const field of ['email', 'username', 'password']) {
    const input = page.locator(`#${field}`);
    const ids = (await input.getAttribute('aria-describedby'))?.split(' ') ?? [];
    assert.ok(ids.includes(`${field}-error`), field);
    assert.equal(await input.getAttribute('aria-invalid'), 'true');
    const told = await page.locator(`#${field}-error`).textContent();
    assert.equal(await page.locator(`.summary a[href="#${field}"]`).textContent(), told);
  }
});

everyWay('without a failure the code is ready to be typed, and Enter presses the main button', async (open) => {
  const { page, origin } = await open();
  await page.goto(`${origin}/totp-ways`);
  await page.locator('#code:focus').waitFor();
  await page.keyboard.type('123456');
  const sent = page.waitForRequest((request) => request.method() === 'POST');
  await page.keyboard.press('Enter');
  const request = await sent;
  assert.equal(new URL(request.url()).pathname, '/do/factor');
  assert.equal(request.postData(), 'forgery=forgery-token&way=one&code=123456');
});

everyWay('without script no control is dead', async (open) => {
  const { page, origin } = await open({ javaScriptEnabled: false });
  for (const { name } of samplePages) {
    const html = await (await page.request.get(`${origin}/${name}`)).text();
    // Read as a browser without script reads it, but 97 pages need no drawing for that.
    const dead = await page.evaluate(
      `new DOMParser().parseFromString(${JSON.stringify(html)}, 'text/html')
        .querySelectorAll('button[type=button], button:not(form *), a:not([href])').length`,
    );
    assert.equal(dead, 0, name);
  }
});

everyWay('Show makes the password readable, and it is hidden again before it is sent', async (open) => {
  const { page, origin } = await open();
  await page.goto(`${origin}/sign-in`);
  await page.getByRole('button', { name: 'Show password' }).click();
  assert.equal(await page.locator('#password').getAttribute('type'), 'text');
  await page.evaluate('document.querySelector("form").addEventListener("submit", (event) => event.preventDefault())');
  await page.locator('#password').press('Enter');
  assert.equal(await page.locator('#password').getAttribute('type'), 'password');
});

everyWay('Copy key copies the bare key and says so', async (open) => {
  const { page, origin } = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
  await page.goto(`${origin}/enrol-totp`);
  await page.getByRole('button', { name: 'Copy key' }).click();
  await page.locator('.copy [role=status]', { hasText: 'Copied' }).waitFor();
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP');
});

everyWay('the wait for another code counts down and then goes away', async (open) => {
  const { page, origin } = await open();
  await page.clock.install({ time: 0 });
  // Or its time would go on while the page loads.
  await page.clock.pauseAt(1000);
  await page.goto(`${origin}/confirm-mail`);
  const wait = page.locator('[data-countdown]');
  await page.clock.runFor(2000);
  assert.equal(await wait.textContent(), 'You can ask for another code in 0:45.');
  assert.equal(await wait.getAttribute('aria-live'), null);
  await page.clock.runFor(46_000);
  assert.equal(await wait.count(), 0);
});

everyWay('Allow and Do not allow are of one size', async (open) => {
  for (const options of Object.values(modes)) {
    const { page, origin } = await open(options);
    await page.goto(`${origin}/consent`);
    const [allow, deny] = await Promise.all(
      ['allow', 'deny'].map((value) => page.locator(`button[value=${value}]`).boundingBox()),
    );
    assert.deepEqual([allow?.width, allow?.height], [deny?.width, deny?.height]);
  }
});

everyWay('from right to left the page is mirrored; addresses, keys and codes are not', async (open) => {
  const { page, origin } = await open(modes.narrow);
  for (const name of ['sign-in-long', 'enrol-totp', 'totp-long']) {
    await page.goto(`${origin}/${name}`);
    await page.evaluate('document.documentElement.dir = "rtl"');
    const { width, scrollWidth } = await measure(page);
    assert.ok(scrollWidth <= width, name);
    const directions = await page.evaluate(
      '[...document.querySelectorAll("#identifier, #password, #code, .key, .account bdi")].map((e) => getComputedStyle(e).direction)',
    );
    assert.deepEqual([...new Set(directions as string[])], ['ltr'], name);
  }
});

everyWay('printed, a page is black on white and shows no controls', async (open) => {
  const { page, origin } = await open(modes.dark);
  await page.goto(`${origin}/enrol-totp`);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('button:visible, input:visible').count(), 0);
  const colours = await page.evaluate(
    '[...document.querySelectorAll("body, h1, .key, .account bdi")].map((e) => getComputedStyle(e).color)',
  );
  assert.deepEqual([...new Set(colours as string[])], ['rgb(0, 0, 0)']);
});

everyWay('in forced colours buttons keep their borders and boxes are the system’s own', async (open) => {
  const { page, origin } = await open({ forcedColors: 'active' });
  await page.goto(`${origin}/sign-in`);
  const style = (selector: string, name: string) =>
    page.evaluate(`getComputedStyle(document.querySelector(${JSON.stringify(selector)}))[${JSON.stringify(name)}]`);
  assert.equal(await style('.button', 'borderTopStyle'), 'solid');
  assert.equal(await style('.box input', 'appearance'), 'auto');
});
