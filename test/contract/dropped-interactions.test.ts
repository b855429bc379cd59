import assert from 'node:assert/strict';
import { test } from 'node:test';
import { migrate } from '../../src/storage/migrations.ts';
import { start } from '../support/account-stores.ts';
import { openDatabase } from '../support/database.ts';

test('the interactions of an older version go, at the first start and at every later one', async (t) => {
  const db = await openDatabase(t);
  const names = async () => (await db.connection.listCollections()).map(({ name }) => name);
  await db.connection.collection('oidc_interaction').insertOne({ payload: '1.sealed' });
  await migrate(db, start);
  assert.ok(!(await names()).includes('oidc_interaction'));
  await migrate(db, start);
  assert.ok((await names()).includes('accounts'), 'nothing else went with it');
});
