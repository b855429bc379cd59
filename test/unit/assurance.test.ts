import assert from 'node:assert/strict';
import test from 'node:test';
import { meets } from '../../src/accounts/level.ts';
import type { Level, Proof } from '../../src/factors/factor.ts';
import {
  acrOf,
  amrOf,
  judgeAcr,
  levelReached,
  reachable,
  requestedAcr,
  supportedAcr,
} from '../../src/sign-in/policy/assurance.ts';

const at = new Date('2026-01-01T00:00:00Z');
const proof = (kind: string, level: Level, ...amr: string[]): Proof => ({ kind, level, amr, at });

const password = proof('password', '1fa', 'pwd');
const app = proof('totp', '2fa', 'otp', 'mfa');
const mail = proof('email', '2fa-email', 'otp', 'mfa');
const sms = proof('sms', '2fa-sms', 'sms', 'mfa');
const touched = proof('passkey', '2fa', 'hwk', 'mfa');
const passkey = proof('passkey', 'phr', 'user', 'swk', 'mfa');
const remembered = proof('remembered', 'remembered');
const rescue = proof('mailbox', 'recovery', 'otp');

const table: readonly [string, readonly Proof[], readonly string[], string][] = [
  ['password', [password], ['pwd'], 'urn:twofold:1fa'],
  ['password and remembered device', [password, remembered], ['pwd'], 'urn:twofold:1fa'],
  ['rescue by mail', [password, rescue], ['pwd', 'otp'], 'urn:twofold:recovery'],
  ['password and e-mail code', [password, mail], ['pwd', 'otp'], 'urn:twofold:2fa-email'],
  [
    'password and a recovery code that a mailbox made',
    [password, proof('recovery', '2fa-email', 'otp', 'mfa')],
    ['pwd', 'otp'],
    'urn:twofold:2fa-email',
  ],
  [
    'password and a recovery code that an app made',
    [password, proof('recovery', '2fa', 'otp', 'mfa')],
    ['pwd', 'otp', 'mfa'],
    'urn:twofold:2fa',
  ],
  ['password and SMS code', [password, sms], ['pwd', 'sms', 'mfa'], 'urn:twofold:2fa-sms'],
  ['password and authenticator app', [password, app], ['pwd', 'otp', 'mfa'], 'urn:twofold:2fa'],
  ['password and passkey without user verification', [password, touched], ['pwd', 'hwk', 'mfa'], 'urn:twofold:2fa'],
  ['passkey with user verification', [passkey], ['swk', 'user', 'mfa'], 'phr'],
];

for (const [row, proofs, amr, acr] of table) {
  test(`a sign-in by ${row} tells amr ${amr.join(' ')} and acr ${acr} [check 70]`, () => {
    const level = levelReached(proofs);
    assert.ok(level);
    assert.equal(acrOf(level), acr);
    assert.deepEqual(amrOf(proofs), amr);
  });
}

test('the highest of several proofs counts and each method is told once', () => {
  assert.equal(levelReached([password, mail, app]), '2fa');
  assert.deepEqual(amrOf([password, mail, app, sms]), ['pwd', 'otp', 'sms', 'mfa']);
});

test('a code by mail is told as mfa where the installation says that it counts, and takes no mfa from what stands beside it', () => {
  for (const mailed of [mail, proof('recovery', '2fa-email', 'otp', 'mfa')])
    assert.deepEqual(amrOf([password, mailed], { emailCountsAsMfa: true }), ['pwd', 'otp', 'mfa']);
  assert.deepEqual(amrOf([password, mail], { emailCountsAsMfa: false }), ['pwd', 'otp']);
  assert.deepEqual(amrOf([password, mail, sms], { emailCountsAsMfa: false }), ['pwd', 'otp', 'sms', 'mfa']);
  assert.deepEqual(amrOf([password, rescue], { emailCountsAsMfa: true }), ['pwd', 'otp'], 'a rescue never is');
});

test('a method that the table does not know yet is told after the others', () => {
  assert.deepEqual(amrOf([password, proof('palm', '2fa', 'palm', 'mfa')]), ['pwd', 'mfa', 'palm']);
});

test('nobody is signed in without a password or a passkey that verified its user, whatever else was proved', () => {
  for (const proofs of [[], [app], [rescue], [remembered], [mail, sms], [touched]]) {
    assert.equal(levelReached(proofs), undefined);
    assert.deepEqual(amrOf(proofs), []);
  }
});

test('what was proved before the password does not count', () => {
  assert.equal(levelReached([app, password]), '1fa');
  assert.deepEqual(amrOf([app, password]), ['pwd']);
});

test('levels rank upwards and each meets those below it', () => {
  const ranks: Level[] = ['1fa', 'recovery', 'remembered', '2fa-email', '2fa-sms', '2fa', 'phr'];
  for (const [reachedAt, reached] of ranks.entries()) {
    for (const [askedAt, asked] of ranks.entries()) assert.equal(meets(reached, asked), reachedAt >= askedAt);
  }
});

test('discovery lists the six acr values, weakest first', () => {
  assert.deepEqual(supportedAcr, [
    'urn:twofold:1fa',
    'urn:twofold:recovery',
    'urn:twofold:2fa-email',
    'urn:twofold:2fa-sms',
    'urn:twofold:2fa',
    'phr',
  ]);
});

