import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import type { NewPerson, Person } from '../support/person.ts';
import { beginReset, newPassword } from '../support/resetting.ts';
import { startWorld, type World } from '../support/world.ts';

const owners: Readonly<Record<string, NewPerson>> = {
  'The owner has an app': { ways: ['totp'] },
  'codes to that mailbox alone': { ways: ['email'] },
  'no second factor': { totp: false },
};

const thieves = {
  nothing: { password: false, known: false },
  'a browser in which the owner signed in': { password: false, known: true },
  'the password': { password: true, known: false },
  'the password and such a browser': { password: true, known: true },
} as const;

/** What each gets, by thief and then by owner. */
const gained: Readonly<Record<keyof typeof thieves, readonly string[]>> = {
  nothing: ['nothing', 'nothing', 'a new password'],
  'a browser in which the owner signed in': ['nothing', 'nothing', 'a new password'],
  'the password': ['nothing', 'a sign-in', 'a sign-in'],
  'the password and such a browser': ['a rescue', 'a sign-in', 'a sign-in'],
};

test('the README tells what a mailbox thief gets as these tests see it', () => {
  const readme = readFileSync('README.md', 'utf8');
  const [, text = ''] = /<!-- mailbox thief -->\n([\s\S]*?)<!-- \/mailbox thief -->/.exec(readme) ?? [];
  const rows = text.trim().split('\n');
  const cells = rows.map((row) => row.split('|').slice(1, -1)).map((row) => row.map((cell) => cell.trim()));
  assert.deepEqual(cells[0]?.slice(1), Object.keys(owners));
  assert.deepEqual(
    cells.slice(2),
    Object.entries(gained).map(([thief, row]) => [thief, ...row]),
  );
});

for (const [thief, { password, known }] of Object.entries(thieves)) {
  for (const [n, [has, given]] of Object.entries(owners).entries()) {
    const expected = gained[thief as keyof typeof thieves][n];
    test(`who reads the mail and has ${thief}, where ${has.replace(/^The owner has/, 'there is')}: gets ${expected}`, async (t) => {
      const world = await startWorld(t, { settings: { secondFactor: 'when-enrolled' } });
      world.travel(0);
      const owner = await world.person(given);
      const browser = known ? await ownersBrowser(world, owner) : world.browser();
      world.travel(900);
      const [row] = await rowsOf(world.database, 'accounts');
      const reset = await tryReset(world, owner, browser.tab());
      world.travel(1_200);
      const signIn = password ? await trySignIn(world, owner, browser.tab()) : 'nothing';
      const got = signIn === 'nothing' ? reset : signIn;
      assert.equal(got, expected);
      if (got !== 'nothing') return;
      const [after] = await rowsOf(world.database, 'accounts');
      const { guesses: _, tries: __, ...kept } = after ?? {};
      const { guesses: ___, tries: ____, ...before } = row ?? {};
      assert.deepEqual(kept, before, 'nothing was changed');
    });
  }
}

/** Known to the account, and not remembered: nobody ticked that. */
async function ownersBrowser(world: World, owner: Person): Promise<Browser> {
  const browser = await world.browser().authorize();
  await browser.submit({ identifier: owner.email, password: owner.password });
  if (browser.stage === 'totp') await browser.submit({ code: owner.codeNow() });
  if (browser.stage === 'email') await browser.submit({ code: world.codeMailedTo(owner.email) });
  assert.ok(browser.code);
  return browser;
}

async function tryReset(world: World, owner: Person, browser: Browser): Promise<string> {
  const reset = await beginReset(world, owner, browser);
  // Every code in the mailbox, and the page behind the factor at once.
  if (reset.status === 200 && reset.stage !== 'new-password')
    await reset.submit({ code: world.codeMailedTo(owner.email).padStart(6, '0').slice(0, 6).replace(/\D/g, '0') });
  await reset.post('/link/reset/password/new', { password: newPassword });
  return reset.stage === 'password-changed' ? 'a new password' : 'nothing';
}

/** With the password of before, or with the one that the reset has set. */
async function trySignIn(world: World, owner: Person, browser: Browser): Promise<string> {
  for (const password of [owner.password, newPassword]) {
    await browser.authorize({ prompt: 'login' });
    await browser.submit({ identifier: owner.email, password });
    if (browser.errors.length === 0) break;
  }
  if (browser.code) return 'a sign-in';
  if (browser.stage === 'email') await browser.submit({ code: world.codeMailedTo(owner.email) });
  if (browser.code) return 'a sign-in';
  if (!browser.page.actions.some(({ name }) => name === 'lost')) return 'nothing';
  await browser.press('lost');
  if (!browser.page.actions.some(({ name }) => name === 'rescue')) return 'nothing';
  await browser.press('rescue');
  await browser.submit({ code: world.codeMailedTo(owner.email) });
  return browser.stage === 'enrol-totp' ? 'a rescue' : 'nothing';
}
