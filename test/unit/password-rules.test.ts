import assert from 'node:assert/strict';
import { cpuUsage } from 'node:process';
import test from 'node:test';
import { isCommonPassword } from '../../src/accounts/common-passwords.ts';
import { passwordFault } from '../../src/accounts/password-rules.ts';

const context = { minimum: 8, email: 'ada.lovelace@example.com', username: 'countess-l', productName: 'Twofold Login' };
const codeOf = (password: string, minimum = 8) => passwordFault(password, { ...context, minimum })?.code;

test('a password is at least 8 characters with a second factor, 15 without one [check 2]', () => {
  assert.equal(codeOf('kw7#zpq'), 'password_short');
  assert.equal(codeOf('kw7#zpqa'), undefined);
  assert.equal(codeOf('kw7#zpqa-kw7#z', 15), 'password_short');
  assert.equal(codeOf('kw7#zpqa-kw7#zp', 15), undefined);
  assert.deepEqual(passwordFault('short', context), { code: 'password_short', params: { min: 8 } });
});

test('characters are code points after NFC, whatever their bytes [check 2]', () => {
  assert.equal(codeOf('🔐🔑🗝🚪🪟🧱🏠'), 'password_short');
  assert.equal(codeOf('🔐🔑🗝🚪🪟🧱🏠🏡'), undefined);
  assert.equal(codeOf('e\u0301'.repeat(7)), 'password_short');
  assert.equal(codeOf('e\u0301'.repeat(256)), undefined);
});

test('64 and more characters are taken, up to 256 [check 2]', () => {
  for (const length of [64, 65, 256]) assert.equal(codeOf('xk'.repeat(length / 2 + 1).slice(0, length)), undefined);
  assert.equal(codeOf('xk'.repeat(129)), 'password_long');
  assert.deepEqual(passwordFault('x'.repeat(257), context), { code: 'password_long', params: { max: 256 } });
});

test('a megabyte is refused for less than 200 ms of work [check 2]', () => {
  // The processor's own account: on a busy machine others run in between.
  const start = cpuUsage();
  assert.equal(codeOf('x'.repeat(1_000_000)), 'password_long');
  const { user, system } = cpuUsage(start);
  assert.ok(user + system < 200_000, `${user + system} microseconds`);
});

test('no kind of character is asked for [check 4]', () => {
  for (const password of [
    'correct horse battery',
    'lowercase words only',
    '48151623421337',
    'пароль из слов',
    '        ,',
  ]) {
    assert.equal(codeOf(password), undefined, password);
  }
});

test('widely known passwords are refused in any case, and only as a whole [check 5]', () => {
  const known =
    'password 12345678 123456789 1234567890 qwertyuiop 1qaz2wsx trustno1 sunshine iloveyou starwars superman computer michelle princess football baseball jennifer 11111111 password1 abcd1234';
  for (const password of known.split(' ')) {
    assert.deepEqual(passwordFault(password, context), { code: 'password_common' }, password);
    assert.equal(codeOf(password.toUpperCase()), 'password_common', password);
  }
  assert.equal(codeOf('my password is long'), undefined);
});

test('the list holds more than 10,000 passwords that the policy would let through [check 5]', async () => {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  const refused = dictionary['passwords-common'].filter((password) => isCommonPassword(password.toLowerCase()));
  assert.ok(refused.length > 10_000, `${refused.length}`);
});

test('mail, its local part, name and product are refused in any case, and only as a whole [check 5]', () => {
  for (const own of [
    'ada.lovelace@example.com',
    'Ada.Lovelace',
    'COUNTESS-L',
    'twofold login',
    'ｃｏｕｎｔｅｓｓ-ｌ',
  ]) {
    assert.deepEqual(passwordFault(own, context), { code: 'password_own', params: { product: 'Twofold Login' } }, own);
  }
  assert.equal(codeOf('countess-l of the engine'), undefined);
});

test('an account without a username is judged by the rest', () => {
  const { username: _, ...nameless } = context;
  assert.equal(passwordFault('countess-l', nameless), undefined);
});
