import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { AdapterPayload } from 'oidc-provider';
import { hashId } from '../../src/platform/hash.ts';
import type { SessionRecord } from '../../src/sign-in/sessions.ts';
import { mongoSessions } from '../../src/storage/sessions.ts';
import { minutes, start } from '../support/account-stores.ts';
import { rowsOf } from '../support/database.ts';
import { InvalidGrant, LoginRequired, openOidcStore, Unavailable } from '../support/oidc-store.ts';

const hour = 3600;
const said = { uid: 'uid', accountId: 'ada' };
const record: SessionRecord = {
  ...{ id: hashId('uid'), accountId: 'ada', sessionVersion: 0, proofs: [] },
  ...{ signedInAt: start, lastSeen: start, expiresAt: minutes(600) },
};

type Store = Awaited<ReturnType<typeof openOidcStore>>;

/** A session that somebody has, and what a last redirect gives in it: grant, code, and the session under a new id. */
async function openSession(t: TestContext) {
  const store = await openOidcStore(t);
  const { adapter, db } = store;
  await adapter('Session').upsert('cookie', { ...said, kept: { record, begun: true } } as AdapterPayload, hour);
  const read = async () => (await adapter('Session').find('cookie')) ?? assert.fail();
  const sent = watch(t, store);
  const kinds = async () => (await rowsOf(db, 'oidc')).map(({ model }) => String(model)).sort();
  return { ...store, read, sent, kinds };
}

/** The models that each command wrote, one after the other. */
function watch(t: TestContext, { db }: Store) {
  const sent: string[][] = [];
  const rows = db.connection.collection('oidc');
  const bulkWrite = rows.bulkWrite.bind(rows);
  t.mock.method(rows, 'bulkWrite', (...asked: Parameters<typeof bulkWrite>) => {
    const writes = asked[0] as unknown as readonly {
      readonly updateOne: { readonly filter: { readonly model: string } };
    }[];
    sent.push(writes.map(({ updateOne }) => updateOne.filter.model));
    return bulkWrite(...asked);
  });
  return sent;
}

/** As the library does it at its last redirect. */
async function give({ adapter }: Store, session: AdapterPayload, n: number | string = '', id = `new${n}`) {
  await adapter('Grant').upsert(`grant${n}`, { accountId: 'ada', sessionUid: 'uid' }, hour);
  await adapter('AuthorizationCode').upsert(`code${n}`, { accountId: 'ada', grantId: `grant${n}` }, hour);
  await adapter('Session').upsert(id, session, hour);
}

test('session, grant and code of one request are one command, the session first, and are found afterwards', async (t) => {
  const store = await openSession(t);
  const session = await store.read();
  await store.inRequest(() => give(store, session));
  assert.deepEqual(store.sent, [['Session', 'Grant', 'AuthorizationCode']]);
  assert.equal(await store.adapter('Session').find('cookie'), undefined);
  assert.ok(await store.adapter('Session').find('new'));
  assert.ok(await store.adapter('Grant').find('grant'));
  assert.ok(await store.adapter('AuthorizationCode').find('code'));
});

test('a session that ended in flight is given no code, no grant, and does not come back, however it ended', async (t) => {
  const ways: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
    'by the library': ({ adapter }) => Promise.resolve(adapter('Session').destroy('cookie')),
    'by its owner': ({ db }) => mongoSessions(db).endOf({ accountId: 'ada', id: record.id, now: start }),
    'by a raised version': ({ db }) => mongoSessions(db).endOlder({ accountId: 'ada', sessionVersion: 1, now: start }),
  };
  for (const [way, end] of Object.entries(ways)) {
    const store = await openSession(t);
    const session = await store.read();
    await end(store);
    await assert.rejects(
      store.inRequest(() => give(store, session)),
      LoginRequired,
      way,
    );
    assert.deepEqual(await store.kinds(), [], way);
  }
});

test('a session whose end has only begun is given nothing either, and its row is left to that end', async (t) => {
  const store = await openSession(t);
  const session = await store.read();
  const rows = store.db.connection.collection('oidc');
  await rows.updateOne({ model: 'Session' }, { $set: { endedAt: start } });
  const [before] = await rowsOf(store.db, 'oidc');
  await assert.rejects(
    store.inRequest(() => give(store, session)),
    LoginRequired,
  );
  assert.deepEqual(await rowsOf(store.db, 'oidc'), [before]);
});

test('of 20 last redirects at once in one session one is given its code, and nothing of the others is stored', async (t) => {
  const store = await openSession(t);
  const read = await Promise.all(Array.from({ length: 20 }, store.read));
  const all = await Promise.allSettled(read.map((session, n) => store.inRequest(() => give(store, session, n))));
  assert.equal(all.filter(({ status }) => status === 'fulfilled').length, 1);
  for (const one of all) if (one.status === 'rejected') assert.ok(one.reason instanceof LoginRequired);
  assert.deepEqual(await store.kinds(), ['AuthorizationCode', 'Grant', 'Session']);
});

