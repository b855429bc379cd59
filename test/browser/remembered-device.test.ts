import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { BrowserContextOptions } from 'playwright-core';
import { launchProfile } from '../support/chromium.ts';
import type { Person } from '../support/person.ts';
import { setAnew } from '../support/resetting.ts';
import { startWorld, type World } from '../support/world.ts';
import { bringAxe } from './support-measure.ts';
import { modes, type Walker, walkerOn } from './support-walk.ts';

type Known = Pick<Person, 'email' | 'password'>;

const box = 'Do not ask for a code on this device for 30 days';
const listed = 'Where no code is asked for';

/** A profile on a disk; each call begins the browser anew, once it was quit. */
function profileOf(t: TestContext, options: BrowserContextOptions) {
  const folder = mkdtempSync(join(tmpdir(), 'twofold-profile-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return async (use: (walker: Walker) => Promise<void>) => {
    const context = await launchProfile(folder, options);
    try {
      await bringAxe(context);
      await use(await walkerOn(t, context.pages()[0] ?? (await context.newPage()), options));
    } finally {
      await context.close();
    }
  };
}

async function typesPassword({ page, at, fill, press }: Walker, world: World, person: Known): Promise<void> {
  await page.goto(`${world.issuer}/account`);
  await at('Sign in');
  await fill('E-mail or username', person.email);
  await fill('Password', person.password);
  await press('Sign in');
}

for (const [mode, options] of Object.entries(modes)) {
  test(`a remembered browser asks for the password alone after it was quit, until its password is changed (${mode}) [check 51, 97]`, async (t) => {
    const world = await startWorld(t);
    world.travel(0);
    const ada = await world.person();
    const inBrowser = profileOf(t, options);

    await inBrowser(async (walker) => {
      await typesPassword(walker, world, ada);
      await walker.at('Enter your code');
      const remember = walker.page.getByRole('checkbox', { name: box });
      assert.equal(await remember.isChecked(), false);
      await walker.page.getByText('Only on a device that is yours.').waitFor();
      await remember.focus();
      await walker.page.keyboard.press('Space');
      await walker.fill('6-digit code', ada.wrongCode());
      await walker.press('Continue');
      assert.equal(await remember.isChecked(), true, 'a wrong code leaves the box as it was');
      await walker.fill('6-digit code', ada.codeNow());
      await walker.press('Continue');
      await walker.at('Security');
    });

    world.travel(86_400);
    await inBrowser(async (walker) => {
      await typesPassword(walker, world, ada);
      await walker.at('Security');
      const device = walker.page.getByRole('region', { name: listed });
      await device.getByText('This browser').waitFor();
      await device.getByRole('button', { name: 'Ask for a code there' }).waitFor();
    });

    const renewed = await setAnew(world, ada);
    world.travel(60);
    await inBrowser(async (walker) => {
      await typesPassword(walker, world, renewed);
      await walker.at('Enter your code');
      await walker.fill('6-digit code', ada.codeNow());
      await walker.press('Continue');
      await walker.at('Security');
      assert.equal(await walker.page.getByRole('region', { name: listed }).count(), 0);
    });
  });

  test(`its owner has it forgotten in the account area (${mode}) [check 51]`, async (t) => {
    const world = await startWorld(t);
    world.travel(0);
    const ada = await world.person();
    const inBrowser = profileOf(t, options);
    await inBrowser(async (walker) => {
      await typesPassword(walker, world, ada);
      await walker.page.getByRole('checkbox', { name: box }).check();
      await walker.fill('6-digit code', ada.codeNow());
      await walker.press('Continue');
      await walker.at('Security');
      await walker.press('Ask for a code there');
      await walker.told('A code is asked for there from now on.');
      assert.equal(await walker.page.getByRole('region', { name: listed }).count(), 0);
    });
    world.travel(60);
    await inBrowser(async (walker) => {
      await typesPassword(walker, world, ada);
      await walker.at('Enter your code');
    });
  });
}
