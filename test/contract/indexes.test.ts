import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionRecord } from '../../src/sign-in/sessions.ts';
import { mongoAccountData } from '../../src/storage/account-data.ts';
import { mongoAccounts } from '../../src/storage/accounts.ts';
import { mongoAdministration } from '../../src/storage/administration.ts';
import { mongoApplications } from '../../src/storage/applications.ts';
import { mongoAttempts } from '../../src/storage/attempts.ts';
import { mongoAttemptsWithAccounts } from '../../src/storage/attempts-with-accounts.ts';
import type { Database } from '../../src/storage/connection.ts';
import { mongoConsents } from '../../src/storage/consents.ts';
import { mongoCounters } from '../../src/storage/counters.ts';
import { endingSessions } from '../../src/storage/ended-sessions.ts';
import { mongoEvents } from '../../src/storage/events.ts';
import { mongoFirstFactors, mongoFurtherFactors } from '../../src/storage/factor-additions.ts';
import { mongoGrants } from '../../src/storage/grants.ts';
import { mongoHistory } from '../../src/storage/history.ts';
import { createIndexes, indexes } from '../../src/storage/indexes.ts';
import { mongoLinks } from '../../src/storage/links.ts';
import { mongoLogouts } from '../../src/storage/logouts.ts';
import { lookups } from '../../src/storage/oidc-models.ts';
import { oidcRows } from '../../src/storage/oidc-rows.ts';
import { mongoPasswordChanges } from '../../src/storage/password-changes.ts';
import { mongoPendingCodes } from '../../src/storage/pending-codes.ts';
import { raisedSessions } from '../../src/storage/raised-sessions.ts';
import { mongoRememberedDevices } from '../../src/storage/remembered-devices.ts';
import { mongoRevocations } from '../../src/storage/revocations.ts';
import { mongoSecondFactorGuesses } from '../../src/storage/second-factor-guesses.ts';
import { mongoSentTimes } from '../../src/storage/send-budgets.ts';
import { mongoTotpSteps } from '../../src/storage/totp-steps.ts';
import { mongoVerifications } from '../../src/storage/verifications.ts';
import { browserId, minutes, network, start, totp } from '../support/account-stores.ts';
import { asked } from '../support/asked.ts';
import { openDatabase } from '../support/database.ts';
import { openOidcStore } from '../support/oidc-store.ts';
import { profileQueries } from '../support/profile.ts';
import { sessionStore } from '../support/session-store.ts';
import { signInAttempt } from '../support/sign-in-attempt.ts';

test('every question of every port is answered by an index, never by a scan', async (t) => {
  const db = await openDatabase(t);
  const plans = await profileQueries(db, () => askEveryPort(db));
  for (const collection of [
    'accounts',
    'attempts',
    'oidc',
    'consents',
    'logouts',
    'remembered_devices',
    'send_budgets',
    'address_budgets',
    'verifications',
    'links',
  ]) {
    assert.ok(
      plans.some((one) => one.collection === collection),
      collection,
    );
  }
  for (const { collection, operation, plan } of plans)
    assert.match(plan, /^(IDHACK|IXSCAN)/, `${operation} of ${collection}`);
});

test("every question of oidc-provider's adapter is answered by an index, never by a scan", async (t) => {
  const { db, adapter } = await openOidcStore(t);
  const plans = await profileQueries(db, async () => {
    for (const { model, fields } of lookups) {
      const rows = adapter(model);
      const payload = { accountId: 'a', uid: 'uid', grantId: 'g', userCode: 'code' };
      const id = `of ${model}`;
      await rows.upsert(id, payload, 3600);
      await rows.upsert(id, payload, 3600);
      await rows.find(id);
      if (fields.includes('uidHash')) await rows.findByUid('uid');
      if (fields.includes('userCodeHash')) await rows.findByUserCode('code');
      await rows.consume(id);
      if (fields.includes('grantIdHash')) await rows.revokeByGrantId('g');
      else await rows.destroy(id);
    }
    await mongoGrants(db).endAll('a');
    await mongoGrants(db).endAll('a', { keepSession: 's' });
    await mongoGrants(db).endOf({ accountId: 'a', session: 's' });
    await mongoGrants(db).endWeaker({ accountId: 'a', enough: ['2fa'], keepSessions: ['s'] });
  });
  assert.ok(plans.length > lookups.length * 4);
  for (const { collection, operation, plan } of plans)
    assert.match(plan, /^(IDHACK|IXSCAN)/, `${operation} of ${collection}`);
});

