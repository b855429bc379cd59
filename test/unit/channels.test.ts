import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Destination } from '../../src/delivery/code.ts';
import { type ChannelUse, independence, usedBefore } from '../../src/sign-in/policy/channels.ts';

const now = new Date('2030-01-02T12:00:00Z');
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const mailbox: Destination = { courier: 'mail', destination: 'ada@example.com' };
const phone: Destination = { courier: 'sms', destination: '+4915112345678' };
const nextNoon = new Date('2030-01-03T12:00:00Z');

/** First used as, then as: [in the same sign-in, in another one at once, when it counts in another one]. Written out. */
const pairs: readonly (readonly [ChannelUse, ChannelUse, boolean, boolean])[] = [
  ['confirmation', 'confirmation', false, true],
  ['confirmation', 'factor', true, true],
  ['confirmation', 'reset', false, true],
  ['confirmation', 'rescue', false, true],
  ['factor', 'confirmation', false, true],
  ['factor', 'factor', false, true],
  ['factor', 'reset', false, true],
  ['factor', 'rescue', false, true],
  ['reset', 'confirmation', false, true],
  ['reset', 'factor', false, true],
  ['reset', 'reset', false, true],
  ['reset', 'rescue', false, false],
  ['rescue', 'confirmation', false, true],
  ['rescue', 'factor', false, true],
  ['rescue', 'reset', false, false],
  ['rescue', 'rescue', false, true],
];

for (const channel of [mailbox, phone])
  for (const [first, then, beside, atOnce] of pairs)
    test(`the same ${channel.courier} as ${first}, then as ${then}: ${beside ? 'two' : 'one'} in a sign-in, ${atOnce ? 'at once' : 'a day later'} in another`, () => {
      const used = [{ ...channel, as: first, at: now }];
      const proof = { ...channel, as: then };
      assert.equal(independence(proof, { here: used }, now).counts, beside);
      const elsewhere = independence(proof, { elsewhere: used }, now);
      assert.deepEqual(elsewhere, atOnce ? { counts: true } : { counts: false, from: nextNoon });
    });

test('every pair of uses is walked', () => {
  const uses: readonly ChannelUse[] = ['confirmation', 'factor', 'reset', 'rescue'];
  const walked = pairs.map(([first, then]) => `${first} ${then}`);
  assert.deepEqual(
    walked,
    uses.flatMap((first) => uses.map((then) => `${first} ${then}`)),
  );
});

test('reset and rescue by one mailbox are a day apart in either order, to the millisecond', () => {
  for (const [first, then] of [
    ['reset', 'rescue'],
    ['rescue', 'reset'],
  ] as const) {
    const judge = (at: Date) =>
      independence({ ...mailbox, as: then }, { elsewhere: [{ ...mailbox, as: first, at }] }, now);
    assert.deepEqual(judge(hoursAgo(24)), { counts: true });
    assert.deepEqual(judge(new Date(hoursAgo(24).getTime() + 1)), {
      counts: false,
      from: new Date(now.getTime() + 1),
    });
    assert.deepEqual(judge(hoursAgo(1)), { counts: false, from: new Date('2030-01-03T11:00:00Z') });
  }
});

test('of several uses the last one says when it counts again', () => {
  const elsewhere = [hoursAgo(3), hoursAgo(20), hoursAgo(30)].map((at) => ({ ...mailbox, as: 'reset', at }) as const);
  assert.deepEqual(independence({ ...mailbox, as: 'rescue' }, { elsewhere }, now), {
    counts: false,
    from: new Date('2030-01-03T09:00:00Z'),
  });
});

test('a use in this very sign-in is told without a time, unless it lasts a day', () => {
  const at = hoursAgo(1);
  const after = (first: ChannelUse, then: ChannelUse) =>
    independence({ ...mailbox, as: then }, { here: [{ ...mailbox, as: first, at }] }, now);
  assert.deepEqual(after('rescue', 'factor'), { counts: false });
  assert.deepEqual(after('reset', 'rescue'), { counts: false, from: new Date('2030-01-03T11:00:00Z') });
});

test('a mailbox is one in all its spellings, and no other', () => {
  const judge = (first: string, then: string) =>
    independence(
      { courier: 'mail', destination: then, as: 'factor' },
      { here: [{ courier: 'mail', destination: first, as: 'reset', at: now }] },
      now,
    ).counts;
  assert.equal(judge('ada@example.com', 'ada+codes@example.com'), false);
  assert.equal(judge('a.da@gmail.com', 'ada@googlemail.com'), false);
  assert.equal(judge('ada@example.com', 'ada@example.org'), true);
  assert.equal(judge('ada@example.com', 'bob@example.com'), true);
});

test('a phone is no mailbox: two channels are two proofs', () => {
  const here = [{ ...mailbox, as: 'rescue', at: now } as const];
  assert.deepEqual(independence({ ...phone, as: 'factor' }, { here }, now), { counts: true });
  const same = [{ courier: 'sms', destination: 'ada@example.com', as: 'rescue', at: now } as const];
  assert.deepEqual(independence({ ...mailbox, as: 'factor' }, { here: same }, now), { counts: true });
});

test('nothing used before: it counts', () => {
  assert.deepEqual(independence({ ...mailbox, as: 'rescue' }, {}, now), { counts: true });
});

test('an account remembers by which mailbox it was reset and rescued last', () => {
  const reset = { address: 'ada@example.com', at: hoursAgo(2) };
  const rescue = { address: 'old@example.com', at: hoursAgo(30) };
  assert.deepEqual(usedBefore({}), []);
  assert.deepEqual(usedBefore({ mailboxUses: { reset, rescue } }), [
    { courier: 'mail', destination: 'ada@example.com', as: 'reset', at: hoursAgo(2) },
    { courier: 'mail', destination: 'old@example.com', as: 'rescue', at: hoursAgo(30) },
  ]);
  const elsewhere = usedBefore({ mailboxUses: { reset } });
  assert.deepEqual(independence({ ...mailbox, as: 'rescue' }, { elsewhere }, now), {
    counts: false,
    from: new Date('2030-01-03T10:00:00Z'),
  });
  assert.deepEqual(independence({ ...mailbox, as: 'factor' }, { elsewhere }, now), { counts: true });
});
