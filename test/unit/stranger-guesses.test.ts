import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCipher } from '../../src/platform/cipher.ts';
import { noStrangers } from '../../src/protection/budgets.ts';
import { networkKeys } from '../../src/protection/network.ts';
import { type Strangers, takeAsStranger } from '../../src/protection/stranger-guesses.ts';

const start = new Date('2030-01-01T00:00:00Z');
const minutes = (count: number) => new Date(start.getTime() + count * 60_000);
const day = 24 * 60;
const nobody: Strangers = { guesses: noStrangers, warnedAt: {} };

/** Tries from each network in turn at every minute, for so many days; tells what was judged on each and how much was kept at most. */
function attack(networksOf: (today: number) => readonly string[], days: number, eachMinutes = 1) {
  let strangers = nobody;
  const judged = Array<number>(days).fill(0);
  const told = Array<number>(days).fill(0);
  let kept = 0;
  for (let minute = 0; minute < days * day; minute += eachMinutes)
    for (const network of networksOf(Math.floor(minute / day))) {
      const { guess, tell, after } = takeAsStranger(strangers, network, minutes(minute));
      strangers = after;
      kept = Math.max(kept, strangers.guesses.networks.length);
      const today = Math.floor(minute / day);
      if (guess.state === 'taken') judged[today] = (judged[today] ?? 0) + 1;
      told[today] = (told[today] ?? 0) + tell.length;
    }
  return { judged, told, kept, strangers };
}

test('one network tries five passwords, then one after each wait, and a hundred in a month [check 13]', () => {
  const { judged, told, strangers } = attack(() => ['one'], 29);
  assert.deepEqual(judged.slice(0, 3), [100, 0, 0]);
  assert.equal(
    judged.reduce((sum, each) => sum + each, 0),
    100,
  );
  assert.deepEqual(told, [1, ...Array(28).fill(0)]);
  const later = takeAsStranger(strangers, 'one', minutes(32 * day));
  assert.deepEqual(later.guess, { state: 'taken', failures: 1 });
});

test('any number of networks tries 300 passwords a day, the owner hears once of each, and the account stays small [check 13] [check 111]', () => {
  const botnet = (today: number) => Array.from({ length: 2_000 }, (_, n) => `bot ${n} of day ${today}`);
  const { judged, told, kept } = attack(botnet, 3, 300);
  assert.deepEqual(judged, [300, 300, 300]);
  assert.deepEqual(told, [1, 1, 1]);
  assert.equal(kept, 390);
});

test('two networks that try all day leave the others a hundred [check 109]', () => {
  const { strangers } = attack(() => ['one', 'two'], 1);
  assert.equal(strangers.guesses.failures, 200);
  const { guess } = takeAsStranger(strangers, 'home', minutes(day - 1));
  assert.deepEqual(guess, { state: 'taken', failures: 1 });
});

test('a wait of a network is told before that the day is full', () => {
  const until = minutes(1);
  const networks = [{ network: 'one', failures: 5, lockedUntil: until, at: start }];
  const full = { guesses: { failures: 300, endsAt: minutes(day), networks }, warnedAt: {} };
  assert.deepEqual(takeAsStranger(full, 'one', start), {
    guess: { state: 'waiting', until },
    dayFull: false,
    tell: [],
    after: full,
  });
  assert.deepEqual(takeAsStranger(full, 'two', start).guess, { state: 'waiting', until: minutes(day) });
});

test('a network has one key, whatever address of it is told, and another under another secret', () => {
  const keyOf = (byte: number) => networkKeys(createCipher([{ id: 1, key: Buffer.alloc(32, byte) }]));
  const [key, other] = [keyOf(1), keyOf(2)];
  const of64 = new Set(['2001:db8:0:1::1', '2001:DB8:0:1:ffff::2%eth0', '2001:db8::1:0:0:0:9'].map(key));
  assert.equal(of64.size, 1);
  assert.notEqual(key('2001:db8:0:2::1'), key('2001:db8:0:1::1'));
  assert.equal(key('::ffff:192.0.2.1'), key('192.0.2.1'));
  assert.notEqual(key('192.0.2.2'), key('192.0.2.1'));
  assert.notEqual(other('192.0.2.1'), key('192.0.2.1'));
  assert.equal(key(undefined), key(' '), 'whoever has no address shares one');
  assert.match(key(undefined), /^[\w-]{12}$/);
});

test('no network has more than a hundred in a row, however many others are used up beside it [check 13]', () => {
  let state: Strangers = { guesses: noStrangers, warnedAt: {} };
  let now = start;
  const judged: Record<string, number> = {};
  const knock = (network: string) => {
    const { guess, after } = takeAsStranger(state, network, now);
    if (guess.state !== 'taken') return;
    state = after;
    judged[network] = (judged[network] ?? 0) + 1;
  };
  // Three networks a day are used up, one try each quarter of an hour; the first goes on knocking.
  for (let today = 0; today < 19; today += 1)
    for (let quarter = 0; quarter < 110; quarter += 1) {
      now = new Date(now.getTime() + 15 * 60_000 + 1);
      for (const one of [0, 1, 2]) knock(`network ${today * 3 + one}`);
      knock('network 0');
    }
  assert.equal(judged['network 0'], 100);
});

test('a network that is used up is closed for its whole month, however many are used up after it, and the account stays small [check 13] [check 111]', () => {
  // Ninety that were tried slowly, each a single try short of its end, are used up on one day.
  const slow = Array.from({ length: 90 }, (_, n) => ({ network: `slow ${n}`, failures: 99, at: start }));
  let strangers: Strangers = { guesses: { failures: 0, endsAt: minutes(day), networks: slow }, warnedAt: {} };
  let kept = 0;
  const knock = (network: string, minute: number) => {
    const { guess, after } = takeAsStranger(strangers, network, minutes(minute));
    strangers = after;
    kept = Math.max(kept, strangers.guesses.networks.length);
    return guess.state;
  };
  for (const { network } of slow) assert.equal(knock(network, 1), 'taken');

  for (let today = 1; today < 30; today += 1) {
    // Five at once, then one after each wait: a hundred in a day.
    const tries = [0, 0, 0, 0, ...Array.from({ length: 96 }, (_, quarter) => quarter * 15)];
    for (const minute of tries) for (const one of [0, 1, 2]) knock(`day ${today}, ${one}`, today * day + minute);
    const states = slow.map(({ network }) => knock(network, (today + 1) * day - 1));
    assert.deepEqual([...new Set(states)], ['closed'], `after day ${today}`);
  }
  assert.equal(kept, 90 + 29 * 3);
});
