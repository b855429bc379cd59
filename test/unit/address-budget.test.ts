import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AddressLimits, addressBudget } from '../../src/protection/address-budget.ts';
import type { Counters } from '../../src/protection/counters.ts';
import { minutes, start, together } from '../support/account-stores.ts';
import { memoryCounters } from '../support/fakes/protection.ts';

const address = '192.0.2.1';
const limits: AddressLimits = {
  failureSeconds: 600,
  wrongPasswords: 3,
  wrongCodes: 2,
  wrongClientSecrets: 2,
  registrationsPerHour: 2,
  takenUsernamesPerHour: 2,
};

function open({ shared = memoryCounters(), change = {} as Partial<AddressLimits> } = {}) {
  const clock = { now: start };
  const asked: string[] = [];
  const reports: unknown[] = [];
  const counters: Counters = {
    ...shared,
    take(key, rule, now) {
      asked.push(key);
      return shared.take(key, rule, now);
    },
  };
  const deps = { counters, limits: { ...limits, ...change }, now: () => clock.now };
  return { clock, asked, reports, budget: addressBudget({ ...deps, report: (cause) => reports.push(cause) }) };
}

test('failures of one address end in a wait until their time is over [check 106]', async () => {
  const { budget, clock } = open();
  for (let failure = 0; failure < 3; failure++) {
    assert.equal(await budget.admit('password', address), undefined);
    await budget.charge('password', address);
  }
  assert.deepEqual(await budget.admit('password', address), minutes(10));
  assert.equal(await budget.admit('factor', address), undefined, 'another kind is counted by itself');
  assert.equal(await budget.admit('password', '192.0.2.2'), undefined, 'another address too');
  clock.now = minutes(10);
  assert.equal(await budget.admit('password', address), undefined);
});

test('what succeeds asks no store, refused or not', async () => {
  const { budget, asked } = open();
  await together(50, () => budget.admit('password', address));
  assert.deepEqual(asked, []);
  await together(3, () => budget.charge('password', address));
  assert.equal(asked.length, 3);
  await together(50, () => budget.admit('password', address));
  assert.equal(asked.length, 3);
});

test('another process learns of the wait from its own next failure, and counts on where the first left off [check 120]', async () => {
  const shared = memoryCounters();
  const [one, other] = [open({ shared }), open({ shared })];
  await together(3, () => one.budget.charge('password', address));
  assert.equal(await other.budget.admit('password', address), undefined);
  await other.budget.charge('password', address);
  assert.deepEqual(await other.budget.admit('password', address), minutes(10));
});

test('of registrations every one counts, before it is judged: of 20 at once two are let through', async () => {
  const { budget, asked } = open();
  const admitted = await together(20, () => budget.admit('registration', address));
  assert.equal(admitted.filter((until) => until === undefined).length, 2);
  assert.deepEqual(await budget.admit('registration', address), minutes(60));
  assert.equal(asked.length, 20, 'the wait is remembered');
  await budget.charge('registration', address);
  assert.equal(asked.length, 20);
});

test('of usernames those that were told as taken count, for an hour', async () => {
  const { budget, clock, asked } = open();
  await together(50, () => budget.admit('username', address));
  assert.deepEqual(asked, []);
  await together(2, () => budget.charge('username', address));
  assert.deepEqual(await budget.admit('username', address), minutes(60));
  clock.now = minutes(60);
  assert.equal(await budget.admit('username', address), undefined);
});

test('a limit of 0 is none', async () => {
  const { budget, asked } = open({ change: { wrongPasswords: 0, registrationsPerHour: 0 } });
  await together(50, () => budget.charge('password', address));
  await together(50, () => budget.admit('registration', address));
  assert.equal(await budget.admit('password', address), undefined);
  assert.deepEqual(asked, []);
});

test('a store that fails lets a judged failure go uncounted, and no registration through [check 120]', async () => {
  const outage = new Error('gone');
  const shared: Counters = { ...memoryCounters(), take: () => Promise.reject(outage) };
  const { budget, reports } = open({ shared });
  await budget.charge('password', address);
  assert.deepEqual(reports, [outage]);
  await assert.rejects(budget.admit('registration', address), outage);
});

test('clients without an address share one budget', async () => {
  const { budget } = open();
  await budget.charge('factor', undefined);
  await budget.charge('factor', '');
  assert.deepEqual(await budget.admit('factor', undefined), minutes(10));
});

test('an IPv6 client cannot escape within its /64 [check 106]', async () => {
  const { budget } = open();
  await together(2, (n) => budget.charge('factor', `2001:db8::${n}`));
  assert.deepEqual(await budget.admit('factor', '2001:db8::ffff:1'), minutes(10));
  assert.equal(await budget.admit('factor', '2001:db8:0:1::1'), undefined);
});

test('memory holds ten thousand waits; a forgotten one is learnt again by its next failure', async () => {
  const { budget } = open({ change: { wrongCodes: 1 } });
  await budget.charge('factor', address);
  for (let n = 0; n < 10_000; n++) await budget.charge('factor', `10.0.${n >> 8}.${n & 255}`);
  assert.equal(await budget.admit('factor', address), undefined);
  await budget.charge('factor', address);
  assert.deepEqual(await budget.admit('factor', address), minutes(10));
});
