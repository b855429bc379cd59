import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config } from '../../src/config/config.ts';
import { mailsTo } from '../support/registration.ts';
import { startWorld } from '../support/world.ts';

const factors: Partial<Config['factors']> = {
  kinds: ['totp', 'email', 'recovery'],
  codeDigits: 6,
  roles: [],
  skips: 0,
};

test('whoever knows the password alone, and puts the first way off each time, has no more than ten codes mailed in a day', async (t) => {
  const world = await startWorld(t, { settings: { factors: { ...factors, enrolBy: '2099-01-01' } } });
  world.travel(0);
  const ada = await world.person({ totp: false });
  for (let n = 1; n <= 30; n += 1) {
    world.travel(11 * 60);
    const browser = await world.browser().authorize();
    await browser.submit({ identifier: ada.email, password: ada.password });
    assert.equal(browser.stage, 'confirm-mail');
    await browser.press('later');
    assert.ok(browser.code, `${n}`);
  }
  assert.ok(mailsTo(world, ada.email) <= 10, `${mailsTo(world, ada.email)} mails in 5.5 hours`);
});
