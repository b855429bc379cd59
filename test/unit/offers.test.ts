import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import type { Account } from '../../src/accounts/account.ts';
import type { Enrolment, Factor, Level } from '../../src/factors/factor.ts';
import { currentOffer, offered, settable } from '../../src/sign-in/factor/offers.ts';
import { minutes, start, totp } from '../support/account-stores.ts';
import { blank } from '../support/totp-account.ts';

/** Offers the account's factors of its kind; recovery codes are no factor of the account. */
function kindOf(kind: string, level: Level): Factor {
  return {
    ...{ kind, level, amr: [], guessable: true, field: 'code', answer: totpAnswer, shows: z.object({}) },
    offers: ({ factors }) =>
      kind === 'recovery'
        ? [{ kind, id: 'recovery', label: '' }]
        : factors.filter((factor) => factor.kind === kind).map(({ id }) => ({ kind, id, label: '' })),
    facts: async () => ({}),
    verify: async () => ({ outcome: 'rejected', reason: 'wrong' }),
  };
}
const totpAnswer = {} as Factor['answer'];
const factors = [
  kindOf('totp', '2fa'),
  kindOf('email', '2fa-email'),
  kindOf('sms', '2fa-sms'),
  kindOf('recovery', '2fa'),
];
const own = (kind: string, minute: number) =>
  totp({ id: `my ${kind}`, kind, createdAt: start, lastUsedAt: minutes(minute) });
const ids = (account: Account, level: Level = '1fa') => offered(factors, account, level).map(({ offer }) => offer.id);
const ada: Account = { ...blank, factors: [own('totp', 1), own('email', 3), own('sms', 2)] };

test('the last used is asked first, and recovery codes never are', () => {
  assert.deepEqual(ids(ada), ['my email', 'my sms', 'my totp', 'recovery']);
  assert.deepEqual(ids({ ...ada, factors: [own('sms', 9), own('email', 3)] }), ['my sms', 'my email', 'recovery']);
});

test('what its owner wants to be asked first comes first, whatever was used last', () => {
  assert.deepEqual(ids({ ...ada, preferredFactorId: 'my totp' }), ['my totp', 'my email', 'my sms', 'recovery']);
  assert.deepEqual(ids({ ...ada, preferredFactorId: 'gone' }), ids(ada));
});

test('only what reaches the level that the client asked for; where nothing does, all: the policy tells the client [check 70]', () => {
  assert.deepEqual(ids(ada, '2fa'), ['my totp', 'recovery']);
  assert.deepEqual(ids(ada, '2fa-sms'), ['my sms', 'my totp', 'recovery']);
  assert.deepEqual(ids(ada, 'phr'), ids(ada));
});

test('the chosen way is asked as long as it is offered, else the first', () => {
  const offers = offered(factors, ada, '1fa');
  assert.equal(currentOffer(offers, 'my totp')?.offer.id, 'my totp');
  assert.equal(currentOffer(offers, 'gone')?.offer.id, 'my email');
  assert.equal(currentOffer(offers, undefined)?.offer.id, 'my email');
  assert.equal(currentOffer(offered(factors, ada, '2fa'), 'my email')?.offer.id, 'my totp', 'a weaker way is not kept');
  assert.equal(currentOffer([], 'my totp'), undefined);
});

test('what can be set up is what reaches the level that the client asked for, in its order; where nothing does, all [check 70]', () => {
  const enrolment = {} as Enrolment;
  const kinds = (level: Level, of: readonly string[] = ['email', 'totp', 'sms']) => {
    const own = factors.map((factor) => (of.includes(factor.kind) ? { ...factor, enrolment } : factor));
    return settable(own, level).map(({ kind }) => kind);
  };
  assert.deepEqual(kinds('1fa'), ['totp', 'email', 'sms']);
  assert.deepEqual(kinds('2fa-sms'), ['totp', 'sms']);
  assert.deepEqual(kinds('2fa'), ['totp']);
  assert.deepEqual(kinds('2fa', ['email']), ['email']);
  assert.deepEqual(kinds('1fa', []), []);
});
