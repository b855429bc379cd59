import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import argon2 from 'argon2';
import { rowsOf } from '../support/database.ts';
import { atWay, chooseWay } from '../support/mail-ways.ts';
import { atStage } from '../support/stages.ts';
import { startWorld } from '../support/world.ts';

interface KeptSet {
  readonly salt: string;
  readonly hashes: readonly string[];
}

const floor = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1, hashLength: 32 } as const;

/** Runs `act` and answers how many slow hashes it cost. */
function counting(t: TestContext) {
  const mocks = [t.mock.method(argon2, 'hash'), t.mock.method(argon2, 'verify')];
  const calls = () => mocks.reduce((sum, { mock }) => sum + mock.callCount(), 0);
  return async (act: () => Promise<unknown>): Promise<number> => {
    const before = calls();
    await act();
    return calls() - before;
  };
}

test('a kept set is argon2id of each code as it was shown, at the floor, with one salt of 128 bits that no other set has [check 40]', async (t) => {
  const world = await startWorld(t);
  const other = await world.person({ recovery: 1 });
  const browser = await atStage(world, 'recovery-codes');
  const shown = browser.page.facts.codes as readonly string[];
  await browser.submit({ saved: 'yes' });

  const rows = await rowsOf(world.database, 'accounts');
  const kept = rows.map(({ _id, recovery }) => ({ id: _id, ...(recovery as KeptSet) }));
  const set = kept.find(({ id }) => id !== other.id) ?? assert.fail('nobody came new');
  assert.equal(new Set(kept.map(({ salt }) => salt)).size, 2);
  const salt = Buffer.from(set.salt, 'base64url');
  assert.equal(salt.length, 16);
  const digests = shown.map((code) => argon2.hash(code.replaceAll('-', ''), { ...floor, salt, raw: true }));
  const derived = (await Promise.all(digests)).map((digest) => digest.toString('base64url'));
  assert.deepEqual(derived, set.hashes);
});

test('a try costs one slow hash, right or wrong, however many codes are left; one that has no shape or finds a lock costs none [check 40]', async (t) => {
  const world = await startWorld(t);
  const person = await world.person({ recovery: 5 });
  const hashesOf = counting(t);
  const browser = await chooseWay(await atWay(world, person, 'totp'), 'recovery');

  assert.equal(await hashesOf(() => browser.submit({ code: 'K7M4-9QWT-X2HD' })), 0);
  assert.deepEqual(browser.errors, ['recovery_shape']);
  assert.equal(await hashesOf(() => browser.submit({ code: 'K7M4-9QWT-X2HD-5VNP' })), 1);
  assert.deepEqual(browser.errors, ['recovery_rejected']);
  assert.equal(await hashesOf(() => browser.submit({ code: person.recoveryCodes[0] ?? '' })), 1);
  assert.equal(browser.stage, 'recovery-used');

  const accounts = world.database.connection.collection<{ _id: string }>('accounts');
  const other = await chooseWay(await atWay(world, person, 'totp'), 'recovery');
  const lockedUntil = new Date(Date.now() + 3_600_000);
  await accounts.updateOne({ _id: person.id }, { $set: { 'guesses.secondFactor': { failures: 10, lockedUntil } } });
  assert.equal(await hashesOf(() => other.submit({ code: person.recoveryCodes[1] ?? '' })), 0);
});
