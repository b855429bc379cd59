import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomDigits, randomId } from '../../src/platform/random.ts';

test('[check 25] ten thousand codes have uniform digits at every place, and some start with 0', () => {
  const codes = Array.from({ length: 10_000 }, () => randomDigits(6));
  for (let place = 0; place < 6; place += 1) {
    const counts = Array.from(
      { length: 10 },
      (_, digit) => codes.filter((code) => code[place] === String(digit)).length,
    );
    const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    // 9 degrees of freedom: an even source stays below 50 at all six places in all but one of 1.5 million runs.
    assert.ok(chiSquare < 50, `place ${place}: chi-square ${chiSquare}`);
  }
  assert.ok(codes.every((code) => /^[0-9]{6}$/.test(code)));
  assert.ok(codes.some((code) => code.startsWith('0')));
});

test('an id carries 128 random bits in letters that fit into a URL', () => {
  const ids = new Set(Array.from({ length: 1000 }, () => randomId()));
  assert.equal(ids.size, 1000);
  for (const id of ids) assert.match(id, /^[A-Za-z0-9_-]{22}$/);
  assert.equal(Buffer.from(randomId(32), 'base64url').length, 32);
});