test('a session that begins with what it gives is made with it; where its id is taken, nothing is', async (t) => {
  const store = await openSession(t);
  const fresh = { uid: 'other', accountId: 'ada', kept: {} } as AdapterPayload;
  await store.inRequest(() => give(store, fresh, 'first'));
  assert.deepEqual(await store.kinds(), ['AuthorizationCode', 'Grant', 'Session', 'Session']);
  const taken = { uid: 'third', accountId: 'ada', kept: {} } as AdapterPayload;
  await assert.rejects(
    store.inRequest(() => give(store, taken, 'second', 'cookie')),
    LoginRequired,
  );
  assert.equal(await store.adapter('AuthorizationCode').find('codesecond'), undefined);
});

test('a request without a code, whose session ended meanwhile, goes on: only what it would have kept is dropped', async (t) => {
  const store = await openSession(t);
  const session = await store.read();
  await store.adapter('Session').destroy('cookie');
  await store.inRequest(async () => {
    await store.adapter('Grant').upsert('grant', { accountId: 'ada' }, hour);
    await store.adapter('Session').upsert('new', session, hour);
  });
  assert.deepEqual(await store.kinds(), []);
});

test('what a request asks after what it has written finds it, in this request as in others', async (t) => {
  const store = await openSession(t);
  const { adapter } = store;
  await store.inRequest(async () => {
    await adapter('Grant').upsert('grant', { accountId: 'ada' }, hour);
    assert.deepEqual(store.sent, []);
    assert.deepEqual(await adapter('Grant').find('grant'), { accountId: 'ada' });
    await adapter('AuthorizationCode').upsert('code', { accountId: 'ada', grantId: 'grant' }, hour);
    await adapter('AuthorizationCode').revokeByGrantId('grant');
  });
  assert.deepEqual(store.sent, [['Grant'], ['AuthorizationCode']]);
  assert.deepEqual(await store.kinds(), ['Grant', 'Session']);
});

test('two requests at once hold each its own', async (t) => {
  const store = await openSession(t);
  const session = await store.read();
  await store.inRequest(async () => {
    await store.adapter('Grant').upsert('mine', { accountId: 'ada' }, hour);
    await store.inRequest(() => give(store, session, 'other'));
    assert.equal(await store.adapter('AuthorizationCode').find('code'), undefined);
  });
  assert.deepEqual(store.sent, [['Session', 'Grant', 'AuthorizationCode'], ['Grant']]);
});

/** As the token endpoint does it: consumed, then given for. */
async function redeem({ adapter }: Store, model: string, n: number) {
  await adapter(model).consume('once');
  await adapter('AccessToken').upsert(`token${n}`, { accountId: 'ada', grantId: 'grant' }, hour);
  return n;
}

test('of 20 redemptions of one code or refresh token at once one has a token, and no other token is stored', async (t) => {
  for (const model of ['AuthorizationCode', 'RefreshToken']) {
    const store = await openSession(t);
    await store.adapter(model).upsert('once', { grantId: 'grant' }, hour);
    const { succeeded, errors } = await store.atOnce(20, minutes(1), () =>
      store.inRequest(() => redeem(store, model, Math.random())),
    );
    assert.equal(succeeded, 1);
    assert.equal(errors.filter((error) => error instanceof InvalidGrant).length, 19);
    assert.equal((await rowsOf(store.db, 'AccessToken')).length, 1);
    assert.deepEqual(store.sent.at(-1), [model, 'AccessToken'], 'one command for both');
  }
});

test('a code that was revoked in the moment of its redemption gives no token, and is not made anew', async (t) => {
  const store = await openSession(t);
  await assert.rejects(
    store.inRequest(() => redeem(store, 'AuthorizationCode', 1)),
    InvalidGrant,
  );
  assert.deepEqual(await store.kinds(), ['Session']);
});

test('a code for which nothing was given is consumed when its request ends, also where another was first', async (t) => {
  const { adapter, held, inRequest, sent, moveTo } = await openSession(t);
  await adapter('AuthorizationCode').upsert('once', { grantId: 'grant' }, hour);
  moveTo(minutes(1));
  const [first, second] = [{}, {}];
  for (const request of [first, second])
    await inRequest(async () => adapter('AuthorizationCode').consume('once'), request);
  assert.equal((await adapter('AuthorizationCode').find('once'))?.consumed, undefined);
  moveTo(minutes(2));
  for (const request of [first, second, second]) await held.end(request);
  assert.equal((await adapter('AuthorizationCode').find('once'))?.consumed, minutes(1).getTime() / 1000);
  assert.deepEqual(sent.slice(-2), [['AuthorizationCode'], ['AuthorizationCode']]);
});

test('a database that does not answer is an outage, and what was held is not written by a later save', async (t) => {
  const store = await openSession(t);
  const session = await store.read();
  const rows = store.db.connection.collection('oidc');
  await store.inRequest(async () => {
    const lost = t.mock.method(rows, 'bulkWrite', async () => {
      throw new Error('lost');
    });
    await assert.rejects(give(store, session), Unavailable);
    lost.mock.restore();
    await store.adapter('Session').upsert('new', session, hour);
  });
  assert.deepEqual(await store.kinds(), ['Session']);
});

test('a write that the server refuses for another reason than its row is an outage, and none after it is done', async (t) => {
  const store = await openSession(t);
  const session = await store.read();
  // The id of what is given is that of another row.
  await store.adapter('RefreshToken').upsert('grant', { grantId: 'other' }, hour);
  await assert.rejects(
    store.inRequest(() => give(store, session)),
    Unavailable,
  );
  assert.deepEqual(await store.kinds(), ['RefreshToken', 'Session']);
});
