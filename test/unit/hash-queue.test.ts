import assert from 'node:assert/strict';
import test from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createHashQueue } from '../../src/accounts/hash-queue.ts';
import { Problem } from '../../src/platform/problem.ts';

function slowWork() {
  const finish: (() => void)[] = [];
  const state = { running: 0, most: 0, begun: 0 };
  const work = async () => {
    state.begun += 1;
    state.running += 1;
    state.most = Math.max(state.most, state.running);
    await new Promise<void>((resolve) => finish.push(resolve));
    state.running -= 1;
  };
  return { state, finish, work };
}

function isBusy(error: unknown): boolean {
  return (
    error instanceof Problem && error.code === 'busy' && error.status === 503 && error.details.retryAfterSeconds === 2
  );
}

test('as many hashes run at a time as were allowed, the rest wait, and one more is refused at once [check 110]', async () => {
  const { state, finish, work } = slowWork();
  const queue = createHashQueue({ concurrency: 2, queue: 3 });
  const taken = Array.from({ length: 5 }, () => queue.admit((turn) => turn(work)));

  await assert.rejects(
    queue.admit((turn) => turn(work)),
    isBusy,
  );
  assert.equal(state.begun, 2);

  while (finish.length > 0) {
    finish.shift()?.();
    await setImmediate();
  }
  await Promise.all(taken);
  assert.deepEqual(state, { running: 0, most: 2, begun: 5 });
});

test('a place that becomes free belongs to who waited longest, and a newcomer waits [check 110]', async () => {
  const { state, finish, work } = slowWork();
  const queue = createHashQueue({ concurrency: 1, queue: 9 });
  const taken = [queue.admit((turn) => turn(work)), queue.admit((turn) => turn(work))];
  await setImmediate();
  for (let newcomer = 0; newcomer < 3; newcomer += 1) {
    finish.shift()?.();
    taken.push(queue.admit((turn) => turn(work)));
    await setImmediate();
    taken.push(queue.admit((turn) => turn(work)));
    await setImmediate();
    assert.deepEqual([state.begun, state.most], [newcomer + 2, 1]);
  }
  while (finish.length > 0) {
    finish.shift()?.();
    await setImmediate();
  }
  await Promise.all(taken);
  assert.equal(state.most, 1);
});

test('work that fails gives its place back and fails alone [check 110]', async () => {
  const queue = createHashQueue({ concurrency: 1, queue: 1 });
  const failing = queue.admit((turn) => turn(() => Promise.reject(new Error('no memory'))));
  const next = queue.admit((turn) => turn(async () => 'done'));
  await assert.rejects(failing, /no memory/);
  assert.equal(await next, 'done');
  assert.equal(await queue.admit((turn) => turn(async () => 'again')), 'again');
});

test('a full queue takes work again as soon as a place is free [check 110]', async () => {
  const { finish, work } = slowWork();
  const queue = createHashQueue({ concurrency: 1, queue: 0 });
  const running = queue.admit((turn) => turn(work));
  await assert.rejects(
    queue.admit((turn) => turn(work)),
    isBusy,
  );
  finish.shift()?.();
  await running;
  assert.equal(await queue.admit((turn) => turn(async () => 'done')), 'done');
});
