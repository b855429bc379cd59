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

/** A browser of this test's own, closed with it; or of a whole file, given node:test itself. */
export async function launchChromium(t: { after(end: () => Promise<void>): void }): Promise<Browser> {
  const executablePath = process.env.TWOFOLD_CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: quiet });
  t.after(() => browser.close());
  return browser;
}
