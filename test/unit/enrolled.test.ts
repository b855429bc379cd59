import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Level } from '../../src/factors/factor.ts';
import { strongestEnrolled, weakestEnrolled } from '../../src/sign-in/policy/enrolled.ts';
import { blank, start } from '../support/totp-account.ts';

const kinds = [
  { kind: 'totp', level: '2fa' },
  { kind: 'email', level: '2fa-email' },
  { kind: 'sms', level: '2fa-sms' },
  { kind: 'recovery', level: '2fa' },
] as const;

const holding = (...held: readonly string[]) => ({
  ...blank,
  factors: held.map((kind, n) => ({ id: `${kind}${n}`, kind, name: '', createdAt: start, lastUsedAt: start })),
});

const cases: readonly (readonly [readonly string[], Level, Level])[] = [
  [[], '1fa', '1fa'],
  [['email'], '2fa-email', '2fa-email'],
  [['sms'], '2fa-sms', '2fa-sms'],
  [['totp'], '2fa', '2fa'],
  [['email', 'sms'], '2fa-sms', '2fa-email'],
  [['totp', 'email'], '2fa', '2fa-email'],
  [['email', 'totp'], '2fa', '2fa-email'],
  [['sms', 'totp'], '2fa', '2fa-sms'],
  [['totp', 'totp'], '2fa', '2fa'],
  // A kind that the configuration does not have is proved by nobody.
  [['email', 'pager'], '2fa-email', '2fa-email'],
  [['pager'], '2fa-email', '2fa-email'],
];

for (const [held, most, least] of cases) {
  test(`with ${held.join(' and ') || 'nothing'} set up the strongest level is ${most} and the weakest ${least}`, () => {
    assert.equal(strongestEnrolled(kinds, holding(...held)), most);
    assert.equal(weakestEnrolled(kinds, holding(...held)), least);
  });
}

test('recovery codes are no way of their own: what they are worth makes no account stronger', () => {
  const recovery = { salt: 's', hashes: ['h'], level: '2fa', createdAt: start } as const;
  assert.equal(strongestEnrolled(kinds, { ...holding('email'), recovery } as typeof blank), '2fa-email');
});
