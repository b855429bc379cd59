import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takeSlot } from '../../src/protection/slots.ts';
import { memoryCounters } from '../support/fakes/protection.ts';

const hour = 3_600_000;
const three = { key: 'help:ada', limit: 3, milliseconds: hour };
const begun = new Date('2030-01-01T00:00:00Z');
const after = (minutes: number) => new Date(begun.getTime() + minutes * 60_000);

test('three are taken, and a fourth once the first of them is an hour old, to the millisecond', async () => {
  const counters = memoryCounters();
  const take = (at: Date) => takeSlot(counters, three, at);
  assert.deepEqual([await take(after(0)), await take(after(10)), await take(after(20))], [true, true, true]);
  assert.equal(await take(after(59)), false);
  assert.equal(await take(new Date(after(60).getTime() - 1)), false);
  assert.equal(await take(after(60)), true);
  assert.equal(await take(after(61)), false);
  assert.equal(await take(after(70)), true);
});

test('no hour holds more than three, wherever it begins', async () => {
  const counters = memoryCounters();
  const taken: number[] = [];
  for (let minute = 0; minute < 600; minute += 1)
    if (await takeSlot(counters, three, after(minute))) taken.push(minute);
  for (const first of taken) {
    const within = taken.filter((minute) => minute >= first && minute < first + 60);
    assert.ok(within.length <= 3, `${within} in one hour`);
  }
  assert.equal(taken.length, 30);
});

test('of 20 at once three get one, and those of another key are others', async () => {
  const counters = memoryCounters();
  const all = await Promise.all(Array.from({ length: 20 }, () => takeSlot(counters, three, begun)));
  assert.equal(all.filter((taken) => taken).length, 3);
  assert.equal(await takeSlot(counters, { ...three, key: 'help:eve' }, begun), true);
});
