import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heapFigures } from '../../bench/heap.ts';
import { UnexpectedAnswer } from '../../bench/http.ts';
import { due, newTally } from '../../bench/offered.ts';

const rate = { perSecond: 200, seconds: 2 };

test('so many are begun by a moment as the rate says, however late it is looked at', () => {
  assert.equal(due(rate, 0, 0), 0);
  assert.equal(due(rate, 4, 0), 0);
  assert.equal(due(rate, 5, 0), 1);
  assert.equal(due(rate, 1_000, 0), 200);
  assert.equal(due(rate, 1_000, 150), 50);
  assert.equal(due(rate, 1_000, 200), 0);
});

test('none is begun after its time, and all are that belong to it', () => {
  assert.equal(due(rate, 2_000, 399), 1);
  assert.equal(due(rate, 60_000, 0), 400);
  assert.equal(due(rate, 60_000, 400), 0);
});

test('a clock that goes back takes nothing back', () => {
  assert.equal(due(rate, 500, 120), 0);
});

test('each that was begun is finished, failed by its status, or neither yet', async () => {
  const tally = newTally();
  const { promise: waiting, resolve } = Promise.withResolvers<void>();
  tally.count(Promise.resolve());
  tally.count(Promise.reject(new UnexpectedAnswer('no redirect', { status: 503, body: 'come back' })));
  tally.count(Promise.reject(new UnexpectedAnswer('no redirect', { status: 503, body: 'come back' })));
  tally.count(Promise.reject(new UnexpectedAnswer('no ID token', { status: 400, body: '' })));
  tally.count(Promise.reject(new Error('socket hang up')));
  tally.count(waiting);
  assert.deepEqual(tally.counts(), { begun: 6, finished: 0, failed: {}, unfinished: 6 });
  await new Promise((settled) => setImmediate(settled));
  assert.deepEqual(tally.counts(), {
    begun: 6,
    finished: 1,
    failed: { 503: 2, 400: 1, 'no answer': 1 },
    unfinished: 1,
  });
  resolve();
  await tally.all();
  assert.equal(tally.counts().finished, 2);
  assert.equal(tally.counts().unfinished, 0);
});

test('counts that were read do not change afterwards', async () => {
  const tally = newTally();
  tally.count(Promise.reject(new Error('gone')));
  const before = tally.counts();
  await tally.all();
  assert.deepEqual(before.failed, {});
  assert.deepEqual(tally.counts().failed, { 'no answer': 1 });
});

test('an unexpected answer says where, what and how it began', () => {
  const error = new UnexpectedAnswer('no redirect', { status: 422, body: 'x'.repeat(1_000) });
  assert.equal(error.status, 422);
  assert.equal(error.message, `no redirect: 422 ${'x'.repeat(300)}`);
});

const mebibyte = 1024 * 1024;

test('the heap is told at each reading by how many sign-ins were done', () => {
  const { heapMiB } = heapFigures(
    [40, 45.5, 45.255].map((size) => size * mebibyte),
    1_000,
  );
  assert.deepEqual(heapMiB, { 0: 40, 1000: 45.5, 2000: 45.26 });
});

test('what the first sign-ins load and keep is no growth', () => {
  const { bytesPerSignIn } = heapFigures(
    [40, 48, 48, 48, 48].map((size) => size * mebibyte),
    1_000,
  );
  assert.equal(bytesPerSignIn, 0);
});

test('what every sign-in leaves behind is', () => {
  const leaking = [40 * mebibyte, ...[0, 1, 2, 3].map((reading) => 48 * mebibyte + reading * 512_000)];
  assert.equal(heapFigures(leaking, 1_000).bytesPerSignIn, 512);
  const shrinking = leaking.with(4, 40 * mebibyte);
  assert.ok(heapFigures(shrinking, 1_000).bytesPerSignIn < 0);
});
