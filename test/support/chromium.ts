import { after } from 'node:test';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Names of the tests' own (named-front.ts).
  '--host-resolver-rules=MAP *.example.test 127.0.0.1',
];

/** For every step and every page: what a busy machine takes longer for is no fault. */
const patienceMs = 120_000;

function launched() {
  return { executablePath: process.env.TWOFOLD_CHROMIUM ?? '/usr/bin/chromium', args: quiet, timeout: patienceMs };
}

let running: Promise<Browser> | undefined;

after(async () => (await running)?.close());

/** One for all tests of a file, closed after the last: a context of its own keeps each test apart, and a start costs a second. */
export function chromiumOfFile(): Promise<Browser> {
  running ??= chromium.launch(launched());
  return running;
}

/** A browser of its own that keeps in this folder what browsers keep; closing it is what quitting a browser is. */
export async function launchProfile(folder: string, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await chromium.launchPersistentContext(folder, { ...launched(), ...options });
  context.setDefaultTimeout(patienceMs);
  return context;
}

/** A context of its own, open until the test is over. */
export async function newContext(
  t: { after(end: () => Promise<void>): void },
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await (await chromiumOfFile()).newContext(options);
  t.after(() => context.close());
  context.setDefaultTimeout(patienceMs);
  return context;
}
