import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOf } from '../support/person.ts';
import { usualRescue } from '../support/rescued.ts';
import { startWorld } from '../support/world.ts';
import { modes, setOut } from './support-walk.ts';

for (const [mode, options] of Object.entries(modes)) {
  test(`a person whose phone is gone gets back in by a code to the mailbox, in the browser that is known, and sets up another app (${mode})`, async (t) => {
    const world = await startWorld(t, {
      settings: { rescue: { ...usualRescue, administrators: ['help@example.org'] } },
    });
    world.travel(0);
    const ada = await world.person();
    const { page, press, fill, at } = await setOut(t, options);
    const password = async () => {
      await page.goto(`${world.issuer}/account`);
      await fill('E-mail or username', ada.email);
      await fill('Password', ada.password);
      await press('Sign in');
      await at('Enter your code');
    };
    await password();
    await press('I lost my phone');
    await at('Get back in');
    await page.getByText('only in a browser in which you have signed in before').waitFor();
    await press('Write to the administrators');
    await at('You asked the administrators for help');
    await page.getByText('If they can help, they will write to you.').waitFor();
    assert.match(world.lastMailTo('help@example.org'), /asks you for help/);
    await press('Back to the code');
    await fill('6-digit code', ada.codeNow());
    await press('Continue');
    await at('Security');
    await press('Sign out');
    await press('Sign out');

    world.travel(60);
    await password();
    await press('I lost my phone');
    await at('Get back in');
    await press('Send me a code');
    await at('Enter the code to get back in');
    await fill('6-digit code', world.codeMailedTo(ada.email));
    await press('Continue');
    await at('Set up an authenticator app');
    const secret = await page.locator('code.key').innerText();
    await fill('6-digit code', codeOf(secret.replaceAll(/\s/g, '')));
    await press('Continue');
    await at('Save your recovery codes');
    await page.getByLabel('I have saved them').check();
    await press('Continue');
    await at('Security');
    await page.getByText('10 are left.').waitFor();
  });
}
