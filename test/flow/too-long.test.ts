import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAccount } from '../support/account-area.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import { seen, typedIn } from '../support/html.ts';
import type { Person } from '../support/person.ts';
import { goodPassword, irregular, register } from '../support/registration.ts';
import { startTextingWorld } from '../support/texting-world.ts';
import { startWorld, type World } from '../support/world.ts';

interface Form {
  /** Leads to the page with the form. */
  readonly reach: (world: World, person: Person) => Promise<Browser>;
  readonly action?: string;
  /** What else is typed, and whether it stays. */
  readonly beside?: Readonly<Record<string, string>>;
  readonly most: number;
  readonly code?: string;
}

const atSignIn = (world: World) => world.browser().authorize();
const atRegister = async (world: World) => (await world.browser().authorize()).press('register');
const atFactor = async (world: World, { email, password }: Person) =>
  (await atSignIn(world)).submit({ identifier: email, password });
const atRecovery = async (world: World, person: Person) => {
  const browser = await (await atFactor(world, person)).press('choose');
  return browser.submit({ way: 'recovery' });
};
const atConfirm = (world: World) => register(world.browser(), { email: 'new@example.com', username: 'ada' });
const atUsername = async (world: World) => {
  await world.person({ email: 'other@example.com', username: 'ada' });
  const browser = await atConfirm(world);
  return browser.submit({ code: world.codeMailedTo('new@example.com') });
};
const atEnrol = async (world: World) => {
  const browser = await register(world.browser(), { email: 'new@example.com' });
  return browser.submit({ code: world.codeMailedTo('new@example.com') });
};
const atRename = async (world: World, person: Person) => {
  const browser = await inAccount(world, person);
  const { name = '' } = browser.page.actions.find((action) => action.name.startsWith('rename ')) ?? {};
  return browser.press(name);
};
const atNewPhone = async (world: World, person: Person) => (await inAccount(world, person)).press('add sms');

const forms: Readonly<Record<string, Form & { readonly field: string }>> = {
  'the identifier of a sign-in': { field: 'identifier', reach: atSignIn, beside: { password: 'secret' }, most: 256 },
  'the password of a sign-in': {
    ...{ field: 'password', reach: atSignIn, most: 256, code: 'password_long' },
    beside: { identifier: 'ada@example.com' },
  },
  'the address of a registration': {
    ...{ field: 'email', reach: atRegister, most: 256 },
    beside: { username: 'ada', password: goodPassword },
  },
  'the username of a registration': {
    ...{ field: 'username', reach: atRegister, most: 256 },
    beside: { email: 'new@example.com', password: goodPassword },
  },
  'the password of a registration': {
    ...{ field: 'password', reach: atRegister, most: 256, code: 'password_long' },
    beside: { email: 'new@example.com', username: 'ada' },
  },
  'the code to a mailbox': { field: 'code', reach: atConfirm, most: 256 },
  'another username': { field: 'username', reach: atUsername, most: 256 },
  'the code that sets up an app': { field: 'code', reach: atEnrol, beside: { name: 'Phone' }, most: 256 },
  'the name of an app': { field: 'name', reach: atEnrol, beside: { code: '123456' }, most: 60 },
  'the code of an app': { field: 'code', reach: atFactor, most: 256 },
  'a recovery code': { field: 'code', reach: atRecovery, most: 256 },
  'a new name in the account area': { field: 'name', reach: atRename, most: 60 },
  'the number of a phone': { field: 'phone', reach: atNewPhone, most: 256 },
};

/** What is never written back. */
const hidden = ['password', 'code'];

for (const [what, { field, reach, beside = {}, most, code = 'too_long' }] of Object.entries(forms)) {
  test(`${what} that is too long is told at its field, judged by nobody, and loses nothing of the rest`, async (t) => {
    const { world } = await startTextingWorld(t, 'twilio');
    const ada = await world.person({ recovery: 2 });
    const browser = await reach(world, ada);
    const { stage } = browser;
    const before = await rowsOf(world.database, 'accounts');
    await browser.submit({ ...beside, [field]: '🦉'.repeat(most + 1) });
    assert.deepEqual([browser.status, browser.stage, browser.errors], [422, stage, [code]]);
    assert.deepEqual(await rowsOf(world.database, 'accounts'), before, 'no guess was taken');
    const html = await seen(browser, () =>
      browser.submit({ ...beside, [field]: 'x1'.repeat(most).slice(0, most + 1) }),
    );
    assert.equal(browser.status, 422);
    assert.match(html, new RegExp(`id="${field}-error">(This is too long\\. )?Use at most ${most} characters\\.`));
    for (const [other, value] of Object.entries(beside))
      assert.equal(typedIn(html, other), hidden.includes(other) ? '' : value, other);
  });
}

test('as many characters as are allowed are judged, however many bytes they are typed with', async (t) => {
  const world = await startWorld(t);
  const letters = ['e\u0301', 'o\u0302', 'u\u0308\u0301'];
  const password = irregular(256, letters);
  assert.ok(Buffer.byteLength(password) > 900);
  const browser = await register(world.browser(), { email: 'new@example.com', password });
  assert.equal(browser.stage, 'confirm-mail');
  await browser.submit({ code: world.codeMailedTo('new@example.com') });
  await browser.submit({ code: '12345', name: irregular(60, letters) });
  assert.deepEqual(browser.errors, ['code_shape']);
  const again = await world.browser().authorize();
  await again.submit({ identifier: 'new@example.com', password });
  assert.notEqual(again.stage, 'sign-in');
});

test('1,100 characters of password are a fault of their field, also where they are few bytes each', async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().authorize();
  for (const password of ['a'.repeat(1100), 'ä'.repeat(1100), '🦉'.repeat(1100)]) {
    await browser.submit({ identifier: 'ada@example.com', password });
    assert.deepEqual([browser.status, browser.errors], [422, ['password_long']]);
  }
});

test('what nobody types, a form token or a choice, is still refused where it is long', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await atFactor(world, ada);
  await browser.post(`${browser.url.pathname}/factor`, { way: 'w'.repeat(1025), code: '123456' });
  assert.deepEqual([browser.status, browser.page.code], [400, 'bad_request']);
});
