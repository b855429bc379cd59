import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assets } from '../../src/http/assets.ts';
import { securityHeaders } from '../../src/http/security-headers.ts';
import { createTheme } from '../../src/http/theme.ts';
import { newContext } from '../support/chromium.ts';
import { serveApp } from '../support/served-app.ts';

/** Draws what is loaded and reads the colour of a point of the front sheet, as in a tab. */
const colourOf = `(async () => {
  const image = new Image(32, 32);
  image.src = '/assets/favicon.svg';
  await image.decode();
  const paper = document.createElement('canvas').getContext('2d');
  paper.drawImage(image, 0, 0, 32, 32);
  return [...paper.getImageData(9, 22, 1, 1).data];
})()`;

test('the favicon is drawn in the accent, light and dark, under the policy of every answer', async (t) => {
  const theme = createTheme({ productName: 'Acme', accent: '#c2185b', links: {} });
  const { origin } = await serveApp(t, [securityHeaders({ issuer: 'http://localhost:3000' }), assets({ theme })]);
  const bytes = (colour: string) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  for (const scheme of ['light', 'dark'] as const) {
    const page = await (await newContext(t, { colorScheme: scheme })).newPage();
    await page.goto(`${origin}/assets/theme.css`);
    assert.deepEqual(await page.evaluate(colourOf), [...bytes(theme.accents[scheme]), 255], scheme);
  }
  assert.notEqual(theme.accents.light, theme.accents.dark);
});
