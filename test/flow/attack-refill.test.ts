import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Config } from '../../src/config/config.ts';
import { accountRow, editAccount } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import type { Person } from '../support/person.ts';
import { otherCode } from '../support/registration.ts';
import { type NewSettings, startWorld, type World } from '../support/world.ts';

const factors: Partial<Config['factors']> = {
  kinds: ['totp', 'email', 'recovery'],
  codeDigits: 6,
  roles: [],
  skips: 0,
};
const secondFactor = 'urn:twofold:2fa';

/** A thief who knows the password and nothing else. */
async function withPassword(world: World, { email, password }: Person, acr?: string): Promise<Browser> {
  const browser = await world.browser().authorize(acr === undefined ? {} : { acr_values: acr });
  return browser.submit({ identifier: email, password });
}

const lenient = (t: TestContext, settings: NewSettings) => startWorld(t, { settings: { factors, ...settings } });

test('whoever knows the password of an account whose two-step sign-in is off wins no guesses at its app by signing in without it [check 21] [check 22]', async (t) => {
  const world = await lenient(t, { secondFactor: 'when-enrolled' });
  const ada = await world.person();
  await editAccount(world, ada.id, { $set: { twoStepOff: true } });
  for (let round = 0; round < 3; round++) {
    const guessing = await withPassword(world, ada, secondFactor);
    for (let n = 0; n < 4 && !guessing.errors.includes('code_locked'); n++)
      await guessing.submit({ code: ada.wrongCode() });
    const plain = await withPassword(world, ada);
    assert.ok(plain.code, 'the password alone is enough for this client');
  }
  const { secondFactor: budget } = (await accountRow(world, ada.id)).guesses;
  assert.equal(budget.failures, 10, 'twelve guesses, of which ten were judged');
  assert.ok(budget.lockedUntil);
});

test('a password alone gives its own guesses back', async (t) => {
  const world = await lenient(t, { secondFactor: 'when-enrolled' });
  const bob = await world.person({ totp: false });
  const browser = await world.browser().authorize();
  await browser.submit({ identifier: bob.email, password: 'a wrong password' });
  assert.equal((await accountRow(world, bob.id)).guesses.password.failures, 1);
  await browser.submit({ identifier: bob.email, password: bob.password });
  assert.equal((await accountRow(world, bob.id)).guesses.password.failures, 0);
});

test('putting a first way off gives no guesses at the mailed code back [check 21] [check 22]', async (t) => {
  const world = await lenient(t, { factors: { ...factors, skips: 50 } });
  world.travel(0);
  const bob = await world.person({ totp: false });
  for (let round = 1; round <= 3; round++) {
    const browser = await withPassword(world, bob);
    assert.equal(browser.stage, 'confirm-mail');
    const code = world.codeMailedTo(bob.email);
    for (let n = 1; n <= 4 && !browser.errors.includes('code_locked'); n++)
      await browser.submit({ code: otherCode(code, n) });
    await browser.press('later');
    assert.ok(browser.code);
    world.travel(1000);
    if (round === 2) assert.equal((await accountRow(world, bob.id)).guesses.secondFactor.failures, 8);
  }
  assert.equal((await accountRow(world, bob.id)).guesses.secondFactor.failures, 10);
});
