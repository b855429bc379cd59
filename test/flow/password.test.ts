import assert from 'node:assert/strict';
import { test } from 'node:test';
import argon2 from 'argon2';
import { captured, uidOf } from '../support/attack.ts';
import { rowsOf } from '../support/database.ts';
import { goodPassword, irregular, register } from '../support/registration.ts';
import { startWorld } from '../support/world.ts';

const ada = 'ada@example.com';
const owl = '🦉';

test('what is stored is argon2id with a salt of its own: one password, two people, two hashes [check 1]', async (t) => {
  const world = await startWorld(t);
  for (const email of [ada, 'grace@example.com']) {
    const browser = await register(world.browser(), { email });
    await browser.submit({ code: world.codeMailedTo(email) });
  }
  const hashes = (await rowsOf(world.database, 'accounts')).map(({ passwordHash }) => String(passwordHash));
  assert.equal(new Set(hashes).size, 2);
  for (const hash of hashes) {
    assert.match(hash, /^\$argon2id\$v=19\$m=19456,p=1,t=2\$[A-Za-z0-9+/]{22}\$/);
    assert.equal(await argon2.verify(hash, goodPassword), true);
  }
});

/** Length in characters as people count them, and what the form answers. */
const lengths: readonly (readonly [string, string | undefined])[] = [
  ['kq7#vRw', 'password_short'],
  ['kq7#vRwz', undefined],
  [owl.repeat(7), 'password_short'],
  ['🦉🦔🐿🦫🦡🦦🦥🦨', undefined],
  [irregular(63) + owl, undefined],
  [irregular(64) + owl, undefined],
  [irregular(255) + owl, undefined],
  [irregular(256) + owl, 'password_long'],
  [irregular(256, ['🦉', '🦔', '🦫']), undefined],
  [irregular(256, ['e\u0301', 'o\u0302', 'u\u0308']), undefined],
  ['e\u0301'.repeat(7), 'password_short'],
];

test('with a second factor required 8 to 256 characters are taken, counted as code points after NFC [check 2]', async (t) => {
  const world = await startWorld(t);
  for (const [password, error] of lengths) {
    const browser = await register(world.browser(), { email: ada, password });
    assert.deepEqual([browser.stage, browser.errors[0]], [error ? 'register' : 'confirm-mail', error], password);
  }
});

test('where a password alone can sign in it takes 15 characters [check 2]', async (t) => {
  const world = await startWorld(t, { settings: { secondFactor: 'when-enrolled', password: { minimumLength: 15 } } });
  const browser = world.browser();
  await register(browser, { email: ada, password: 'fourteen-chars' });
  assert.deepEqual([browser.errors, browser.page.facts.passwordMin], [['password_short'], 15]);
  await register(browser, { email: ada, password: 'fifteen-chars-x' });
  assert.equal(browser.stage, 'confirm-mail');
  await browser.submit({ code: world.codeMailedTo(ada) });
  assert.equal((await browser.redeem()).claims()?.acr, 'urn:twofold:1fa');
});

test('a body of 1 MB is refused before anything is read or hashed [check 2]', async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().authorize();
  await browser.post(`${browser.url.pathname}/sign-in`, { identifier: ada, password: 'x'.repeat(1024 * 1024) });
  assert.deepEqual([browser.status, browser.page.code], [413, 'too_large']);
  assert.deepEqual(await rowsOf(world.database, 'events'), []);
});

/** What is stored, and another spelling that must not be taken for it. */
const different: readonly (readonly [string, string])[] = [
  [`${'x'.repeat(99)}y`, `${'x'.repeat(99)}z`],
  [`${'x'.repeat(99)}y`, 'x'.repeat(99)],
  ['a walrus\0in the attic', 'a walrus'],
  ['a walrus\0in the attic', 'a walrus\0in the cellar'],
  ['a walrus in the attic', 'A walrus in the attic'],
  ['a walrus in the attic', 'a walrus in the attic '],
  ['a walrus in the attic', 'a walrus  in the attic'],
  ['ｗａｌｒｕｓｅｓ', 'walruses'],
];

for (const [stored, typed] of different) {
  test(`${JSON.stringify(typed.slice(-24))} is not ${JSON.stringify(stored.slice(-24))} [check 3]`, async (t) => {
    const world = await startWorld(t);
    const person = await world.person({ password: stored });
    const browser = await world.browser().authorize();
    await browser.submit({ identifier: person.email, password: typed });
    assert.deepEqual(browser.errors, ['password_rejected']);
    await browser.submit({ identifier: person.email, password: stored });
    assert.equal(browser.stage, 'totp');
  });
}

