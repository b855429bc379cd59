import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressPace } from '../../src/protection/address-pace.ts';

function pace(perMinute: number) {
  let at = 1_800_000_000_000;
  const made = addressPace({ perMinute, now: () => new Date(at) });
  const take = (address: string | undefined) => made.take(address)?.getTime();
  return {
    take,
    start: at,
    wait: (milliseconds: number) => {
      at += milliseconds;
    },
  };
}

test('an address has so many a minute, from its first on, and what is refused does not lengthen the wait', () => {
  const { take, wait, start } = pace(2);
  assert.equal(take('192.0.2.1'), undefined);
  wait(59_000);
  assert.equal(take('192.0.2.1'), undefined);
  assert.equal(take('192.0.2.1'), start + 60_000);
  wait(999);
  assert.equal(take('192.0.2.1'), start + 60_000);
  wait(1);
  assert.equal(take('192.0.2.1'), undefined);
  assert.equal(take('192.0.2.1'), undefined);
  assert.equal(take('192.0.2.1'), start + 120_000);
});

test('an IPv6 client is its whole /64, and whoever has no address shares one budget', () => {
  const { take, start } = pace(1);
  assert.equal(take('2001:db8::1'), undefined);
  assert.equal(take('2001:db8:0:0:1::1'), start + 60_000);
  assert.equal(take('2001:db8:0:1::1'), undefined);
  assert.equal(take(undefined), undefined);
  assert.equal(take('unknown'), start + 60_000);
});

test('0 is no limit', () => {
  const { take } = pace(0);
  for (let n = 0; n < 1_000; n++) assert.equal(take('192.0.2.1'), undefined);
});

test('of more networks than are remembered the one counted longest ago is forgotten, and no other', () => {
  const { take, start } = pace(1);
  const network = (n: number) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
  for (let n = 0; n < 10_001; n++) assert.equal(take(network(n)), undefined);
  for (let n = 1; n < 10_001; n++) assert.equal(take(network(n)), start + 60_000);
  assert.equal(take(network(0)), undefined);
  assert.equal(take(network(1)), undefined);
});

test('a network that begins a new minute is no longer the one counted longest ago', () => {
  const { take, wait, start } = pace(1);
  const network = (n: number) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
  for (let n = 0; n < 10_000; n++) take(network(n));
  wait(60_000);
  assert.equal(take(network(0)), undefined);
  assert.equal(take('192.0.2.1'), undefined);
  assert.equal(take(network(0)), start + 120_000);
});
