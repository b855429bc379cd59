import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { inAccount } from '../support/account-area.ts';
import type { Person } from '../support/person.ts';
import { startWorld } from '../support/world.ts';
import { modes, newPage } from './support-walk.ts';

async function proveAll(page: Page, person: Person, steps: number): Promise<void> {
  await page.getByLabel('E-mail or username').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('6-digit code').fill(person.codeNow(steps));
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'Security' }).waitFor();
}

async function proveAgain(page: Page, person: Person): Promise<void> {
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('6-digit code').fill(person.codeNow());
  await page.getByRole('button', { name: 'Continue' }).click();
}

for (const [mode, options] of Object.entries(modes)) {
  test(`a person opens the own account, confirms who they are and signs out elsewhere (${mode})`, async (t) => {
    const world = await startWorld(t);
    world.travel(0);
    const ada = await world.person();
    const elsewhere = await inAccount(world, ada);
    world.travel(60);
    const page = await newPage(t, options);
    await page.goto(`${world.issuer}/account`);
    await proveAll(page, ada, 0);
    assert.equal(page.url(), `${world.issuer}/account`);
    world.travel(301);

    await page.getByRole('button', { name: 'Sign out there' }).click();
    await page.getByRole('heading', { name: 'Confirm it is you' }).waitFor();
    await page.getByText(ada.email).waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'E-mail or username' }).count(), 0);
    await proveAgain(page, ada);
    if (options.javaScriptEnabled === false) await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('status').getByText('Signed out there.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Sign out there' }).count(), 0);
    assert.equal((await elsewhere.visit('/account')).stage, 'sign-in');

    await page.getByRole('link', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    await page.getByRole('link', { name: 'Return to Twofold' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });
}
