import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createCipher } from '../../src/platform/cipher.ts';
import { hashId } from '../../src/platform/hash.ts';
import { mongoAttempts } from '../../src/storage/attempts.ts';
import { interactionSeal } from '../../src/storage/library-interactions.ts';
import { minutes, start, together } from '../support/account-stores.ts';
import { asked } from '../support/asked.ts';
import { rowsOf } from '../support/database.ts';
import { openOidcStore, SessionNotFound } from '../support/oidc-store.ts';
import { signInAttempt } from '../support/sign-in-attempt.ts';

const hour = 3600;
const seal = interactionSeal(createCipher([{ id: 1, key: Buffer.alloc(32, 7) }]));
const id = hashId('uid');

/** Both halves of one row: the attempt, and what the library keeps of it. */
async function openBoth(t: TestContext) {
  const store = await openOidcStore(t);
  const attempts = mongoAttempts(store.db);
  const expiresAt = minutes(60);
  const begun = { clientId: 'demo', expiresAt, asked, browserMark: 'mark' };
  await attempts.open({ ...begun, id, interaction: seal.seal(id, { jti: 'uid', params: { state: 'clear-state' } }) });
  await attempts.open({ ...begun, id: hashId('other'), interaction: seal.seal(hashId('other'), { jti: 'other' }) });
  return {
    ...store,
    attempts,
    library: store.adapter('Interaction'),
    read: () => signInAttempt(attempts, id, start),
    row: async () => (await rowsOf(store.db, 'attempts')).find(({ _id }) => _id === id),
  };
}

test('what the library keeps of a sign-in is sealed in the row of its attempt, found by its uid until both end', async (t) => {
  const { library, row, moveTo } = await openBoth(t);
  assert.deepEqual(await library.find('uid'), { jti: 'uid', params: { state: 'clear-state' } });
  assert.equal(await library.find('nothing'), undefined);
  assert.equal(await library.find(id), undefined, 'a stored hash is no uid');
  assert.ok(!JSON.stringify(await row()).includes('clear-state'));
  moveTo(minutes(60));
  assert.equal(await library.find('uid'), undefined);
});

test('what was sealed for one sign-in opens in no other [check 99]', async (t) => {
  const { library, db } = await openBoth(t);
  const attempts = db.connection.collection<{ _id: string; interaction: string }>('attempts');
  const foreign = (await attempts.findOne({ _id: hashId('other') }))?.interaction ?? assert.fail();
  await attempts.updateOne({ _id: id }, { $set: { interaction: foreign } });
  await assert.rejects(async () => library.find('uid'));
});

test('a save changes the half of the library alone, and makes no row of its own', async (t) => {
  const { library, read, row } = await openBoth(t);
  const before = await row();
  await library.upsert('uid', { jti: 'uid', result: {} }, hour);
  assert.deepEqual(await library.find('uid'), { jti: 'uid', result: {} });
  assert.deepEqual({ ...(await row()), interaction: '' }, { ...before, interaction: '' });
  assert.equal((await read()).revision, 0);
  await library.upsert('nothing', { jti: 'nothing' }, hour);
  assert.equal(await library.find('nothing'), undefined);
});

test('of 20 resumes that finish one interaction at once exactly one goes on [check 79] [check 83]', async (t) => {
  const { library, atOnce } = await openBoth(t);
  const { succeeded, errors } = await atOnce(20, minutes(1), () => library.destroy('uid'));
  assert.equal(succeeded, 1);
  assert.equal(errors.filter((error) => error instanceof SessionNotFound).length, 19);
  assert.equal(await library.find('uid'), undefined);
  assert.notEqual(await library.find('other'), undefined);
});

test('a finished interaction cannot be revived by a last step that was in flight [check 83]', async (t) => {
  const { library, attempts, read, row } = await openBoth(t);
  const inFlight = await read();
  await library.destroy('uid');
  const result = { login: { accountId: 'ada-id' } };
  await together(20, () => library.upsert('uid', { jti: 'uid', result }, hour));
  assert.equal(
    await attempts.advance(inFlight, { interaction: seal.seal(id, { jti: 'uid', result }) }, start),
    undefined,
  );
  assert.equal(await library.find('uid'), undefined);
  await assert.rejects(async () => library.destroy('uid'), SessionNotFound);
  assert.equal('interaction' in ((await row()) ?? {}), false);
});

test('an interaction whose time is over is neither saved nor resumed, its row or not [check 104]', async (t) => {
  const { library, moveTo, row } = await openBoth(t);
  const before = await row();
  moveTo(minutes(60));
  await library.upsert('uid', { jti: 'uid' }, hour);
  await assert.rejects(async () => library.destroy('uid'), SessionNotFound);
  assert.deepEqual(await row(), before);
});
