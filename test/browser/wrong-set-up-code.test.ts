import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { newContext } from '../support/chromium.ts';
import { serveSamples } from './support.ts';

const sizes = [
  { width: 320, height: 640 },
  { width: 1280, height: 720 },
];

/** Whether what has this id is wholly in the window, as the page came. */
const seen = (page: Page, id: string) =>
  page.evaluate(`(() => {
    const { top, bottom } = document.getElementById(${JSON.stringify(id)}).getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight && bottom > top;
  })()`);

for (const viewport of sizes) {
  test(`a wrong code at set-up shows its field and what is wrong without scrolling (${viewport.width})`, async (t) => {
    const origin = await serveSamples(t);
    const context = await newContext(t, { viewport, javaScriptEnabled: false });
    for (const name of [
      'enrol-totp-wrong',
      'enrol-email-wrong-code',
      'enrol-sms-wrong-code',
      'account-enrol-email-wrong-code',
    ]) {
      const page = await context.newPage();
      const response = await page.goto(`${origin}/${name}`);
      assert.equal(response?.status(), 422, name);
      await page.locator('#code:focus').waitFor();
      assert.deepEqual([await seen(page, 'code'), await seen(page, 'code-error')], [true, true], name);
    }
  });
}
