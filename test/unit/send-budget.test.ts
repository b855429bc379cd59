import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkOf } from '../../src/protection/network.ts';
import { judgeSend, recipientRule } from '../../src/protection/recipient-rule.ts';
import { callingCode, type Send, sharedBudgetsOf } from '../../src/protection/shared-budgets.ts';
import { minutes } from '../support/account-stores.ts';
import { wideLimits } from '../support/fakes/protection.ts';

const sent = (minute: number, stranger = false) => ({ at: minutes(minute), stranger, by: 'here' });
const yes = { allowed: true } as const;
const notBefore = (minute: number) => ({ allowed: false, retryAt: minutes(minute) });

/** Minutes of earlier sends ('s' marks a stranger's), who asks, and the answer in the minute 100. */
const judgements: readonly (readonly [readonly (number | 's')[], 'owner' | 'stranger', typeof yes | object])[] = [
  [[], 'owner', yes],
  [[], 'stranger', yes],
  [[99], 'owner', yes],
  [[99.5], 'owner', notBefore(100.5)],
  [[99.5, 's'], 'owner', notBefore(100.5)],
  [[95, 97, 99], 'owner', notBefore(105)],
  [[90, 97, 99], 'owner', yes],
  [[97, 's', 99, 's'], 'owner', yes],
  [[97, 's', 99, 's'], 'stranger', notBefore(107)],
  [[97, 's', 99], 'stranger', yes],
  [[99.5], 'stranger', yes],
  [[95, 97, 99], 'stranger', yes],
  [[41, 42, 60, 61, 80, 81], 'stranger', yes],
  [[41, 42, 60, 61, 80, 81], 'owner', notBefore(101)],
  [[41, 's', 60, 's', 70, 's', 80, 's'], 'stranger', notBefore(101)],
  [[41, 's', 60, 's', 70, 's', 80, 's'], 'owner', yes],
  [[-1339, -1300, -1200, -1100, -1000, -900, -800, -700, -600, -500], 'owner', notBefore(101)],
  [[-1340, -1300, -1200, -1100, -1000, -900, -800, -700, -600, -500], 'owner', yes],
  [[-1339, 's', -1300, 's', -1200, 's', -1100, 's', -1000, 's'], 'stranger', notBefore(101)],
  [[-1339, 's', -1300, 's', -1200, 's', -1100, 's', -1000, 's'], 'owner', yes],
];

for (const [earlier, who, answer] of judgements) {
  test(`sends at ${earlier.join(' ')} and the ${who} in the minute 100: ${JSON.stringify(answer)} [check 107]`, () => {
    const before = earlier.flatMap((minute, n) => (minute === 's' ? [] : [sent(minute, earlier[n + 1] === 's')]));
    assert.deepEqual(judgeSend(before, sent(100, who === 'stranger')), answer);
    assert.deepEqual(judgeSend([...before].reverse(), sent(100, who === 'stranger')), answer, 'whatever the order');
  });
}

test('whatever its owner was sent, a stranger is answered the same: neither a refusal nor its end tells that the owner signs in', () => {
  const strangers = [sent(97, true), sent(98, true)];
  const owners = [60, 80, 96, 99, 99.9].map((minute) => sent(minute));
  for (const minute of [100, 106, 107, 108, 130]) {
    const asked = sent(minute, true);
    assert.deepEqual(judgeSend([...strangers, ...owners], asked), judgeSend(strangers, asked), `${minute}`);
    assert.deepEqual(judgeSend(owners, asked), yes, `${minute}`);
  }
});

test('a wait is told in so far as it began in the same browser; what others set off is refused without a time', () => {
  const by = (minute: number, who?: string) => ({
    at: minutes(minute),
    stranger: false,
    ...(who === undefined ? {} : { by: who }),
  });
  const refusal = { allowed: false };
  assert.deepEqual(judgeSend([by(99.5, 'other')], by(100, 'here')), refusal);
  assert.deepEqual(judgeSend([by(99.5)], by(100)), refusal, 'nobody is known to be the same as nobody');
  assert.deepEqual(judgeSend([by(99.5, 'here')], by(100, 'here')), notBefore(100.5));
  const mixed = [by(95, 'other'), by(97, 'other'), by(99.5, 'here')];
  assert.deepEqual(judgeSend(mixed, by(100, 'here')), notBefore(100.5), 'not the 105th, which the others began');
});