test('a scan would be seen', async (t) => {
  const db = await openDatabase(t);
  const plans = await profileQueries(db, () => db.connection.collection('accounts').findOne({ active: true }));
  assert.deepEqual(plans, [{ collection: 'accounts', operation: 'query', plan: 'COLLSCAN' }]);
});

test('rows that end are swept by their own date, and making the indexes again changes nothing [check 104]', async (t) => {
  const db = await openDatabase(t);
  await createIndexes(db);
  const swept: Record<string, unknown> = {};
  for (const collection of Object.keys(indexes)) {
    const made = await db.connection.collection(collection).indexes();
    assert.equal(made.length, (indexes[collection]?.length ?? 0) + 1, collection);
    const sweeping = made.find(({ expireAfterSeconds }) => expireAfterSeconds === 0);
    if (sweeping) swept[collection] = Object.keys(sweeping.key)[0];
  }
  assert.deepEqual(swept, {
    attempts: 'removeAt',
    links: 'expiresAt',
    oidc: 'expiresAt',
    remembered_devices: 'expiresAt',
    send_budgets: 'expiresAt',
    address_budgets: 'expiresAt',
    verifications: 'expiresAt',
  });
});

async function askEveryPort(db: Database): Promise<void> {
  const accounts = mongoAccounts(db);
  const known = { id: browserId, accounts: ['a', 'b'] };
  await accounts.create({ id: 'a', email: 'a@example.com', username: 'ada', createdAt: start });
  await accounts.find('a');
  await accounts.findByEmail('a@example.com');
  await accounts.takePasswordGuess({ network, identifier: 'ada', now: start });
  await accounts.takePasswordGuess({ network, identifier: 'ada', known, now: start });
  await accounts.takePasswordGuess({ network, identifier: 'eve@example.com', known, now: start });
  await accounts.rehash({ id: 'a', from: 'x', to: 'y' });
  await accounts.refillPassword('a');
  await mongoPasswordChanges(db).change({ accountId: 'a', sessionVersion: 0, from: 'y', to: 'z' });
  const raises = { sessionVersion: 1, securityVersion: 1 } as const;
  const administration = mongoAdministration(db);
  await administration.list({ limit: 2 });
  await administration.list({ limit: 2, email: 'a', after: 'a', active: true });
  await administration.list({ limit: 2, role: 'admin' });
  await administration.setActive('a', true, raises);
  await administration.changeRoles('a', { add: ['admin'], remove: [] }, raises);
  await administration.unlock('a', raises);
  await administration.resetFactors('a', raises);
  await administration.raise('a', raises);
  await mongoFirstFactors(db).add({ accountId: 'a', sessionVersion: 1, factor: totp() });
  await mongoFurtherFactors(db).add({
    accountId: 'a',
    sessionVersion: 1,
    factor: totp({ id: 'f2' }),
    kinds: ['totp'],
  });
  await mongoTotpSteps(db).guess({ accountId: 'a', factorId: 'f1', step: 101, now: start });
  await mongoSecondFactorGuesses(db).giveBack('a', await mongoSecondFactorGuesses(db).take('a', start));

  await mongoAttemptsWithAccounts(db).find('a', start);
  const attempts = mongoAttempts(db);
  await attempts.open({ id: 't', clientId: 'demo', expiresAt: minutes(1), asked, browserMark: 'mark' });
  await attempts.openChange({ id: 'c', clientId: 'demo', expiresAt: minutes(1), sessionId: 's' }, start);
  const attempt = await signInAttempt(attempts, 't', start);
  await attempts.takeTry(attempt, 'challenge', start);
  await attempts.takeTry(attempt, 'deliveredCode', start);
  await attempts.advance(attempt, { stay: true }, start);
  await attempts.findClient('t', start);
  await attempts.sweep(minutes(2));

  const sessions = sessionStore(db);
  const record = { id: 's', accountId: 'a', sessionVersion: 0, proofs: [], signedInAt: start, lastSeen: start };
  await sessions.save({ ...record, expiresAt: minutes(1) });
  await sessions.seen('s', start);
  await sessions.restamp({ id: 's', accountId: 'a', sessionVersion: 1 });
  await sessions.endOlder({ accountId: 'a', sessionVersion: 2, now: start });
  await sessions.end('s', start);
  const devices = mongoRememberedDevices(db);
  const own = { id: 'd', accountId: 'a', securityVersion: 0 };
  await devices.keep({ ...own, hash: 'h', since: start, lastUsedAt: start, expiresAt: minutes(9) });
  const use = { ...own, hash: 'h', nextHash: 'n', previousUntil: start, sinceAfter: minutes(-1), now: start };
  await devices.rotate(use);
  await devices.find(own);
  await devices.list({ id: 'a', securityVersion: 0 }, start);
  await devices.end(own);
  await devices.endAll('a');
  const [logouts, endings] = [mongoLogouts(db), endingSessions(db, oidcRows(db.connection, 'Session'))];
  const clients = [{ clientId: 'demo', sid: 'sid' }];
  await sessions.save({ ...record, expiresAt: minutes(1), clients } as SessionRecord);
  await raisedSessions(db).end(minutes(9));
  await sessions.endOf({ accountId: 'a', id: 's', now: start });
  await db.connection.collection('oidc').insertOne({ model: 'Session', endedAt: start, clients });
  await endings.catchUp(minutes(9));
  const taken = await logouts.take({ now: minutes(9), heldUntil: minutes(10), notOf: ['other'] });
  assert.ok(taken);
  await logouts.putBack(taken, minutes(9));
  await logouts.remove(taken);
  await mongoPendingCodes(db).endAll('a', { now: start, keepAttempt: 't' });
  await mongoAccountData(db).erase('a', start);
  await administration.delete('nobody');

  const consent = { accountId: 'a', clientId: 'demo' };
  await mongoConsents(db).allow({ ...consent, scopes: ['openid'], at: start });
  await mongoConsents(db).find(consent);
  await mongoApplications(db).list({ accountId: 'a', since: start, now: start });
  for (const times of [0, 1]) await mongoRevocations(db).raise({ ...consent, times });
  await mongoConsents(db).withdraw(consent);
  await mongoGrants(db).endAll('a', { clientAlone: 'demo' });
  const message = { at: start, stranger: true };
  await mongoSentTimes(db).take('a@example.com', message);
  await mongoSentTimes(db).giveBack('a@example.com', message);
  for (const collection of ['send_budgets', 'address_budgets'] as const) {
    await mongoCounters(db, collection).take('key', { limit: 1, milliseconds: 60_000 }, start);
    await mongoCounters(db, collection).giveBack('key', { endsAt: minutes(1), shared: true });
  }
  const verifications = mongoVerifications(db);
  const verification = { number: '+447400123456', reference: 'VE1', expiresAt: minutes(1), now: start };
  await verifications.replace(verification);
  await verifications.replace({ ...verification, earlier: 'VE1', reference: 'VE2' });
  await verifications.find(verification.number, start);
  await verifications.holds('VE2', start);
  await verifications.spend('VE2', start);
  const links = mongoLinks(db);
  const link = {
    purpose: 'reset',
    accountId: 'a',
    address: 'ada@example.com',
    tokenHash: 'T',
    expiresAt: minutes(1),
  } as const;
  await links.put('place', link);
  await links.find({ ...link, holderHash: 'H', now: start });
  await links.take({ ...link, holderHash: 'H', now: start });
  const asked90 = {
    accountId: 'a',
    kinds: ['sign_in'],
    notDetails: ['password'],
    from: start,
    before: minutes(1),
    most: 51,
  } as const;
  await mongoHistory(db).newest(asked90);
  await mongoEvents(db).append({ at: start, kind: 'sign_in', result: 'success' });
}
