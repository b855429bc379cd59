import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Database } from '../../src/storage/connection.ts';
import { holdNextReader, meetAfterReading } from '../support/race.ts';

const reads = { collection: 'accounts', method: 'findOne' } as const;

/** One collection, whose reads are answered at once, the joined one with an account, and a clock that stands still. */
function standing(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const found = [{ joined: ['account'] }];
  const rows = { findOne: async () => 'row', aggregate: () => ({ toArray: async () => found }) };
  return { rows, found, database: { connection: { collection: () => rows } } as unknown as Database };
}

test('readers that meet all go on, and whoever reads later is not held', async (t) => {
  const { rows, database } = standing(t);
  meetAfterReading(t, database, { ...reads, readers: 2 });
  assert.deepEqual(await Promise.all([rows.findOne(), rows.findOne()]), ['row', 'row']);
  t.mock.timers.tick(3_600_000);
  assert.equal(await rows.findOne(), 'row');
});

test('a reader that stays away keeps the others waiting for a minute and no longer', async (t) => {
  const { rows, database } = standing(t);
  meetAfterReading(t, database, { ...reads, readers: 3 });
  const waiting = Promise.allSettled([rows.findOne(), rows.findOne()]);
  await Promise.resolve();
  t.mock.timers.tick(60_000);
  const reasons = (await waiting).map((each) => each.status === 'rejected' && each.reason.message);
  assert.deepEqual(reasons, Array(2).fill('after 60 seconds 2 of 3 readers of accounts came'));
});

test('a reader that is waited for and stays away is told after a minute', async (t) => {
  const { database } = standing(t);
  const { arrived } = holdNextReader(t, database, reads);
  t.mock.timers.tick(60_000);
  await assert.rejects(arrived, { message: 'after 60 seconds no reader of accounts came' });
});

test('an attempt that is read with its account is a read of both; without one it is none of accounts', async (t) => {
  for (const collection of ['attempts', 'accounts']) {
    const { rows, found, database } = standing(t);
    const { arrived, letGo } = holdNextReader(t, database, { collection, method: 'findOne' });
    const read = rows.aggregate().toArray();
    await arrived;
    assert.equal(await Promise.race([read, Promise.resolve('held')]), 'held');
    letGo();
    assert.equal(await read, found);
    t.mock.timers.reset();
  }
  const { rows, found, database } = standing(t);
  found.splice(0, 1, { joined: [] });
  meetAfterReading(t, database, { ...reads, readers: 2 });
  assert.equal(await rows.aggregate().toArray(), found);
});
