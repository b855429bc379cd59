import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BrowserContextOptions } from 'playwright-core';
import { startWorld } from '../support/world.ts';
import { openPage, press, startBoth } from './support-newcomer.ts';

const ada = 'ada@example.com';
const password = 'a walrus in the attic';

const settings: Readonly<Record<string, BrowserContextOptions>> = {
  'by script': {},
  'without JavaScript, in the dark on a small screen': {
    ...{ javaScriptEnabled: false, colorScheme: 'dark', viewport: { width: 320, height: 640 } },
  },
};

for (const [how, options] of Object.entries(settings)) {
  test(`somebody registers, chooses codes by mail instead of the app, and signs in with one (${how})`, async (t) => {
    const { world, demoUrl } = await startBoth(t, startWorld);
    const { page, seen } = await openPage(t, [new URL(world.issuer).host, new URL(demoUrl).host], options);
    await page.goto(demoUrl);
    await press(page, 'Sign in', seen);
    await press(page, 'Create an account', seen);
    await page.getByLabel('E-mail').fill(ada);
    await page.locator('input[name=password]').fill(password);
    await press(page, 'Continue', seen);
    await page.locator('input[name=code]').fill(world.codeMailedTo(ada));
    await press(page, 'Continue', seen);

    await press(page, 'Get codes by mail instead', seen);
    assert.equal(await page.locator('input[name=code]').count(), 0, 'the mailbox was proved a moment ago');
    await page.locator('input[name=name]').fill('Home');
    await press(page, 'Continue', seen);
    assert.equal(world.outbox.mails.filter(({ subject }) => subject.endsWith('code')).length, 1);
    await page.getByLabel('I have saved them').check();
    await press(page, 'Continue', seen);
    await press(page, 'Allow', seen);
    assert.match(await page.locator('body').innerText(), /urn:twofold:2fa-email/);

    await press(page, 'Sign out', seen);
    if (page.url().startsWith(world.issuer)) await press(page, 'Sign out', seen);
    world.travel(61);
    await press(page, 'Sign in', seen);
    await page.locator('input[name=identifier]').fill(ada);
    await page.locator('input[name=password]').fill(password);
    await press(page, 'Sign in', seen);
    assert.match(await page.locator('main').innerText(), /We sent a code to a\*\*\*@example\.com/);
    await page.locator('input[name=code]').fill(world.codeMailedTo(ada));
    await press(page, 'Continue', seen);
    assert.match(await page.locator('body').innerText(), /urn:twofold:2fa-email/);
    assert.deepEqual(seen.complaints, []);
  });
}
