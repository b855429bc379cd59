import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCipher } from '../../src/platform/cipher.ts';
import { hashId } from '../../src/platform/hash.ts';
import { gatherOidcRows } from '../../src/storage/gathered-rows.ts';
import { mongoGrants } from '../../src/storage/grants.ts';
import { migrate } from '../../src/storage/migrations.ts';
import { minutes, start } from '../support/account-stores.ts';
import { rowsOf } from '../support/database.ts';
import { InvalidGrant, openOidcStore } from '../support/oidc-store.ts';

const cipher = createCipher([{ id: 1, key: Buffer.alloc(32, 7) }]);

/** As it was kept in the collection of its model. */
const row = (model: string, id: string, more: object = {}) => ({
  ...{ _id: hashId(id), accountId: 'ada', expiresAt: minutes(60) },
  payload: cipher.seal(JSON.stringify({ of: id }), `oidc:${model}:${hashId(id)}`),
  ...more,
});

const session = {
  ...{ _id: hashId('uid'), accountId: 'ada', sessionVersion: 2, proofs: [], signedInAt: start, lastSeen: start },
  ...{ expiresAt: minutes(600), idHash: hashId('cookie'), libraryEndsAt: minutes(60) },
  payload: cipher.seal(JSON.stringify({ uid: 'uid', accountId: 'ada' }), `oidc:Session:${hashId('cookie')}`),
};

const given = { grantIdHash: hashId('grant') };

const before: Readonly<Record<string, readonly object[]>> = {
  sessions: [session],
  oidc_grant: [row('Grant', 'grant', { sessionUidHash: hashId('uid'), level: '2fa' })],
  oidc_authorization_code: [row('AuthorizationCode', 'code', { ...given, consumedAt: start })],
  oidc_access_token: [row('AccessToken', 'access', given)],
  oidc_refresh_token: [
    row('RefreshToken', 'refresh', given),
    row('RefreshToken', 'used', { ...given, consumedAt: start }),
  ],
  oidc_client: [row('Client', 'client', { expiresAt: minutes(1) })],
};

async function openBefore(t: Parameters<typeof openOidcStore>[0]) {
  const store = await openOidcStore(t);
  for (const [name, rows] of Object.entries(before))
    await store.db.connection.collection(name).insertMany(rows.map((one) => ({ ...one })));
  return store;
}

test('who is signed in stays so, and what was given goes on, used up or not', async (t) => {
  const { db, adapter } = await openBefore(t);
  await gatherOidcRows(db, start);
  const { _id: id, accountId, sessionVersion, proofs, signedInAt, lastSeen, expiresAt } = session;
  const record = { id, accountId, sessionVersion, proofs, signedInAt, lastSeen, expiresAt };
  const kept = { idHash: hashId('cookie'), record };
  assert.deepEqual(await adapter('Session').find('cookie'), { uid: 'uid', accountId: 'ada', kept });
  assert.deepEqual(await adapter('Grant').find('grant'), { of: 'grant' });
  assert.deepEqual(await adapter('AccessToken').find('access'), { of: 'access' });
  assert.deepEqual(await adapter('RefreshToken').find('refresh'), { of: 'refresh' });
  await adapter('RefreshToken').consume('refresh');
  for (const [model, used] of [
    ['RefreshToken', 'used'],
    ['RefreshToken', 'refresh'],
    ['AuthorizationCode', 'code'],
  ] as const) {
    assert.deepEqual(await adapter(model).find(used), { of: used, consumed: start.getTime() / 1000 });
    await assert.rejects(async () => adapter(model).consume(used), InvalidGrant);
  }
  for (const name of Object.keys(before)) assert.deepEqual(await rowsOf(db, name), [], name);
});

test('what was given ends with its session as before', async (t) => {
  const { db, adapter } = await openBefore(t);
  await migrate(db, start);
  await mongoGrants(db).endOf({ accountId: 'ada', session: hashId('uid') });
  for (const [model, id] of Object.entries({ Grant: 'grant', AccessToken: 'access', RefreshToken: 'refresh' }))
    assert.equal(await adapter(model).find(id), undefined, model);
  assert.ok(await adapter('Session').find('cookie'));
});

test('cut off on its way it is begun anew, and what has come over and changed since stays as it is', async (t) => {
  const { db, adapter } = await openBefore(t);
  const came = { ...row('RefreshToken', 'refresh', given), model: 'RefreshToken', consumedAt: minutes(1) };
  await db.connection.collection<{ _id: string }>('oidc').insertOne(came);
  await Promise.all([gatherOidcRows(db, start), gatherOidcRows(db, start)]);
  await assert.rejects(async () => adapter('RefreshToken').consume('refresh'), InvalidGrant);
  assert.equal((await rowsOf(db, 'oidc')).length, 7);
});

test('it is done once: what an older version writes afterwards is nothing, and an empty database is as it was', async (t) => {
  const { db, adapter } = await openBefore(t);
  await gatherOidcRows(db, start);
  await db.connection.collection('oidc_refresh_token').insertOne(row('RefreshToken', 'later') as object);
  await gatherOidcRows(db, minutes(1));
  assert.equal(await adapter('RefreshToken').find('later'), undefined);
  assert.deepEqual(await rowsOf(db, 'migrations'), [{ _id: 'oidc_rows', at: start }]);

  const empty = await openOidcStore(t);
  await gatherOidcRows(empty.db, start);
  assert.deepEqual(await rowsOf(empty.db, 'oidc'), []);
});
