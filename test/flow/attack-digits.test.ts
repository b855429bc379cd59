import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterPassword } from '../support/attack.ts';
import { startWorld } from '../support/world.ts';

test('where codes have eight digits, a page never asks for six', async (t) => {
  const { factors } = (await startWorld(t)).config;
  const world = await startWorld(t, { settings: { factors: { ...factors, codeDigits: 8 } } });
  const browser = await afterPassword(world, await world.person({ ways: ['email', 'totp'] }));
  await browser.submit({ code: '123456' });
  assert.equal(browser.page.errors?.[0]?.sentence, 'Enter the 8 digits.');
  await browser.press('choose');
  const totp = (browser.page.facts.offers as { kind: string; id: string }[]).find(({ kind }) => kind === 'totp');
  await browser.submit({ way: totp?.id ?? '' });
  await browser.submit({ code: '12345678' });
  assert.equal(browser.page.errors?.[0]?.sentence, 'Enter the 6 digits.');
});
