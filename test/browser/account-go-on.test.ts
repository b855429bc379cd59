import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWorld } from '../support/world.ts';
import { modes, setOut } from './support-walk.ts';

for (const [mode, options] of Object.entries(modes)) {
  test(`a person who presses a button late proves it, and what was pressed is done without pressing it again (${mode})`, async (t) => {
    const world = await startWorld(t);
    world.travel(0);
    const ada = await world.person({ recovery: 2 });
    const { page, press, fill, at } = await setOut(t, options);
    await page.goto(`${world.issuer}/account`);
    await fill('E-mail or username', ada.email);
    await fill('Password', ada.password);
    await press('Sign in');
    await fill('6-digit code', ada.codeNow());
    await press('Continue');
    await at('Security');
    world.travel(301);

    await press('Make new codes');
    await at('Confirm it is you');
    const main = await page.locator('main').innerText();
    assert.match(main, /To make new recovery codes\./);
    assert.ok(main.includes(ada.email));
    assert.doesNotMatch(main, /Not you|Stay signed in|E-mail or username/);
    await fill('Password', ada.password);
    await press('Continue');
    await fill('6-digit code', ada.codeNow());
    if (options.javaScriptEnabled === false) {
      await press('Continue');
      await at('Thank you: go on with your change');
      await press('Go on');
    } else {
      await page.getByRole('button', { name: 'Continue', exact: true }).click();
    }
    await at('Save your recovery codes');
    assert.equal(await page.locator('.codes li').count(), 10);
  });
}
