import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAccount } from '../support/account-area.ts';
import { accountRow } from '../support/attack.ts';
import { startWorld } from '../support/world.ts';
import { modes, newPage } from './support-walk.ts';

for (const [mode, options] of Object.entries(modes)) {
  test(`a person names a way, asks for another first, makes new recovery codes and removes what is not used (${mode})`, async (t) => {
    const world = await startWorld(t);
    world.travel(0);
    const ada = await world.person({ ways: ['totp', 'email'], recovery: 2 });
    const elsewhere = await inAccount(world, ada);
    world.travel(60);
    const page = await newPage(t, options);
    const told = (sentence: string) => page.getByRole('status').getByText(sentence).waitFor();
    await page.goto(`${world.issuer}/account`);
    await page.getByLabel('E-mail or username').fill(ada.email);
    await page.getByLabel('Password', { exact: true }).fill(ada.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('6-digit code').fill(ada.codeNow());
    await page.getByRole('button', { name: 'Continue' }).click();

    await page.getByRole('link', { name: 'Rename authenticator app' }).click();
    await page.getByLabel('Name (optional)').fill('Work phone');
    await page.getByRole('button', { name: 'Save' }).click();
    await told('The name is saved.');
    await page.getByRole('button', { name: 'Ask first for codes by mail' }).click();
    await told('It is asked first from now on.');

    await page.getByText('2 are left.').waitFor();
    await page.getByRole('button', { name: 'Make new codes' }).click();
    await page.getByRole('heading', { name: 'Save your recovery codes' }).waitFor();
    assert.equal(await page.locator('.codes li').count(), 10);
    await page.getByLabel('I have saved them').check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('10 are left.').waitFor();

    await page.getByRole('link', { name: 'Remove Work phone' }).click();
    await page.getByRole('heading', { name: 'Remove a way to sign in?' }).waitFor();
    await page.getByRole('button', { name: 'Remove Work phone' }).click();
    await told('Removed. You were signed out everywhere else.');
    await page.getByText('Needed while two-step sign-in is on.').waitFor();
    assert.equal(await page.getByRole('link', { name: /^Remove/ }).count(), 0);
    assert.equal((await accountRow(world, ada.id)).factors.length, 1);
    assert.equal((await elsewhere.visit('/account')).stage, 'sign-in');
  });
}
