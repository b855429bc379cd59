import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, isOutage } from '../../src/storage/connection.ts';
import { openDatabase } from '../support/database.ts';

test('a database is closed when its test is over, also after seconds in which the process listened to nobody', async (t) => {
  let opened: Database | undefined;
  await t.test('one that has computed for long', async (inner) => {
    opened = await openDatabase(inner);
    // Where mongoose notes the last sign of life: no other way leads there but to wait.
    Object.assign(opened.connection, { _lastHeartbeatAt: 0 });
    assert.equal(opened.connection.readyState, 0, 'to mongoose it is gone');
  });
  await assert.rejects(opened?.ping() ?? assert.fail(), isOutage);
});
