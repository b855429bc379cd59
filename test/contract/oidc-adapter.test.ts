import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashId } from '../../src/platform/hash.ts';
import { mongoGrants } from '../../src/storage/grants.ts';
import { lookups } from '../../src/storage/oidc-models.ts';
import { mongoSessions } from '../../src/storage/sessions.ts';
import { minutes, start } from '../support/account-stores.ts';
import { rowsOf } from '../support/database.ts';
import { InvalidGrant, openOidcStore, Unavailable } from '../support/oidc-store.ts';

const hour = 3600;

test('a payload comes back as it was saved, until it ends, its row or not [check 104]', async (t) => {
  const { adapter, moveTo } = await openOidcStore(t);
  for (const { model } of lookups) {
    const payload = {
      jti: 'id',
      accountId: 'ada-id',
      clientId: 'demo',
      exp: 5,
      nonce: 'ü',
      extra: { deep: [1, null] },
    };
    moveTo(start);
    const id = `of ${model}`;
    await adapter(model).upsert(id, payload, hour);
    assert.deepEqual(await adapter(model).find(id), payload);
    assert.equal(await adapter(model).find('other'), undefined);
    moveTo(new Date(minutes(60).getTime() - 1));
    assert.notEqual(await adapter(model).find(id), undefined);
    moveTo(minutes(60));
    assert.equal(await adapter(model).find(id), undefined);
  }
});

test('what has no end is kept without one, also when it had one before', async (t) => {
  const { adapter, db, moveTo } = await openOidcStore(t);
  await adapter('Client').upsert('id', { clientId: 'demo' }, hour);
  await adapter('Client').upsert('id', { clientId: 'demo' });
  moveTo(minutes(9999));
  assert.deepEqual(await adapter('Client').find('id'), { clientId: 'demo' });
  const [row] = await rowsOf(db, 'Client');
  assert.equal(row && 'expiresAt' in row, false);
});

test('of 20 redemptions of one code or refresh token at once exactly one succeeds [check 63] [check 64]', async (t) => {
  const { adapter, atOnce, moveTo } = await openOidcStore(t);
  for (const model of ['AuthorizationCode', 'RefreshToken', 'DeviceCode', 'PushedAuthorizationRequest']) {
    moveTo(start);
    const id = `of ${model}`;
    await adapter(model).upsert(id, { clientId: 'demo' }, hour);
    const { succeeded, errors } = await atOnce(20, minutes(1), () => adapter(model).consume(id));
    assert.equal(succeeded, 1);
    assert.equal(errors.filter((error) => error instanceof InvalidGrant).length, 19);
    const found = await adapter(model).find(id);
    assert.deepEqual(found, { clientId: 'demo', consumed: minutes(1).getTime() / 1000 });
  }
  await assert.rejects(async () => adapter('AuthorizationCode').consume('nothing'), InvalidGrant);
});

test('a late save cannot make a consumed code fresh again [check 63]', async (t) => {
  const { adapter } = await openOidcStore(t);
  await adapter('AuthorizationCode').upsert('id', {}, hour);
  await adapter('AuthorizationCode').consume('id');
  await adapter('AuthorizationCode').upsert('id', {}, hour);
  await assert.rejects(adapter('AuthorizationCode').consume('id'), InvalidGrant);
  assert.deepEqual(await adapter('AuthorizationCode').find('id'), { consumed: start.getTime() / 1000 });
});

test('another model may be destroyed twice', async (t) => {
  const { adapter } = await openOidcStore(t);
  for (const model of ['Session', 'Grant', 'AccessToken']) await adapter(model).destroy('nothing');
});

test('revoking a grant ends its own tokens of that kind and no others [check 63]', async (t) => {
  const { adapter } = await openOidcStore(t);
  await adapter('AccessToken').upsert('mine', { grantId: 'g1' }, hour);
  await adapter('AccessToken').upsert('other', { grantId: 'g2' }, hour);
  await adapter('RefreshToken').upsert('my other', { grantId: 'g1' }, hour);
  await adapter('AccessToken').revokeByGrantId('g1');
  assert.equal(await adapter('AccessToken').find('mine'), undefined);
  assert.notEqual(await adapter('AccessToken').find('other'), undefined);
  assert.notEqual(await adapter('RefreshToken').find('my other'), undefined);
});

test("an account's grants end with their tokens, a stranger's stay [check 59]", async (t) => {
  const { adapter, db } = await openOidcStore(t);
  const tokens = ['AuthorizationCode', 'AccessToken', 'RefreshToken'];
  for (const [grantId, accountId] of Object.entries({ g1: 'ada-id', g2: 'ada-id', g3: 'eve-id' })) {
    await adapter('Grant').upsert(grantId, { accountId }, hour);
    for (const model of tokens) await adapter(model).upsert(`${model} of ${grantId}`, { accountId, grantId }, hour);
  }
  await mongoGrants(db).endAll('ada-id');
  for (const grantId of ['g1', 'g2']) {
    assert.equal(await adapter('Grant').find(grantId), undefined);
    for (const model of tokens) assert.equal(await adapter(model).find(`${model} of ${grantId}`), undefined, model);
  }
  assert.notEqual(await adapter('Grant').find('g3'), undefined);
  for (const model of tokens) assert.notEqual(await adapter(model).find(`${model} of g3`), undefined, model);
});

