import assert from 'node:assert/strict';
import { after, type TestContext, test } from 'node:test';
import type { BrowserContextOptions } from 'playwright-core';
import { newContext } from '../support/chromium.ts';
import { serveSamples } from './support.ts';

const origin = await serveSamples({ after });
const whole = 'K7M4-9QWT-X2HD-5VNP';

const looks: Readonly<Record<string, { readonly viewport: { width: number; height: number }; readonly large?: true }>> =
  {
    'at 320 px': { viewport: { width: 320, height: 640 } },
    'at 320 px with text of twice the size': { viewport: { width: 320, height: 640 }, large: true },
    'on a wide screen with text of twice the size': { viewport: { width: 1000, height: 800 }, large: true },
  };

async function opened(t: TestContext, name: string, { large, ...options }: BrowserContextOptions & { large?: true }) {
  const context = await newContext(t, options);
  const page = await context.newPage();
  await page.goto(`${origin}/${name}`);
  // As a person's own settings do, past the policy of the page.
  if (large) await page.evaluate("document.documentElement.style.setProperty('font-size', '200%')");
  return page;
}

for (const [look, options] of Object.entries(looks)) {
  test(`the codes to be saved stay within the page, ${look}`, async (t) => {
    for (const name of ['recovery-codes', 'account-codes']) {
      const page = await opened(t, name, options);
      const beyond = await page.evaluate(`(() => {
        const edge = document.documentElement.clientWidth;
        return [...document.querySelectorAll('.codes, .codes li, .tools *')]
          .filter((element) => element.getBoundingClientRect().right > edge || element.scrollWidth > element.clientWidth + 1)
          .map((element) => element.outerHTML.slice(0, 80));
      })()`);
      assert.deepEqual(beyond, [], name);
      const [width, scrollWidth] = (await page.evaluate(
        '[document.documentElement.clientWidth, document.documentElement.scrollWidth]',
      )) as [number, number];
      assert.ok(scrollWidth <= width, `${name} scrolls sideways: ${scrollWidth} in ${width}`);
    }
  });
}

for (const look of ['at 320 px', 'on a wide screen with text of twice the size']) {
  test(`the field of a recovery code shows the whole of it, ${look}`, async (t) => {
    const page = await opened(t, 'recovery', looks[look] ?? {});
    await page.locator('#code').fill(whole);
    const [inner, needed] = (await page.evaluate(
      "(({ clientWidth, scrollWidth }) => [clientWidth, scrollWidth])(document.querySelector('#code'))",
    )) as [number, number];
    assert.ok(needed <= inner, `${needed} in ${inner}`);
  });
}

test('printed, the codes have their owner and the date above them, and no button and no "Copied" beside them', async (t) => {
  for (const name of ['recovery-codes', 'account-codes']) {
    const page = await opened(t, name, { permissions: ['clipboard-read', 'clipboard-write'] });
    const copy = page.getByRole('button', { name: 'Copy' });
    await copy.click();
    await page.getByText('Copied').waitFor();
    assert.ok(!(await page.locator('.printed').isVisible()), 'on screen the page has its own heading');
    await page.emulateMedia({ media: 'print' });
    const printed = await page.locator('.printed').innerText();
    assert.match(printed, /^Recovery codes of .+@.+ for Twofold, May 4, 2026 at 09:30 UTC$/);
    assert.equal(await page.locator('.codes li:visible').count(), name === 'recovery-codes' ? 10 : 4);
    for (const gone of ['Copied', 'Copy', 'Download', 'Print', 'Continue', 'I have saved them'])
      assert.equal(await page.getByText(gone, { exact: true }).and(page.locator(':visible')).count(), 0, gone);
  }
});
