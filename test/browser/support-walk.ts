import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { newContext } from '../support/chromium.ts';
import { bringAxe, faults, measure } from './support-measure.ts';

/** As most people come, and as bare as it gets. */
export const modes: Readonly<Record<string, BrowserContextOptions>> = {
  'with JavaScript': {},
  'without JavaScript, in the dark on a small screen': {
    javaScriptEnabled: false,
    colorScheme: 'dark',
    viewport: { width: 320, height: 640 },
  },
};

/** Somebody who walks from page to page; each page on the way is held against the checklist of the pages. */
export interface Walker {
  readonly page: Page;
  /** Presses the button or link and looks at the page that it leads to. */
  press(name: string | RegExp): Promise<void>;
  fill(label: string, value: string): Promise<void>;
  /** The heading of the page; waits for it. */
  at(heading: string): Promise<void>;
  told(sentence: string): Promise<void>;
}

export async function setOut(t: TestContext, options: BrowserContextOptions): Promise<Walker> {
  return walkerOn(t, await newPage(t, options), options);
}

/** On a page whose context has brought axe. */
export async function walkerOn(t: TestContext, page: Page, options: BrowserContextOptions): Promise<Walker> {
  const looker = options.javaScriptEnabled === false ? await twinOf(t, options) : page;
  const label = (name: string) => page.getByLabel(name, { exact: true });
  return {
    page,
    async press(name) {
      const control = page.getByRole('button', { name, exact: true }).or(page.getByRole('link', { name, exact: true }));
      await Promise.all([page.waitForNavigation(), control.first().click()]);
      await page.waitForLoadState();
      await look(page, looker);
    },
    fill: (name, value) => label(name).fill(value),
    at: (name) => page.getByRole('heading', { name, level: 1 }).waitFor(),
    told: (sentence) => page.getByRole('status').getByText(sentence).waitFor(),
  };
}

/** Of a browser that is signed in nowhere, with axe at hand. */
export async function newPage(t: TestContext, options: BrowserContextOptions): Promise<Page> {
  const context = await newContext(t, options);
  await bringAxe(context);
  return context.newPage();
}

/** Axe needs timers, which a page without script has none of: the same page in the same light and width, its scripts left out, stands for it. */
async function twinOf(t: TestContext, options: BrowserContextOptions): Promise<Page> {
  const twin = await newPage(t, { ...options, javaScriptEnabled: true });
  await twin.route('**/*.js', (route) => route.abort());
  return twin;
}

async function look(page: Page, looker: Page): Promise<void> {
  const heading = await page.locator('h1').innerText();
  const { width, scrollWidth, filled, ...rest } = await measure(page);
  assert.deepEqual(rest, { small: [], tiny: [], h1: 1, cut: [] }, heading);
  assert.ok(scrollWidth <= width, `${heading} scrolls sideways: ${scrollWidth} in ${width}`);
  assert.ok(filled <= 1, `${heading} has ${filled} filled buttons`);
  const failed = (await page.getByRole('alert').count()) > 0;
  assert.equal(await page.title(), `${failed ? 'Error: ' : ''}${heading} - Twofold`);
  if (looker !== page) {
    const dead = page.locator('button[type=button], button:not(form *), a:not([href])');
    assert.equal(await dead.count(), 0, `a control of ${heading} needs script`);
    await copy(page, looker);
  }
  assert.deepEqual(await faults(looker), [], heading);
}

async function copy(page: Page, twin: Page): Promise<void> {
  const body = await page.content();
  const address = page.url();
  await twin.route(address, (route) => route.fulfill({ body, contentType: 'text/html; charset=utf-8' }));
  await twin.goto(address);
  await twin.unroute(address);
}
