import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { DeliveredCode } from '../../src/delivery/code.ts';
import { hashId } from '../../src/platform/hash.ts';
import type { SessionRecord } from '../../src/sign-in/sessions.ts';
import { mongoAccountData } from '../../src/storage/account-data.ts';
import { mongoAttempts } from '../../src/storage/attempts.ts';
import { mongoConsents } from '../../src/storage/consents.ts';
import { mongoLinks } from '../../src/storage/links.ts';
import { mongoPendingCodes } from '../../src/storage/pending-codes.ts';
import { minutes, start } from '../support/account-stores.ts';
import { asked } from '../support/asked.ts';
import { openDatabase, rowsOf } from '../support/database.ts';
import { memorySessions } from '../support/fakes/sessions.ts';
import { openOidcStore } from '../support/oidc-store.ts';
import { type SessionStore, sessionStore } from '../support/session-store.ts';

const stores: readonly (readonly [string, (t: TestContext) => Promise<SessionStore>])[] = [
  ['MongoDB', async (t) => sessionStore(await openDatabase(t))],
  ['memory', async () => memorySessions()],
];

const record = (id: string, accountId: string, sessionVersion: number): SessionRecord => ({
  ...{ id, accountId, sessionVersion, proofs: [] },
  ...{ signedInAt: start, lastSeen: start, expiresAt: minutes(60) },
});

for (const [kind, openStore] of stores) {
  suite(`session records of a changed account (${kind})`, () => {
    test('the session that made the change goes on: from the version just before it and from no other', async (t) => {
      const sessions = await openStore(t);
      await sessions.save(record('s', 'ada', 4));
      const version = async () => (await sessions.seen('s', start))?.sessionVersion;
      await sessions.restamp({ id: 's', accountId: 'ada', sessionVersion: 4 });
      await sessions.restamp({ id: 's', accountId: 'ada', sessionVersion: 6 });
      await sessions.restamp({ id: 's', accountId: 'eve', sessionVersion: 5 });
      assert.equal(await version(), 4);
      await sessions.restamp({ id: 's', accountId: 'ada', sessionVersion: 5 });
      assert.equal(await version(), 5);
    });

    test('records of older versions are gone, this one and those of others stay', async (t) => {
      const sessions = await openStore(t);
      await sessions.save(record('old', 'ada', 3));
      await sessions.save(record('now', 'ada', 5));
      await sessions.save(record('foreign', 'eve', 1));
      await sessions.endOlder({ accountId: 'ada', sessionVersion: 5, now: start });
      const left = await Promise.all(['old', 'now', 'foreign'].map((id) => sessions.seen(id, start)));
      assert.deepEqual(
        left.map((one) => one?.id),
        [undefined, 'now', 'foreign'],
      );
    });
  });
}

test('a session whose end has begun is worth nothing before its grants are removed, and an end that is cut off there is tried again [check 60, 86]', async (t) => {
  const db = await openDatabase(t);
  const sessions = sessionStore(db);
  await sessions.save(record('s', 'ada', 4));
  await sessions.save(record('other', 'ada', 4));
  const worth: unknown[] = [];
  const grants = db.connection.collection('oidc');
  const cut = t.mock.method(grants, 'deleteMany', async () => {
    worth.push(await sessions.find('s', start), await sessions.seen('s', start));
    throw new Error('cut off');
  });
  const end = () => sessions.endOf({ accountId: 'ada', id: 's', now: start });
  await assert.rejects(end(), /cut off/);
  assert.deepEqual(worth, [undefined, undefined]);
  cut.mock.restore();
  const listed = async () => (await sessions.list('ada', start)).map(({ id }) => id).toSorted();
  assert.deepEqual(await listed(), ['other', 's']);
  assert.deepEqual(
    (await sessions.list('ada', start)).find(({ id }) => id === 's'),
    record('s', 'ada', 4),
  );
  assert.equal(await end(), true);
  assert.deepEqual(await listed(), ['other']);
  assert.ok(await sessions.find('other', start));
});