test('every window of a recipient is longer than the one before and lets more through, and strangers have fewer in all but the shortest', () => {
  const expected = [
    { milliseconds: 60_000, all: 1, strangers: 1 },
    { milliseconds: 600_000, all: 3, strangers: 2 },
    { milliseconds: 3_600_000, all: 6, strangers: 4 },
    { milliseconds: 86_400_000, all: 10, strangers: 5, unfinished: true },
  ];
  assert.deepEqual(recipientRule, expected);
});

const toPhone: Send = { courier: 'sms', recipient: '+447700900123', accountId: 'a', address: '192.0.2.1' };

test('a message is charged from the narrow budget to the wide', () => {
  const keys = (proved: boolean) => sharedBudgetsOf({ ...toPhone, proved }, wideLimits).map(({ key }) => key);
  assert.deepEqual(keys(true), ['account:a', 'address:192.0.2.1', 'sms_country_44', 'sms_day']);
  assert.deepEqual(keys(false), ['account:a', 'address:192.0.2.1', 'sms_site:192.0.2.x', 'sms_country_44', 'sms_day']);
  const mail = sharedBudgetsOf({ courier: 'mail', recipient: 'ada@example.com' }, wideLimits).map(({ key }) => key);
  assert.deepEqual(mail, ['address:unknown', 'mail_site:unknown', 'mail_day']);
});

const limits = { mailsPerDay: 800, smsPerDay: 160, smsPerCountryPerDay: 80, perAddressPerHour: 21 };

test('strangers have half of every budget that they share with others, and one network a quarter of that half [check 107]', () => {
  const rules = (send: Send) => sharedBudgetsOf(send, limits).map(({ key, limit, share }) => [key, limit, share]);
  assert.deepEqual(rules({ ...toPhone, proved: false }), [
    ['account:a', 20, undefined],
    ['address:192.0.2.1', 21, 11],
    ['sms_site:192.0.2.x', 10, undefined],
    ['sms_country_44', 80, 40],
    ['sms_day', 160, 80],
  ]);
  assert.deepEqual(rules({ courier: 'mail', recipient: 'ada@example.com', address: '192.0.2.1' }), [
    ['address:192.0.2.1', 21, 11],
    ['mail_site:192.0.2.x', 100, undefined],
    ['mail_day', 800, 400],
  ]);
  assert.deepEqual(
    sharedBudgetsOf({ ...toPhone, proved: true }, limits).filter(({ share }) => share !== undefined),
    [],
  );
});

test('a network is what one customer is given: a /24, or the /48 of an IPv6 site', () => {
  const siteOf = (address: string) =>
    sharedBudgetsOf({ courier: 'mail', recipient: 'ada@example.com', address }, limits)[1]?.key;
  assert.equal(siteOf('192.0.2.255'), siteOf('192.0.2.1'));
  assert.notEqual(siteOf('192.0.3.1'), siteOf('192.0.2.1'));
  assert.equal(siteOf('2001:db8:1:ffff::9'), siteOf('2001:db8:1::1'));
  assert.notEqual(siteOf('2001:db8:2::1'), siteOf('2001:db8:1::1'));
});

test('a calling code has one, two or three digits', () => {
  const codes: Readonly<Record<string, string>> = {
    '+12125550123': '1',
    '+79161234567': '7',
    '+447700900123': '44',
    '+4915112345678': '49',
    '+8613812345678': '86',
    '+353851234567': '353',
    '+2348012345678': '234',
    '+21612345678': '216',
    '+883510012345': '883',
    '0123': 'unknown',
  };
  for (const [number, code] of Object.entries(codes)) assert.equal(callingCode(number), code, number);
});

test('an IPv4 client is its address, an IPv6 client its /64, in every spelling [check 106]', () => {
  const networks: Readonly<Record<string, string>> = {
    '192.0.2.7': '192.0.2.7',
    '::ffff:192.0.2.7': '192.0.2.7',
    '::FFFF:c000:207': '192.0.2.7',
    '0:0:0:0:0:ffff:192.0.2.7': '192.0.2.7',
    '2001:db8:1:2:3:4:5:6': '2001:db8:1:2::/64',
    '2001:0DB8:0001:0002::1': '2001:db8:1:2::/64',
    '2001:db8:1:2::': '2001:db8:1:2::/64',
    '2001:db8::1': '2001:db8:0:0::/64',
    '2001:db8::1:0:0:0:1': '2001:db8:0:1::/64',
    '::1': '0:0:0:0::/64',
    'fe80::1%eth0': 'fe80:0:0:0::/64',
    '': 'unknown',
  };
  for (const [address, network] of Object.entries(networks)) assert.equal(networkOf(address), network, address);
  assert.equal(networkOf(undefined), 'unknown');
});
