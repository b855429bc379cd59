import { after } from 'node:test';
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

let running: Promise<Browser> | undefined;

after(async () => (await running)?.close());

/** One for all tests of a file, closed after the last: a context of its own keeps each test apart, and a start costs a second. */
export function chromiumOfFile(): Promise<Browser> {
  const executablePath = process.env.TWOFOLD_CHROMIUM ?? '/usr/bin/chromium';
  running ??= chromium.launch({ executablePath, args: quiet });
  return running;
}