test('codes under way of an account are over, but in the sign-in that made the change', async (t) => {
  const db = await openDatabase(t);
  const attempts = mongoAttempts(db);
  const code: DeliveredCode = {
    purpose: 'sign-in',
    courier: 'mail',
    destination: 'ada@example.com',
    id: 'code',
    hash: 'hash',
    tries: 0,
    expiresAt: minutes(10),
    nextSendAt: start,
  };
  for (const [id, accountId] of Object.entries({ one: 'ada', this: 'ada', foreign: 'eve' })) {
    await attempts.open({ id, clientId: 'demo', expiresAt: minutes(60), asked, browserMark: 'mark' });
    const attempt = (await attempts.find(id, start)) ?? assert.fail();
    await attempts.advance(attempt, { accountId, deliveredCode: { ...code, accountId } }, start);
  }
  // Cancelled, or begun anew: its code may still be moved to another sign-in.
  await attempts.open({ id: 'parked', clientId: 'demo', expiresAt: minutes(60), asked, browserMark: 'mark' });
  const parked = (await attempts.find('parked', start)) ?? assert.fail();
  await attempts.advance(parked, { deliveredCode: { ...code, accountId: 'ada' } }, start);
  await attempts.open({ id: 'without', clientId: 'demo', expiresAt: minutes(60), asked, browserMark: 'mark' });
  const without = await attempts.advance(
    (await attempts.find('without', start)) ?? assert.fail(),
    { accountId: 'ada' },
    start,
  );
  await attempts.open({ id: 'late', clientId: 'demo', expiresAt: minutes(60), asked, browserMark: 'mark' });
  const late = await attempts.advance(
    (await attempts.find('late', start)) ?? assert.fail(),
    { accountId: 'ada', deliveredCode: { ...code, accountId: 'ada', expiresAt: minutes(1) } },
    start,
  );
  const before = (await attempts.find('one', start)) ?? assert.fail();
  await mongoPendingCodes(db).endAll('ada', { now: minutes(1), keepAttempt: 'this' });

  const end = async (id: string) => (await attempts.find(id, start))?.deliveredCode?.expiresAt;
  assert.deepEqual([await end('one'), await end('this'), await end('foreign')], [minutes(1), minutes(10), minutes(10)]);
  assert.deepEqual(await end('parked'), minutes(1));
  const now = (await attempts.find('one', start)) ?? assert.fail();
  assert.equal(await attempts.takeTry(now, 'deliveredCode', minutes(1)), false, 'no code is judged any more');
  assert.equal(await attempts.advance(before, { deliveredCode: code }, start), undefined, 'nor written back');
  assert.equal(now.deliveredCode?.hash, 'hash', 'the page that asks for it goes on');
  assert.deepEqual(
    await attempts.find('without', start),
    without,
    'a sign-in that waits for no code goes on as it was',
  );
  assert.deepEqual(await attempts.find('late', start), late, 'nor does one whose code is over by itself move');
});

test('of an erased account nothing is left but what names nobody, and nothing of others is touched [check 59] [check 104]', async (t) => {
  const { db, adapter } = await openOidcStore(t);
  const [sessions, consents, attempts] = [sessionStore(db), mongoConsents(db), mongoAttempts(db)];
  for (const who of ['ada-id', 'eve-id']) {
    await sessions.save(record(`session of ${who}`, who, 0));
    await consents.allow({ accountId: who, clientId: 'demo', scopes: ['email'], at: start });
    await attempts.open({
      id: `attempt of ${who}`,
      clientId: 'demo',
      expiresAt: minutes(60),
      asked,
      browserMark: 'mark',
    });
    const attempt = (await attempts.find(`attempt of ${who}`, start)) ?? assert.fail();
    await attempts.advance(attempt, { accountId: who, shown: `${who}@example.com` }, start);
    await adapter('Session').upsert(`sid ${who}`, { accountId: who, uid: `uid ${who}` }, 3600);
    await adapter('Grant').upsert(`grant ${who}`, { accountId: who }, 3600);
    await adapter('RefreshToken').upsert(`token ${who}`, { accountId: who, grantId: `grant ${who}` }, 3600);
  }
  for (const [id, accountId] of Object.entries({ one: 'ada-id', other: 'eve-id' })) {
    await attempts.open({ id: `parked ${id}`, clientId: 'demo', expiresAt: minutes(60), asked, browserMark: 'mark' });
    const parked = (await attempts.find(`parked ${id}`, start)) ?? assert.fail();
    const code = { purpose: 'sign-in', courier: 'mail', destination: `${accountId}@example.com`, accountId } as const;
    const sent = { id: 'code', hash: 'hash', tries: 0, expiresAt: minutes(10), nextSendAt: start };
    await attempts.advance(parked, { deliveredCode: { ...code, ...sent } }, start);
  }
  const link = { purpose: 'reset', tokenHash: 'hash', expiresAt: minutes(60) } as const;
  for (const who of ['ada-id', 'eve-id'])
    await mongoLinks(db).put(`place of ${who}`, { ...link, accountId: who, address: `${who}@example.com` });
  const inFlight = (await adapter('Session').find('sid ada-id')) ?? assert.fail();
  await mongoAccountData(db).erase('ada-id', start);

  const collections = ['Session', 'consents', 'attempts', 'links', 'Grant', 'RefreshToken'];
  for (const collection of collections) {
    const rows = JSON.stringify((await rowsOf(db, collection)).map(({ _id, ...row }) => row));
    assert.ok(!rows.includes('ada-id'), collection);
    assert.ok(rows.includes('eve-id'), collection);
  }
  assert.equal(await attempts.find('attempt of ada-id', start), undefined);
  assert.equal(await attempts.findClient('attempt of ada-id', start), 'demo', 'its page still leads back');
  await adapter('Session').upsert('sid ada-id', inFlight, 3600);
  assert.equal(await adapter('Session').find('sid ada-id'), undefined, 'no request in flight revives a session');
});

test('with the records of older versions the library’s own sessions end, and no request in flight revives them', async (t) => {
  const { db, adapter } = await openOidcStore(t);
  const sessions = sessionStore(db);
  for (const [name, version] of Object.entries({ old: 3, now: 5 })) {
    const begun = { record: record(hashId(`uid ${name}`), 'ada', version), begun: true };
    await adapter('Session').upsert(name, { accountId: 'ada', uid: `uid ${name}`, kept: begun }, 3600);
  }
  const inFlight = (await adapter('Session').find('old')) ?? assert.fail();
  await sessions.endOlder({ accountId: 'ada', sessionVersion: 5, now: start });
  await adapter('Session').upsert('old', inFlight, 3600);
  assert.equal(await adapter('Session').find('old'), undefined);
  assert.ok(await adapter('Session').find('now'));
});
