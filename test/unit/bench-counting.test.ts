import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countCommands, countedBetween } from '../../bench/counters.ts';
import { inParallel } from '../../bench/parallel.ts';
import { byKind, stopwatch, untimed } from '../../bench/watch.ts';

const total = (value: number) => ({ total: value, failed: 0 });

test('commands are counted by their names, and those that change rows apart', () => {
  const totals = { find: total(15), findAndModify: total(4), insert: total(2), update: total(10), delete: total(1) };
  assert.deepEqual(countCommands(totals), { commands: 32, writes: 17 });
});

test('further pages, lookups and counts are commands that change nothing', () => {
  const totals = { aggregate: total(1), getMore: total(2), count: total(4), distinct: total(8) };
  assert.deepEqual(countCommands(totals), { commands: 15, writes: 0 });
});

test('several writes that are sent in one command are one', () => {
  assert.deepEqual(countCommands({ bulkWrite: total(3) }), { commands: 3, writes: 3 });
});

test('what no row is read or written by is not counted: the watching itself, heartbeats, what makes indexes', () => {
  const noise = {
    serverStatus: total(9),
    hello: total(31),
    isMaster: total(74),
    ping: total(2),
    createIndexes: total(94),
  };
  assert.deepEqual(countCommands(noise), { commands: 0, writes: 0 });
  assert.deepEqual(countCommands({ ...noise, find: total(1), endSessions: total(4) }), { commands: 1, writes: 0 });
});

test('a server that has none of a command yet tells no number of it', () => {
  assert.deepEqual(countCommands({}), { commands: 0, writes: 0 });
  assert.deepEqual(countCommands({ find: {}, update: undefined }), { commands: 0, writes: 0 });
});

test('what a round cost is the difference', () => {
  const [before, after] = [
    { commands: 1_000, writes: 400 },
    { commands: 1_320, writes: 570 },
  ];
  assert.deepEqual(countedBetween(before, after), { commands: 320, writes: 170 });
});

test('a stopwatch knows each request by its kind, in order', async () => {
  const ticks = [10, 15, 20, 50];
  const watch = stopwatch(() => ticks.shift() ?? Number.NaN);
  assert.equal(await watch.time('GET page', async () => 'a page'), 'a page');
  assert.equal(await watch.time('POST code', async () => 'done'), 'done');
  assert.deepEqual(watch.laps, [
    { kind: 'GET page', ms: 5 },
    { kind: 'POST code', ms: 30 },
  ]);
});

test('what failed has no time, and fails as it did', async () => {
  const watch = stopwatch(() => 0);
  const failing = watch.time('GET page', async () => {
    throw new Error('the server is gone');
  });
  await assert.rejects(failing, { message: 'the server is gone' });
  assert.deepEqual(watch.laps, []);
});

test('two at once have each their own time', async () => {
  const clock = { now: 0 };
  const watch = stopwatch(() => clock.now);
  const { promise: slow, resolve: endSlow } = Promise.withResolvers<void>();
  const { promise: quick, resolve: endQuick } = Promise.withResolvers<void>();
  const both = [watch.time('slow', () => slow), watch.time('quick', () => quick)];
  clock.now = 3;
  endQuick();
  await both[1];
  clock.now = 8;
  endSlow();
  await both[0];
  assert.deepEqual(watch.laps, [
    { kind: 'quick', ms: 3 },
    { kind: 'slow', ms: 8 },
  ]);
});

test('without a watch the work is done all the same', async () => {
  assert.equal(await untimed('GET page', async () => 7), 7);
});

test('times are gathered by kind, in the order in which the kinds came', () => {
  const laps = [
    { kind: 'GET /auth', ms: 1 },
    { kind: 'POST code', ms: 2 },
    { kind: 'GET /auth', ms: 3 },
  ];
  assert.deepEqual(
    [...byKind(laps)],
    [
      ['GET /auth', [1, 3]],
      ['POST code', [2]],
    ],
  );
  assert.deepEqual([...byKind([])], []);
});

test('so many are done, each once, and no more at a time than may be', async () => {
  let [under, most] = [0, 0];
  const results = await inParallel(10, 3, async (index) => {
    under += 1;
    most = Math.max(most, under);
    await Promise.resolve();
    under -= 1;
    return index * 2;
  });
  assert.deepEqual(results, [0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
  assert.equal(most, 3);
});

test('results stand where they belong, whichever is done first', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const results = await inParallel(3, 3, async (index) => {
    if (index === 0) await promise;
    if (index === 2) resolve();
    return index;
  });
  assert.deepEqual(results, [0, 1, 2]);
});

test('none of nothing; and one that fails is told', async () => {
  assert.deepEqual(await inParallel(0, 8, async () => 1), []);
  const failing = inParallel(5, 2, async (index) => {
    if (index === 3) throw new Error('the fourth');
    return index;
  });
  await assert.rejects(failing, { message: 'the fourth' });
});
