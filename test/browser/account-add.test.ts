import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { codeOf, wrongCodeOf } from '../support/person.ts';
import { startWorld } from '../support/world.ts';
import { faults, measure } from './support-measure.ts';
import { modes, newPage } from './support-walk.ts';

async function assertFine(page: Page, scripted: boolean): Promise<void> {
  // Axe needs script.
  if (!scripted) return;
  assert.deepEqual(await faults(page), [], page.url());
  const { width, scrollWidth } = await measure(page);
  assert.ok(scrollWidth <= width, `${page.url()} scrolls sideways`);
}

for (const [mode, options] of Object.entries(modes)) {
  test(`a person adds codes by mail and a second app with a name, and signs in with each (${mode})`, async (t) => {
    const world = await startWorld(t);
    world.travel(0);
    const ada = await world.person({ recovery: 1 });
    const page = await newPage(t, options);
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
    const code = (digits: string) => page.getByLabel('6-digit code').fill(digits);
    const told = (sentence: string) => page.getByRole('status').getByText(sentence).waitFor();
    const password = async () => {
      await page.getByLabel('E-mail or username').fill(ada.email);
      await page.getByLabel('Password', { exact: true }).fill(ada.password);
      await press('Sign in');
    };
    await page.goto(`${world.issuer}/account`);
    await password();
    await code(ada.codeNow());
    await press('Continue');
    await page.getByRole('heading', { name: 'Security' }).waitFor();
    await assertFine(page, options.javaScriptEnabled !== false);

    await press('Add codes by mail');
    await page.getByRole('heading', { name: 'Get codes by mail' }).waitFor();
    await assertFine(page, options.javaScriptEnabled !== false);
    await code(world.codeMailedTo(ada.email));
    await press('Continue');
    await told('Added. You can sign in with it from now on.');

    world.travel(30);
    await press('Add an authenticator app');
    await page.getByRole('heading', { name: 'Set up an authenticator app' }).waitFor();
    await assertFine(page, options.javaScriptEnabled !== false);
    const secret = (await page.locator('code.key').innerText()).replace(/\s/g, '');
    await code(wrongCodeOf(secret));
    await page.getByLabel('Name for this device').fill('Tablet');
    await press('Continue');
    await page.getByRole('alert').getByText('That code did not work').waitFor();
    assert.equal(await page.getByLabel('Name for this device').inputValue(), 'Tablet');
    await code(codeOf(secret));
    await press('Continue');
    await told('Added. You can sign in with it from now on.');
    await page.getByRole('link', { name: 'Rename Tablet' }).waitFor();

    await page.getByRole('link', { name: 'Sign out', exact: true }).click();
    await press('Sign out');
    world.travel(90);
    await page.goto(`${world.issuer}/account`);
    await password();
    await code(codeOf(secret));
    await press('Continue');
    await page.getByRole('heading', { name: 'Security' }).waitFor();

    await page.getByRole('link', { name: 'Sign out', exact: true }).click();
    await press('Sign out');
    await page.goto(`${world.issuer}/account`);
    await password();
    await page.getByRole('link', { name: 'Use another way' }).click();
    await page.getByRole('button', { name: /^Code by mail/ }).click();
    await code(world.codeMailedTo(ada.email));
    await press('Continue');
    await page.getByRole('heading', { name: 'Security' }).waitFor();
  });
}
