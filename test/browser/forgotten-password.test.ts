import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkMailedTo, newPassword } from '../support/resetting.ts';
import { startWorld } from '../support/world.ts';
import { modes, setOut } from './support-walk.ts';

const ways = { 'an app': 'app', 'a recovery code': 'code' } as const;

for (const [mode, options] of Object.entries(modes)) {
  for (const [name, way] of Object.entries(ways)) {
    test(`a person who forgot the password sets a new one by a mailed link and ${name}, and signs in with it (${mode}) [check 90]`, async (t) => {
      const world = await startWorld(t);
      world.travel(0);
      const ada = await world.person({ recovery: 2 });
      const { page, press, fill, at } = await setOut(t, options);
      await page.goto(`${world.issuer}/account`);
      await press('Forgot your password?');
      await at('Forgot your password?');
      await fill('E-mail or username', ada.email);
      await press('Send me a link');
      await at('Check your mail');
      await page.getByText('If there is an account, a link is on its way.').waitFor();

      await page.goto(await linkMailedTo(world, ada.email));
      await at('Set a new password');
      assert.equal(page.url(), `${world.issuer}/link/reset`);
      await press('Continue');
      await at('Enter your code');
      if (way === 'code') {
        await press('Use another way');
        await press('Recovery code');
        await at('Enter a recovery code');
        await fill('Recovery code', ada.recoveryCodes[0] ?? '');
      } else {
        await fill('6-digit code', '12345');
        await press('Continue');
        await page.getByRole('alert').getByText('Enter the 6 digits.').waitFor();
        await fill('6-digit code', ada.codeNow());
      }
      await press('Continue');
      await at('Set a new password');
      await page.getByText('You will be signed out everywhere else.').waitFor();
      await fill('New password', 'short');
      await press('Save');
      await page.getByRole('alert').getByText('Use at least 8 characters.').waitFor();
      await fill('New password', newPassword);
      await press('Save');
      await at('Password changed');
      const told = String(await page.evaluate('document.referrer'));
      assert.ok(!/[\w-]{43}/.test(told), 'no token is told to any page');

      world.travel(60);
      await press('Sign in');
      await at('Sign in');
      await fill('E-mail or username', ada.email);
      await fill('Password', newPassword);
      await press('Sign in');
      await at('Enter your code');
      await fill('6-digit code', ada.codeNow());
      await press('Continue');
      await at('Security');
    });
  }
}
