import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAccount } from '../support/account-area.ts';
import { startWorld } from '../support/world.ts';
import { modes, setOut } from './support-walk.ts';

for (const [mode, options] of Object.entries(modes)) {
  test(`the owner reads a notice, says "This was not me" and is shown the way to a new password (${mode})`, async (t) => {
    const world = await startWorld(t);
    world.travel(0);
    const ada = await world.person();
    await inAccount(world, ada);
    world.travel(60);
    const thief = await inAccount(world, ada);
    await thief.press('end-others');
    const [url = ''] = /http:\S+\/link\/not_me\/\S+/.exec(world.lastMailTo(ada.email)) ?? [];

    const walker = await setOut(t, options);
    await walker.page.goto(url);
    assert.equal(walker.page.url(), `${world.issuer}/link/not_me`, 'the token has left the address');
    await walker.at('Was this not you?');
    await walker.page.getByText(ada.email).waitFor();
    await thief.visit('/account');
    assert.equal(thief.stage, 'security', 'nothing has ended yet');
    await walker.press('Secure my account');
    await walker.at('You are signed out everywhere');
    assert.equal((await thief.visit('/account')).stage, 'sign-in');
    await walker.page.reload();
    await walker.at('You are signed out everywhere');
    await walker.press('Go to the sign-in page');
    await walker.at('Sign in');
  });
}
