import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkOf } from '../../src/protection/network.ts';
import { callingCode, judgeSend, levelsOf, recipientRule } from '../../src/protection/send-budget.ts';
import { minutes } from '../support/account-stores.ts';
import { wideLimits } from '../support/fakes/protection.ts';

const sent = (minute: number, stranger = false) => ({ at: minutes(minute), stranger });
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

test('every window of a recipient is longer than the one before and lets more through, strangers never all of it but for the pause', () => {
  for (const [n, { milliseconds, all, strangers }] of recipientRule.entries()) {
    const narrower = recipientRule[n - 1];
    if (!narrower) continue;
    assert.ok(milliseconds > narrower.milliseconds && all > narrower.all && strangers > narrower.strangers);
    assert.ok(strangers < all);
  }
});

test('a message is charged from the narrow budget to the wide', () => {
  const send = { courier: 'sms', recipient: '+447700900123', accountId: 'a', address: '192.0.2.1' } as const;
  const keys = (proved: boolean) => levelsOf({ ...send, proved }, wideLimits).map(({ key }) => key);
  assert.deepEqual(keys(true), ['account:a', 'address:192.0.2.1', 'sms_country_44', 'sms_day']);
  assert.deepEqual(keys(false).slice(-2), ['sms_day_strangers', 'sms_day']);
  const mail = levelsOf({ courier: 'mail', recipient: 'ada@example.com' }, wideLimits).map(({ key }) => key);
  assert.deepEqual(mail, ['address:unknown', 'mail_day_strangers', 'mail_day']);
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
