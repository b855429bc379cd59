import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noticeOf } from '../support/account-area.ts';
import { startWorld } from '../support/world.ts';
import { modes, newPage } from './support-walk.ts';

for (const [mode, options] of Object.entries(modes)) {
  test(`a person follows a password manager to the page of a new password, and signs in with that (${mode})`, async (t) => {
    const world = await startWorld(t);
    world.travel(0);
    const ada = await world.person();
    const page = await newPage(t, options);
    const signIn = async (password: string) => {
      await page.getByLabel('E-mail or username').fill(ada.email);
      await page.getByLabel('Password', { exact: true }).fill(password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByLabel('6-digit code').fill(ada.codeNow());
      await page.getByRole('button', { name: 'Continue' }).click();
    };
    await page.goto(`${world.issuer}/.well-known/change-password`);
    await signIn(ada.password);
    await page.getByRole('heading', { name: 'Change your password' }).waitFor();
    await page.getByText('You will be signed out everywhere else.').waitFor();
    assert.equal(await page.getByLabel('Current password').getAttribute('autocomplete'), 'current-password');
    assert.equal(await page.getByLabel('New password').getAttribute('autocomplete'), 'new-password');

    await page.getByLabel('Current password').fill('not it at all');
    await page.getByLabel('New password').fill('seven quiet otters swim');
    await page.keyboard.press('Enter');
    await page.locator('#current-error').getByText('This is not your current password.').waitFor();
    assert.equal(await page.getByLabel('New password').inputValue(), '');
    await page.getByLabel('Current password').fill(ada.password);
    await page.getByLabel('New password').fill('seven quiet otters swim');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('status').getByText('Your password is changed.').waitFor();
    assert.equal(page.url(), `${world.issuer}/account`);

    await page.context().clearCookies();
    world.travel(60);
    await page.getByRole('link', { name: 'Change your password' }).click();
    await signIn('seven quiet otters swim');
    await page.getByRole('heading', { name: 'Change your password' }).waitFor();
    const other = await world.browser().authorize();
    await other.submit({ identifier: ada.email, password: ada.password });
    assert.deepEqual([other.errors, noticeOf(other)], [['password_rejected'], undefined]);
  });
}
