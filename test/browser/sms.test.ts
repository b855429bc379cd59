import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRow } from '../support/attack.ts';
import { startTextingWorld } from '../support/texting-world.ts';
import { modes, setOut } from './support-walk.ts';

for (const [mode, options] of Object.entries(modes)) {
  test(`a person adds codes by SMS, signs in with one and removes them (${mode})`, async (t) => {
    const { world, twilio, texted } = await startTextingWorld(t, 'twilio');
    const ada = await world.person({ recovery: 1 });
    const walker = await setOut(t, options);
    const { page, press, fill, at, told } = walker;
    const password = async () => {
      await page.goto(`${world.issuer}/account`);
      await fill('E-mail or username', ada.email);
      await fill('Password', ada.password);
      await press('Sign in');
    };
    await password();
    await fill('6-digit code', ada.codeNow());
    await press('Continue');
    await at('Security');

    world.travel(30);
    await press('Add codes by SMS');
    await at('Get codes by SMS');
    await fill('Mobile number', '07400 123456');
    await press('Send me a code');
    await page.getByRole('alert').getByText('Enter the number with its country code.').waitFor();
    assert.equal(await page.getByLabel('Mobile number').inputValue(), '07400 123456');
    assert.deepEqual(twilio.asked, []);
    await fill('Mobile number', '+44 7400 123456');
    await press('Send me a code');
    assert.match(await page.locator('main').innerText(), /We sent a code to \+44/);
    await fill('6-digit code', texted());
    await fill('Name for this phone (optional)', 'Work phone');
    await press('Continue');
    await told('Added. You can sign in with it from now on.');

    await press('Sign out');
    await press('Sign out');
    world.travel(61);
    await password();
    await at('Check your phone');
    assert.match(await page.locator('main').innerText(), /We sent a code to the number ending in 56\./);
    assert.equal(twilio.texts.length, 2);
    assert.match(twilio.texts.at(-1)?.body ?? '', /^(\d{6}) is your Twofold code\.[\s\S]*\n@localhost #\1$/);
    await fill('6-digit code', texted());
    await press('Continue');
    await at('Security');

    await press('Remove Work phone');
    await at('Confirm it is you');
    await page.getByText('To remove “Work phone”.').waitFor();
    assert.equal(await page.getByLabel('E-mail or username').count(), 0);
    await fill('Password', ada.password);
    await press('Continue');
    await at('Enter your code');
    await fill('6-digit code', ada.codeNow());
    await press('Continue');
    await at('Remove a way to sign in?');
    await press('Remove Work phone');
    await told('Removed. You were signed out everywhere else.');
    assert.deepEqual(
      (await accountRow(world, ada.id)).factors.map((factor) => (factor as { kind?: string }).kind),
      ['totp'],
    );
    assert.equal(twilio.texts.length, 2);
  });
}
