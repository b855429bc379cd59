import assert from 'node:assert/strict';
import { test } from 'node:test';
import { middle, quantile, rounded, slope, spread } from '../../bench/figures.ts';

const oneTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

test('a quantile is a value that was measured, whatever the order', () => {
  assert.equal(quantile([5, 1, 4, 2, 3], 0.5), 3);
  assert.equal(quantile([5, 1, 4, 2, 3], 0), 1);
  assert.equal(quantile([5, 1, 4, 2, 3], 0.8), 5);
});

test('the last percent of a hundred is its greatest', () => {
  assert.equal(quantile(oneTo(100), 0.99), 100);
  assert.equal(quantile(oneTo(100), 0.95), 96);
  assert.equal(quantile(oneTo(1000), 0.99), 991);
  assert.equal(quantile(oneTo(100), 1), 100);
});

test('of one value every quantile is that, of none there is none', () => {
  assert.equal(quantile([7], 0.01), 7);
  assert.equal(quantile([7], 0.99), 7);
  assert.ok(Number.isNaN(quantile([], 0.5)));
});

test('numbers are ordered as numbers, and what was given stays as it was', () => {
  const given = [100, 9, 20];
  assert.equal(quantile(given, 0.5), 20);
  assert.deepEqual(given, [100, 9, 20]);
});

test('the middle of two is the greater', () => {
  assert.equal(middle([1, 2]), 2);
  assert.equal(middle([3, 1, 2]), 2);
});

test('figures have two digits unless others are wanted', () => {
  assert.equal(rounded(1.236), 1.24);
  assert.equal(rounded(1.2), 1.2);
  assert.equal(rounded(1.26, 1), 1.3);
  assert.equal(rounded(173.6, 0), 174);
  assert.equal(rounded(-0.004), -0);
});

test('the spread of times is their middle and their ends', () => {
  assert.deepEqual(spread(oneTo(200)), { p50Ms: 101, p95Ms: 191, p99Ms: 199 });
  assert.deepEqual(spread([1.234_5, 1.234_5]), { p50Ms: 1.23, p95Ms: 1.23, p99Ms: 1.23 });
});

test('the slope of a straight line is by how much it grows, and of a flat one nothing', () => {
  assert.equal(slope([10, 12, 14, 16]), 2);
  assert.equal(slope([16, 14, 12, 10]), -2);
  assert.equal(slope([5, 5, 5]), 0);
});

test('one value far off among many moves the slope little, and the middle one not at all', () => {
  assert.equal(slope([0, 0, 10, 0, 0]), 0);
  assert.equal(slope([0, 0, 0, 0, 10]), 2);
  assert.equal(slope([0, 1, 1, 2]), 0.6);
});

test('a single value has no slope', () => {
  assert.equal(slope([42]), 0);
});