test('an accent typed on two keyboards is one password [check 3]', async (t) => {
  const world = await startWorld(t);
  const person = await world.person({ password: 'caf\u00e9 au lait' });
  const browser = await world.browser().authorize();
  await browser.submit({ identifier: person.email, password: 'cafe\u0301 au lait' });
  assert.equal(browser.stage, 'totp');
});

test('a passphrase of lower-case words is taken: no kind of character is asked for [check 4]', async (t) => {
  const world = await startWorld(t);
  const browser = await register(world.browser(), { email: ada, password: 'correct horse battery staple now' });
  assert.equal(browser.stage, 'confirm-mail');
});

const common = ['password1', 'Password1', 'PASSWORD', '12345678', 'qwertyuiop', 'iloveyou', 'sunshine', 'football'];
const own = ['ada.lovelace@example.com', 'ADA.LOVELACE', 'lady-lovelace', 'Lady-Lovelace'];

test('common passwords, the own mail, its local part, the own name and the product are refused with the reason [check 5]', async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().authorize();
  await browser.press('register');
  const wish = { email: 'Ada.Lovelace@example.com', username: 'Lady-Lovelace' };
  for (const password of common) {
    await register(browser, { ...wish, password });
    assert.deepEqual([browser.status, browser.errors], [422, ['password_common']], password);
  }
  for (const password of own) {
    await register(browser, { ...wish, password });
    assert.deepEqual([browser.status, browser.errors], [422, ['password_own']], password);
  }
  assert.deepEqual(await rowsOf(world.database, 'send_budgets'), []);
});

test('the product is no password of its own sign-in [check 5]', async (t) => {
  const base = await startWorld(t);
  const world = await startWorld(t, { settings: { theme: { ...base.config.theme, productName: 'Acme Identity' } } });
  const browser = await register(world.browser(), { email: ada, password: 'acme identity' });
  assert.deepEqual(browser.errors, ['password_own']);
});

test('a hash made with weaker parameters is made anew at the next sign-in, and only by the right password [check 7]', async (t) => {
  const world = await startWorld(t);
  const person = await world.person();
  const rows = world.database.connection.collection<{ _id: string }>('accounts');
  const weak = await argon2.hash(person.password, {
    type: argon2.argon2id,
    memoryCost: 4096,
    timeCost: 1,
    parallelism: 1,
  });
  await rows.updateOne({ _id: person.id }, { $set: { passwordHash: weak } });
  const stored = async () => String((await rowsOf(world.database, 'accounts'))[0]?.passwordHash);

  const browser = await world.browser().authorize();
  await browser.submit({ identifier: person.email, password: 'a wrong password' });
  assert.equal(await stored(), weak);
  await browser.submit({ identifier: person.email, password: person.password });
  assert.match(await stored(), /^\$argon2id\$v=19\$m=19456,p=1,t=2\$/);
  assert.ok((await world.browser().signIn(person)).code);
});

const odd: Readonly<Record<string, unknown>> = {
  absent: undefined,
  null: null,
  empty: '',
  'of another kind': '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy',
  'the password itself': goodPassword,
  cut: '$argon2id$v=19$m=19456,t=2,p=1$',
  'a number': 5,
  'an object': { $ne: null },
};

for (const [name, passwordHash] of Object.entries(odd)) {
  test(`a stored hash that is ${name} is a wrong password [check 8]`, async (t) => {
    const world = await startWorld(t);
    const person = await world.person();
    const rows = world.database.connection.collection<{ _id: string }>('accounts');
    await rows.updateOne(
      { _id: person.id },
      passwordHash === undefined ? { $unset: { passwordHash: 1 } } : { $set: { passwordHash } },
    );
    const browser = await world.browser().authorize();
    for (const password of [person.password, 'undefined', 'null', String(passwordHash || 'x')]) {
      await browser.submit({ identifier: person.email, password });
      assert.deepEqual([browser.status, browser.errors], [422, ['password_rejected']]);
    }
  });
}

test('the answer to a password is a 303, after which no browser sends it on (RFC 9700 section 4.12)', async (t) => {
  const world = await startWorld(t);
  const person = await world.person();
  const browser = await world.browser().authorize();
  const typed = { identifier: person.email, password: person.password };
  const { status } = await browser.fetch(captured(browser, `/interaction/${uidOf(browser)}/sign-in`, typed));
  assert.equal(status, 303);
});