test('a row of one model is none of another, whatever its id: not found, changed, consumed, ended or revoked by it [check 63, 101]', async (t) => {
  const { adapter, db } = await openOidcStore(t);
  const others = lookups.map(({ model }) => model).filter((model) => model !== 'RefreshToken');
  const token = { grantId: 'g', accountId: 'ada-id', userCode: 'ABCD', uid: 'uid' };
  await adapter('RefreshToken').upsert('id', token, hour);
  const [before] = await rowsOf(db, 'oidc');
  for (const model of [...others, 'Session']) {
    const rows = adapter(model);
    for (const found of [await rows.find('id'), await rows.findByUid('id'), await rows.findByUserCode('ABCD')])
      assert.equal(found, undefined, model);
    await assert.rejects(async () => rows.consume('id'), InvalidGrant);
    await Promise.allSettled([rows.upsert('id', { uid: 'id', accountId: 'eve-id' }, hour)]);
    await rows.destroy('id');
    await rows.revokeByGrantId('g');
    assert.deepEqual((await rowsOf(db, 'RefreshToken'))[0], before, model);
  }
  const sessions = mongoSessions(db);
  assert.equal(await sessions.find(hashId('id'), start), undefined);
  assert.equal(await sessions.endOf({ accountId: 'ada-id', id: hashId('id'), now: start }), false);
  assert.deepEqual(await sessions.list('ada-id', start), []);
  await sessions.end(hashId('id'), start);
  await mongoGrants(db).endAll('ada-id');
  assert.deepEqual((await rowsOf(db, 'RefreshToken'))[0], before);
});

test('a device code is found by its user code', async (t) => {
  const { adapter } = await openOidcStore(t);
  await adapter('DeviceCode').upsert('id', { userCode: 'ABCD' }, hour);
  assert.deepEqual(await adapter('DeviceCode').findByUserCode('ABCD'), { userCode: 'ABCD' });
  assert.equal(await adapter('DeviceCode').findByUserCode('EFGH'), undefined);
});

test('a dump holds no id, token, uid, nonce or challenge in clear [check 101]', async (t) => {
  const { adapter, db } = await openOidcStore(t);
  const secret = {
    jti: 'clear-id',
    uid: 'clear-uid',
    userCode: 'clear-code',
    grantId: 'clear-grant',
    nonce: 'clear-nonce',
  };
  for (const { model } of lookups) {
    await adapter(model).upsert(
      `clear-id ${model}`,
      { ...secret, session: { cookie: 'clear-cookie' }, accountId: 'ada-id' },
      hour,
    );
    const [row, ...others] = await rowsOf(db, model);
    assert.equal(others.length, 0);
    assert.equal(JSON.stringify(row).includes('clear'), false);
    const open = ['_id', 'payload', 'accountId', 'uidHash', 'userCodeHash', 'grantIdHash', 'expiresAt', 'model'];
    assert.deepEqual(Object.keys(row ?? {}).sort(), open.sort());
  }
});

test('two rows whose payloads are swapped are both unreadable, over models too [check 99]', async (t) => {
  const { adapter, db } = await openOidcStore(t);
  const grants = db.connection.collection<{ _id: string; payload: string }>('oidc');
  await adapter('Grant').upsert('g1', { accountId: 'ada-id' }, hour);
  await adapter('Grant').upsert('g2', { accountId: 'eve-id' }, hour);
  await adapter('AccessToken').upsert('t1', { accountId: 'eve-id' }, hour);
  const payloadOf = async (id: string) => (await grants.findOne({ _id: hashId(id) }))?.payload ?? assert.fail();
  const [first, second] = [await payloadOf('g1'), await payloadOf('g2')];
  await grants.updateOne({ _id: hashId('g1') }, { $set: { payload: second } });
  await grants.updateOne({ _id: hashId('g2') }, { $set: { payload: first } });
  await assert.rejects(async () => adapter('Grant').find('g1'));
  await assert.rejects(async () => adapter('Grant').find('g2'));

  const [token] = await rowsOf(db, 'AccessToken');
  await grants.updateOne({ _id: hashId('g1') }, { $set: { payload: String(token?.payload) } });
  await assert.rejects(async () => adapter('Grant').find('g1'));
});

test('a missing id matches nothing and asks nothing [check 15]', async (t) => {
  const { adapter } = await openOidcStore(t);
  await adapter('Session').upsert('cookie', { uid: 'uid', accountId: 'ada-id' }, hour);
  for (const nothing of [undefined, null, '', { $ne: '' }]) {
    const id = nothing as unknown as string;
    const tokens = adapter('Session');
    for (const ask of [tokens.find, tokens.findByUid, tokens.findByUserCode, tokens.consume, tokens.revokeByGrantId]) {
      await assert.rejects(async () => ask.call(tokens, id), TypeError);
    }
  }
});

test('a model that nobody made indexes for is refused', async (t) => {
  const { adapter } = await openOidcStore(t);
  assert.throws(() => adapter('Unheard'), /Unheard/);
});

test('every question to a lost database is answered as an outage [check 120]', async (t) => {
  const { adapter, db } = await openOidcStore(t);
  await db.connection.dropDatabase();
  await db.close();
  for (const model of ['Session', 'Interaction', 'RefreshToken']) {
    const rows = adapter(model);
    const asks = [
      () => rows.find('id'),
      () => rows.findByUid('id'),
      () => rows.findByUserCode('id'),
      () => rows.upsert('id', {}, hour),
      () => rows.consume('id'),
      () => rows.destroy('id'),
      () => rows.revokeByGrantId('id'),
    ];
    for (const ask of asks) await assert.rejects(async () => ask(), Unavailable);
  }
});
