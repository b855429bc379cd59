import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWorld } from '../support/world.ts';
import { modes, setOut } from './support-walk.ts';

for (const [mode, options] of Object.entries(modes)) {
  test(`a person whose phone is gone signs in with a recovery code and is told how many are left (${mode})`, async (t) => {
    const world = await startWorld(t);
    world.travel(0);
    const ada = await world.person({ recovery: 4 });
    const [first = '', second = ''] = ada.recoveryCodes;
    const { page, press, fill, at } = await setOut(t, options);
    const another = async () => {
      await page.goto(`${world.issuer}/account`);
      await fill('E-mail or username', ada.email);
      await fill('Password', ada.password);
      await press('Sign in');
      await at('Enter your code');
      await press('Use another way');
      await at('Choose another way');
      await press('Recovery code');
      await at('Enter a recovery code');
    };
    await another();
    await fill('Recovery code', '123456');
    await press('Continue');
    await page.getByRole('alert').getByText('Enter the code as it stands on your list').waitFor();
    await fill('Recovery code', first.toLowerCase().replaceAll('-', ' '));
    await press('Continue');
    await at('You used a recovery code');
    await page.getByText('That code is used up. 3 are left.').waitFor();
    await page.getByRole('button', { name: 'Make new codes' }).waitFor();
    await press('Continue');
    await at('Security');
    await page.getByText('3 are left.').waitFor();

    await press('Sign out');
    await press('Sign out');
    await another();
    await fill('Recovery code', first);
    await press('Continue');
    await page.getByRole('alert').getByText('That recovery code did not work').waitFor();
    assert.equal(await page.getByLabel('Recovery code').inputValue(), '');
    await fill('Recovery code', second);
    await press('Continue');
    await page.getByText('That code is used up. 2 are left.').waitFor();
    await press('Make new codes');
    await at('Save your recovery codes');
    assert.equal(await page.locator('.codes li').count(), 10);
    await page.getByLabel('I have saved them').check();
    await press('Continue');
    await at('Security');
    await page.getByText('10 are left.').waitFor();
  });
}
