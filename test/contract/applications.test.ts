import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mongoApplications } from '../../src/storage/applications.ts';
import { mongoConsents } from '../../src/storage/consents.ts';
import { mongoEvents } from '../../src/storage/events.ts';
import { stores } from '../../src/wiring/stores.ts';
import { minutes, start, together } from '../support/account-stores.ts';
import { openDatabase } from '../support/database.ts';

const asked = { accountId: 'ada', since: minutes(-60), now: minutes(10) };

test('an access is taken away once for each time that it was read, from an active account alone', async (t) => {
  const { accounts, revocations } = stores(await openDatabase(t));
  await accounts.create({ id: 'ada', email: 'ada@example.com', createdAt: start });
  const read = { accountId: 'ada', clientId: 'shop' };
  for (const times of [0, 1, 2]) {
    const raised = await together(5, () => revocations.raise({ ...read, times }));
    const [won, ...more] = raised.filter((account) => account !== undefined);
    assert.deepEqual(more, []);
    assert.deepEqual(won?.revocations, [{ clientId: 'shop', times: times + 1 }]);
  }
  const other = await revocations.raise({ ...read, clientId: 'a.b', times: 0 });
  assert.deepEqual(other?.revocations, [
    { clientId: 'shop', times: 3 },
    { clientId: 'a.b', times: 1 },
  ]);
  assert.equal(await revocations.raise({ ...read, accountId: 'eve', times: 0 }), undefined);
});

test('from a closed account nothing is taken away', async (t) => {
  const { accounts, administered, revocations } = stores(await openDatabase(t));
  await accounts.create({ id: 'ada', email: 'ada@example.com', createdAt: start });
  await administered.setActive('ada', false, { sessionVersion: 1, securityVersion: 1 });
  assert.equal(await revocations.raise({ accountId: 'ada', clientId: 'shop', times: 0 }), undefined);
});

test('a grant that is over is listed no more, nor a sign-in of before the time that is looked at, nor those of anybody else', async (t) => {
  const db = await openDatabase(t);
  const grant = { model: 'Grant', accountId: 'ada', givenAt: start, usedAt: minutes(3), expiresAt: minutes(60) };
  const rows = [
    { ...grant, _id: 'one', clientId: 'shop' },
    { ...grant, _id: 'over', clientId: 'over', expiresAt: minutes(10) },
    { ...grant, _id: 'eve', clientId: 'bank', accountId: 'eve' },
    { ...grant, _id: 'old', clientId: 'old', usedAt: undefined },
    { _id: 'token', model: 'RefreshToken', grantIdHash: 'one', consumedAt: minutes(5) },
  ].map((row) => JSON.parse(JSON.stringify(row), dated));
  await db.connection.collection('oidc').insertMany(rows);
  const signIn = { accountId: 'ada', kind: 'sign_in', result: 'success', clientId: 'shop' } as const;
  await mongoEvents(db).append(
    { ...signIn, at: minutes(-61), clientId: 'long-ago' },
    { ...signIn, at: minutes(-5) },
    { ...signIn, at: minutes(-2) },
    { ...signIn, at: minutes(-2), kind: 'password', clientId: 'guessed' },
    { ...signIn, at: minutes(-2), accountId: 'eve', clientId: 'bank' },
  );
  assert.deepEqual(await mongoApplications(db).list(asked), [
    { clientId: 'shop', since: start, lastUsedAt: minutes(5), holds: true },
    { clientId: 'old', since: start, lastUsedAt: start, holds: true },
    { clientId: 'shop', since: minutes(-2), lastUsedAt: minutes(-2), holds: false },
    { clientId: 'shop', since: minutes(-5), lastUsedAt: minutes(-5), holds: false },
  ]);
});

test('what was allowed tells since when, and is withdrawn for one client alone', async (t) => {
  const db = await openDatabase(t);
  const consents = mongoConsents(db);
  for (const [clientId, at, scope] of [
    ['shop', start, 'openid'],
    ['shop', minutes(5), 'email'],
    ['bank', start, 'openid'],
  ] as const)
    await consents.allow({ accountId: 'ada', clientId, scopes: [scope], at });
  const listed = await mongoApplications(db).list(asked);
  assert.deepEqual(listed, [
    { clientId: 'bank', scopes: ['openid'], since: start, holds: true },
    { clientId: 'shop', scopes: ['openid', 'email'], since: start, holds: true },
  ]);
  await consents.withdraw({ accountId: 'ada', clientId: 'shop' });
  assert.deepEqual(await consents.find({ accountId: 'ada', clientId: 'shop' }), []);
  assert.deepEqual(await consents.find({ accountId: 'ada', clientId: 'bank' }), ['openid']);
});

test('a consent of before that was kept tells of its last change', async (t) => {
  const db = await openDatabase(t);
  const row = { accountId: 'ada', clientId: 'shop', scopes: ['openid'], at: minutes(5) };
  await db.connection.collection('consents').insertOne(row);
  const [{ since } = {}] = await mongoApplications(db).list(asked);
  assert.deepEqual(since, minutes(5));
});

function dated(_: string, value: unknown): unknown {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? new Date(value) : value;
}
