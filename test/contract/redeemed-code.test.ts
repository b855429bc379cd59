import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { AdapterPayload } from 'oidc-provider';
import { hashId } from '../../src/platform/hash.ts';
import type { SessionRecord } from '../../src/sign-in/sessions.ts';
import { mongoAccounts } from '../../src/storage/accounts.ts';
import { mongoSessions } from '../../src/storage/sessions.ts';
import { minutes, start } from '../support/account-stores.ts';
import { watchedDatabase } from '../support/commands.ts';
import { openOidcStore } from '../support/oidc-store.ts';

const hour = 3600;
const record: SessionRecord = {
  ...{ id: hashId('uid'), accountId: 'ada', sessionVersion: 0, proofs: [] },
  ...{ signedInAt: start, lastSeen: start, expiresAt: minutes(600) },
};

/** A code with its grant, its session and its account; `redeem` asks as the token endpoint does. */
async function openCode(t: TestContext) {
  const { database, during } = await watchedDatabase(t);
  const store = await openOidcStore(t, database);
  const { adapter, db, redeemed } = store;
  await mongoAccounts(db).create({ id: 'ada', email: 'ada@example.com', createdAt: start });
  const session = { uid: 'uid', accountId: 'ada', kept: { record, begun: true } } as AdapterPayload;
  await adapter('Session').upsert('cookie', session, hour);
  await adapter('Grant').upsert('grant', { accountId: 'ada', sessionUid: 'uid', level: '2fa' }, hour);
  const code = { accountId: 'ada', grantId: 'grant', sessionUid: 'uid' };
  await adapter('AuthorizationCode').upsert('code', code, hour);
  const accounts = redeemed.accounts(mongoAccounts(db));
  const next = async () => [
    (await adapter('Grant').find('grant')) !== undefined,
    (await adapter('Session').findByUid('uid')) !== undefined,
    (await accounts.find('ada'))?.email,
  ];
  return { ...store, during, code, next, accounts };
}

const all = [true, true, 'ada@example.com'];

test('a code is read with its grant, its session and its account, as each is read alone', async (t) => {
  const { adapter, accounts, code, during, inRequest } = await openCode(t);
  const ask = async () => ({
    code: await adapter('AuthorizationCode').find('code'),
    grant: await adapter('Grant').find('grant'),
    session: await adapter('Session').findByUid('uid'),
    account: await accounts.find('ada'),
  });
  const alone = await ask();
  assert.deepEqual(alone.code, code);
  assert.deepEqual(alone.grant, { accountId: 'ada', sessionUid: 'uid', level: '2fa' });
  const sent = await during(async () => assert.deepEqual(await inRequest(ask), alone));
  assert.deepEqual(sent, ['aggregate oidc']);
});

test('it reads four rows by their ids, however many there are', async (t) => {
  const { adapter, db, inRequest } = await openCode(t);
  for (let n = 0; n < 20; n += 1) {
    const others = { accountId: `other${n}`, grantId: `grant${n}`, sessionUid: `uid${n}` };
    await adapter('AuthorizationCode').upsert(`code${n}`, others, hour);
    await adapter('Grant').upsert(`grant${n}`, others, hour);
  }
  await db.connection.db?.command({ profile: 2 });
  await inRequest(async () => adapter('AuthorizationCode').find('code'));
  await db.connection.db?.command({ profile: 0 });
  const profile = db.connection.collection('system.profile');
  const [asked] = await profile.find({ 'command.aggregate': 'oidc' }).toArray();
  await profile.drop();
  assert.match(String(asked?.planSummary), /^(IDHACK|IXSCAN)/);
  assert.ok(asked?.docsExamined <= 4, `${asked?.docsExamined}`);
});

test('what was read with a code is told once, to the request that read it', async (t) => {
  const { adapter, during, inRequest, next } = await openCode(t);
  const request = {};
  await inRequest(async () => adapter('AuthorizationCode').find('code'), request);
  assert.equal((await during(async () => assert.deepEqual(await inRequest(next), all))).length, 3, 'another request');
  assert.equal((await during(async () => assert.deepEqual(await next(), all))).length, 3, 'no request');
  assert.equal((await during(async () => assert.deepEqual(await inRequest(next, request), all))).length, 0);
  assert.equal((await during(async () => assert.deepEqual(await inRequest(next, request), all))).length, 3, 'again');
});

test('what is over, or was never there, is not read with a code either', async (t) => {
  const ends: Readonly<Record<string, readonly unknown[]>> = {
    grant: [false, true, 'ada@example.com'],
    session: [true, false, 'ada@example.com'],
    'session whose end has begun': [true, false, 'ada@example.com'],
    account: [true, true, undefined],
  };
  for (const [what, left] of Object.entries(ends)) {
    const { adapter, db, inRequest, next } = await openCode(t);
    if (what === 'grant') await adapter('Grant').destroy('grant');
    if (what === 'session') await mongoSessions(db).end(record.id, start);
    if (what === 'session whose end has begun')
      await db.connection.collection('oidc').updateOne({ model: 'Session' }, { $set: { endedAt: start } });
    if (what === 'account') await db.connection.collection('accounts').deleteMany({});
    const found = await inRequest(async () => {
      assert.ok(await adapter('AuthorizationCode').find('code'));
      return next();
    });
    assert.deepEqual(found, left, what);
  }
});

test('what is over by time is not read with a code', async (t) => {
  const { adapter, inRequest, moveTo, next, code } = await openCode(t);
  moveTo(minutes(59));
  await adapter('AuthorizationCode').upsert('late', code, hour);
  moveTo(minutes(60));
  await inRequest(async () => {
    assert.ok(await adapter('AuthorizationCode').find('late'));
    assert.deepEqual(await next(), [false, false, 'ada@example.com']);
    assert.equal(await adapter('AuthorizationCode').find('code'), undefined);
  });
});

test('a row of another model under the id of a grant or a session is none', async (t) => {
  const { adapter, inRequest } = await openCode(t);
  await adapter('AuthorizationCode').upsert('odd', { accountId: 'ada', grantId: 'code', sessionUid: 'grant' }, hour);
  await inRequest(async () => {
    assert.ok(await adapter('AuthorizationCode').find('odd'));
    assert.equal(await adapter('Grant').find('code'), undefined);
    assert.equal(await adapter('Session').findByUid('grant'), undefined);
  });
});

test('a code of the time before it named its session has that asked for', async (t) => {
  const { adapter, db, inRequest, next } = await openCode(t);
  const codes = db.connection.collection('oidc');
  await codes.updateOne({ model: 'AuthorizationCode' }, { $unset: { sessionUidHash: 1 } });
  await inRequest(async () => {
    assert.ok(await adapter('AuthorizationCode').find('code'));
    assert.deepEqual(await next(), all);
  });
});
