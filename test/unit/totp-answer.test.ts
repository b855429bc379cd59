import assert from 'node:assert/strict';
import test from 'node:test';
import { tidyCode } from '../../src/factors/code.ts';
import { setUpTotp } from '../support/totp-account.ts';

const { factor: plainFactor, enrolment: plainEnrolment } = setUpTotp();

test('blanks, hyphens and the digits of other scripts are tidied before the shape is judged [check 18]', () => {
  const typed = [
    '123456',
    '123 456',
    ' 123-456 ',
    '123\u2009456',
    '123\u00a0456',
    '12\u201334\u201456',
    '123\u2212456',
    '１２３４５６',
    '１２３ー４５６',
    '\u200e١٢٣٤٥٦\u200f',
    '۱۲۳۴۵۶',
    '१२३४५६',
    '𝟏𝟐𝟑𝟜𝟝𝟞',
    '\ufeff123456\n',
  ];
  for (const code of typed) {
    assert.equal(tidyCode(code), '123456', JSON.stringify(code));
    assert.deepEqual(plainFactor.answer.parse({ code }), { code: '123456' });
  }
});

test('the digits of every numbering system that counts in tens are read as that system means them [check 18]', () => {
  for (const system of Intl.supportedValuesOf('numberingSystem')) {
    const inSystem = new Intl.NumberFormat(`en-u-nu-${system}`, { useGrouping: false });
    const written = inSystem.format(1_234_567_890);
    if (/^\p{Nd}{10}$/u.test(written)) assert.equal(tidyCode(written), '1234567890', system);
  }
});

test('anything but six digits is refused by its shape, before a guess is taken [check 18]', () => {
  const refused = [
    '',
    '1',
    '12345',
    '1234567',
    '12345a',
    'abcdef',
    '12345①',
    '²34567',
    '123.456',
    '１２３４５',
    '1e5000',
    '0x1234',
  ];
  const odd: readonly unknown[] = [...refused, undefined, null, 123456, ['123456'], { $gt: '' }, true];
  for (const code of odd) {
    for (const schema of [plainFactor.answer, plainEnrolment.answer]) {
      const { success, error } = schema.safeParse({ code });
      assert.equal(success, false, JSON.stringify(code));
      assert.deepEqual(
        error?.issues.map(({ message }) => message),
        ['code_shape'],
        JSON.stringify(code),
      );
    }
  }
});

test('a name is plain text of at most 60 characters', () => {
  const nameOf = (name?: string) => {
    const parsed = plainEnrolment.answer.parse({ code: '123456', ...(name === undefined ? {} : { name }) });
    return (parsed as { name: string }).name;
  };
  assert.equal(nameOf(), '');
  assert.equal(nameOf('  My phone  '), 'My phone');
  assert.equal(nameOf('My\r\nphone\0\u202etxt\u2028'), 'Myphonetxt');
  assert.equal(nameOf('📱'.repeat(61)), '📱'.repeat(60));
  assert.equal(nameOf('👩‍💻 laptop'), '👩‍💻 laptop');
});
