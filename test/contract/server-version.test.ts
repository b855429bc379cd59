import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertServerVersion, versionFault } from '../../src/storage/server-version.ts';
import { openDatabase } from '../support/database.ts';

test('a server that is too old is told with its version, before anything is written', () => {
  for (const version of ['4.4.29', '5.0.31', '5.3.2', ''])
    assert.equal(versionFault(version), `MongoDB 6 or newer is needed: this server is ${version}`);
  for (const version of ['6.0.5', '7.0.0-rc1', '10.1.0']) assert.equal(versionFault(version), undefined);
});

test('the server of the tests is asked for its version and will do', async (t) => {
  await assertServerVersion(await openDatabase(t));
});

test('the version that a server tells is the one that is judged', async () => {
  const old = { getClient: () => ({ db: () => ({ command: async () => ({ version: '5.0.9' }) }) }) };
  const database = { connection: old } as unknown as Parameters<typeof assertServerVersion>[0];
  await assert.rejects(assertServerVersion(database), /MongoDB 6 or newer is needed: this server is 5\.0\.9/);
});
