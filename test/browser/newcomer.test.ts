import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { startFrontedWorld } from '../support/fronted-world.ts';
import { startWorld } from '../support/world.ts';
import { readQr } from './support-measure.ts';
import { type Start, walkAsNewcomer } from './support-newcomer.ts';

const ways: Readonly<Record<string, Start>> = {
  'over http': startWorld,
  'over https behind nginx': startFrontedWorld,
};

const small = { javaScriptEnabled: false, colorScheme: 'dark', viewport: { width: 320, height: 640 } } as const;

async function scanned(page: Page): Promise<string> {
  const uri = readQr(await page.locator('.qr').screenshot());
  return new URL(uri ?? 'otpauth://none').searchParams.get('secret') ?? '';
}

async function typed(page: Page): Promise<string> {
  return (await page.locator('code.key').innerText()).replaceAll(/\s/g, '');
}

for (const [way, start] of Object.entries(ways)) {
  test(`a newcomer comes all the way ${way} with a phone that scans the code`, (t) =>
    walkAsNewcomer(t, { start, secretOf: scanned }));

  test(`a newcomer comes all the way ${way} without JavaScript, typing the key, in the dark on a small screen`, (t) =>
    walkAsNewcomer(t, { start, options: small, secretOf: typed }));
}
