import type { TestContext } from 'node:test';
import { type Browser, chromium } from 'playwright-core';

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser of this test's own, closed with it. */
export async function launchChromium(t: TestContext): Promise<Browser> {
  const executablePath = process.env.TWOFOLD_CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: quiet });
  t.after(() => browser.close());
  return browser;
}
