import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { Consents, SessionRecord } from '../../src/sign-in/sessions.ts';
import { mongoConsents } from '../../src/storage/consents.ts';
import { minutes, start, together } from '../support/account-stores.ts';
import { openDatabase } from '../support/database.ts';
import { memoryConsents, memorySessions } from '../support/fakes/sessions.ts';
import { type SessionStore, sessionStore } from '../support/session-store.ts';

const sessionStores: readonly (readonly [string, (t: TestContext) => Promise<SessionStore>])[] = [
  ['MongoDB', async (t) => sessionStore(await openDatabase(t))],
  ['memory', async () => memorySessions()],
];

const consentStores: readonly (readonly [string, (t: TestContext) => Promise<Consents>])[] = [
  ['MongoDB', async (t) => mongoConsents(await openDatabase(t))],
  ['memory', async () => memoryConsents()],
];

const record: SessionRecord = {
  id: 'uid-hash',
  accountId: 'ada-id',
  sessionVersion: 2,
  proofs: [{ kind: 'totp', factorId: 'f1', amr: ['otp', 'mfa'], level: '2fa', at: start }],
  signedInAt: start,
  lastSeen: start,
  expiresAt: minutes(60),
};

for (const [kind, openStore] of sessionStores) {
  suite(`session records (${kind})`, () => {
    test('a record comes back as it was saved, and tells when it was seen before', async (t) => {
      const sessions = await openStore(t);
      await sessions.save(record);
      assert.deepEqual(await sessions.seen(record.id, minutes(5)), record);
      assert.deepEqual(await sessions.seen(record.id, minutes(9)), { ...record, lastSeen: minutes(5) });
      assert.equal(await sessions.seen('other', start), undefined);
    });

    test('a record that is read unnoted is not seen by it, and is over when it is over [check 57]', async (t) => {
      const sessions = await openStore(t);
      const idling = { ...record, idleSeconds: 600 };
      await sessions.save(idling);
      assert.deepEqual(await sessions.find(record.id, minutes(9)), idling);
      assert.equal(await sessions.find(record.id, minutes(10)), undefined, 'idle: it was not seen at minute 9');
      assert.deepEqual(await sessions.seen(record.id, minutes(5)), idling);
      assert.deepEqual(await sessions.find(record.id, minutes(14)), { ...idling, lastSeen: minutes(5) });
      assert.equal(await sessions.find(record.id, record.expiresAt), undefined);
      assert.equal(await sessions.find('other', start), undefined);
    });

    test('nothing is told but what a record is made of', async (t) => {
      const sessions = await openStore(t);
      const wider = { ...record, browser: 'Firefox', address: '192.0.2.1', requestId: 'r1' };
      await sessions.save(wider);
      const { requestId: _requestId, ...kept } = wider;
      assert.deepEqual(await sessions.seen(record.id, start), kept);
    });

    test('a slower request never sets back when a session was last seen', async (t) => {
      const sessions = await openStore(t);
      await sessions.save(record);
      await sessions.seen(record.id, minutes(9));
      await sessions.seen(record.id, minutes(5));
      assert.deepEqual((await sessions.seen(record.id, minutes(10)))?.lastSeen, minutes(9));
    });

    test('a record is over at its end, and being seen does not lengthen it [check 57]', async (t) => {
      const sessions = await openStore(t);
      await sessions.save(record);
      await sessions.seen(record.id, minutes(59));
      assert.equal(await sessions.seen(record.id, record.expiresAt), undefined);
    });

    test('a session that idles ends a given time after it was last seen, and no request revives it [check 57]', async (t) => {
      const sessions = await openStore(t);
      const idling = { ...record, idleSeconds: 600, expiresAt: minutes(600) };
      await sessions.save(idling);
      for (const minute of [9, 18, 27]) assert.ok(await sessions.seen(record.id, minutes(minute)), `${minute}`);
      assert.deepEqual(await sessions.list('ada-id', minutes(37)), []);
      const late = await together(20, () => sessions.seen(record.id, minutes(37)));
      assert.deepEqual(new Set(late), new Set([undefined]), 'not the second of two at once either');
      assert.equal(await sessions.seen(record.id, minutes(38)), undefined);
    });

    test('an account’s sessions are listed, the last seen first, without those that are over [check 60]', async (t) => {
      const sessions = await openStore(t);
      const save = (id: string, more: Partial<SessionRecord> = {}) => sessions.save({ ...record, id, ...more });
      await save('old');
      await save('new', { lastSeen: minutes(5) });
      await save('over', { expiresAt: minutes(5) });
      await save('idle', { idleSeconds: 60 });
      await save('staying', { lastSeen: minutes(-600) });
      await save('eve', { accountId: 'eve-id' });
      const listed = await sessions.list('ada-id', minutes(6));
      assert.deepEqual(
        listed.map(({ id }) => id),
        ['new', 'old', 'staying'],
      );
      assert.deepEqual(listed[1], { ...record, id: 'old' });
    });

    test('a session is ended by its own account only, and by one of 20 at once [check 38, 60]', async (t) => {
      const sessions = await openStore(t);
      await sessions.save(record);
      assert.equal(await sessions.endOf({ accountId: 'eve-id', id: record.id, now: start }), false);
      assert.ok(await sessions.seen(record.id, start));
      const ended = await together(20, () => sessions.endOf({ accountId: 'ada-id', id: record.id, now: start }));
      assert.equal(ended.filter(Boolean).length, 1);
      assert.equal(await sessions.seen(record.id, start), undefined);
    });

    test('an ended record is gone [check 58]', async (t) => {
      const sessions = await openStore(t);
      await sessions.save(record);
      await sessions.end(record.id, start);
      assert.equal(await sessions.seen(record.id, start), undefined);
      await sessions.end('other', start);
    });
  });
}

for (const [kind, openStore] of consentStores) {
  suite(`consents (${kind})`, () => {
    test('scopes add up for one account and one client, each once', async (t) => {
      const consents = await openStore(t);
      const consent = { accountId: 'ada-id', clientId: 'demo' };
      assert.deepEqual(await consents.find(consent), []);
      await consents.allow({ ...consent, scopes: ['openid', 'email'], at: start });
      await consents.allow({ ...consent, scopes: ['email', 'profile'], at: minutes(1) });
      assert.deepEqual(await consents.find(consent), ['openid', 'email', 'profile']);
      assert.deepEqual(await consents.find({ ...consent, clientId: 'other' }), []);
      assert.deepEqual(await consents.find({ ...consent, accountId: 'eve-id' }), []);
    });

    test('of 20 consents at once none is lost', async (t) => {
      const consents = await openStore(t);
      const consent = { accountId: 'ada-id', clientId: 'demo' };
      await together(20, (n) => consents.allow({ ...consent, scopes: [`scope${n}`], at: start }));
      assert.equal((await consents.find(consent)).length, 20);
    });
  });
}