const claims = (acr: unknown) => ({ id_token: { acr } });
const twofa = 'urn:twofold:2fa';
const onefa = 'urn:twofold:1fa';

test('a request for an acr is read from acr_values and from the claims parameter, as text or as an object', () => {
  const essential = claims({ essential: true, value: twofa });
  assert.deepEqual(requestedAcr({}), { values: [], required: false });
  assert.deepEqual(requestedAcr({ acrValues: ` ${twofa}  phr ${twofa}` }), { values: [twofa, 'phr'], required: true });
  assert.deepEqual(requestedAcr({ claims: essential }), { values: [twofa], required: true });
  assert.deepEqual(requestedAcr({ claims: JSON.stringify(essential) }), { values: [twofa], required: true });
  assert.deepEqual(requestedAcr({ claims: claims({ essential: true, values: [twofa, 'phr'] }) }), {
    values: [twofa, 'phr'],
    required: true,
  });
  assert.deepEqual(requestedAcr({ claims: claims({ value: twofa }) }), { values: [twofa], required: false });
});

test('acr_values cannot lower an essential acr [check 53]', () => {
  const requested = requestedAcr({ acrValues: onefa, claims: claims({ essential: true, value: twofa }) });
  assert.deepEqual(requested, { values: [twofa], required: true });
  assert.deepEqual(judgeAcr(requested, '1fa'), { met: false });
});

test('a voluntary acr in the claims cannot lower acr_values', () => {
  const requested = requestedAcr({ acrValues: twofa, claims: claims({ values: [onefa] }) });
  assert.deepEqual(judgeAcr(requested, '1fa'), { met: false });
});

test('claims that ask for no level, or are no claims at all, ask for nothing', () => {
  for (const odd of [
    undefined,
    null,
    '',
    '{',
    '[]',
    'null',
    7,
    {},
    claims(null),
    claims({}),
    claims({ essential: true }),
    claims('x'),
  ]) {
    assert.deepEqual(requestedAcr({ claims: odd }), { values: [], required: false }, JSON.stringify(odd));
    assert.deepEqual(requestedAcr({ acrValues: twofa, claims: odd }), { values: [twofa], required: true });
  }
});

test('an essential acr that is no text is never met', () => {
  for (const odd of [7, null, true, {}, { toString: 1 }, [], [[twofa]]]) {
    const requested = requestedAcr({ claims: claims({ essential: true, value: odd, values: [odd] }) });
    assert.deepEqual(judgeAcr(requested, 'phr'), { met: false }, JSON.stringify(odd));
  }
  assert.deepEqual(requestedAcr({ claims: claims({ essential: true, values: twofa }) }), {
    values: [twofa],
    required: true,
  });
});

test('the reported acr is the strongest requested value that was met, else the level reached [check 70]', () => {
  const ask = (...values: string[]) => ({ values, required: true });
  assert.deepEqual(judgeAcr(ask(onefa), 'phr'), { met: true, acr: onefa });
  assert.deepEqual(judgeAcr(ask(onefa, twofa), 'phr'), { met: true, acr: twofa });
  assert.deepEqual(judgeAcr(ask('phr', onefa), '2fa'), { met: true, acr: onefa });
  assert.deepEqual(judgeAcr(ask(twofa), '2fa-sms'), { met: false });
  assert.deepEqual(judgeAcr(ask('urn:other:gold'), 'phr'), { met: false });
  assert.deepEqual(judgeAcr(ask('urn:other:gold', twofa), 'phr'), { met: true, acr: twofa });
  assert.deepEqual(judgeAcr({ values: [], required: false }, '2fa'), { met: true, acr: twofa });
  assert.deepEqual(judgeAcr({ values: ['phr'], required: false }, '2fa'), { met: true, acr: twofa });
});

test('a remembered device meets no request for a factor and is told as a password alone [check 53]', () => {
  for (const asked of [
    'urn:twofold:recovery',
    'urn:twofold:2fa-email',
    'urn:twofold:2fa-sms',
    twofa,
    'phr',
    'remembered',
  ]) {
    assert.deepEqual(judgeAcr({ values: [asked], required: true }, 'remembered'), { met: false }, asked);
  }
  assert.deepEqual(judgeAcr({ values: [], required: false }, 'remembered'), { met: true, acr: onefa });
  assert.deepEqual(judgeAcr({ values: [onefa], required: true }, 'remembered'), { met: true, acr: onefa });
});

test('a request is hopeless when nothing that is offered could meet it', () => {
  const ask = (...values: string[]) => ({ values, required: true });
  assert.equal(reachable(ask(twofa), ['1fa', '2fa']), true);
  assert.equal(reachable(ask('urn:twofold:2fa-email'), ['1fa', '2fa']), true);
  assert.equal(reachable(ask('phr'), ['1fa', '2fa']), false);
  assert.equal(reachable(ask('phr', twofa), ['1fa', '2fa']), true);
  assert.equal(reachable(ask('urn:other:gold'), ['1fa', '2fa', 'phr']), false);
  assert.equal(reachable({ values: ['phr'], required: false }, ['1fa']), true);
});
