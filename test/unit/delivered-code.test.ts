import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import type { DeliveredCode } from '../../src/delivery/code.ts';
import type { DeliveredCodes } from '../../src/delivery/delivered-codes.ts';
import { deliveredCodeFactor } from '../../src/factors/delivered-code.ts';
import { deliveredData } from '../../src/factors/delivered-data.ts';
import { emailKind, smsKind } from '../../src/factors/delivered-kinds.ts';
import type { Flow, PendingEnrolment } from '../../src/factors/factor.ts';
import { minutes, start, totp } from '../support/account-stores.ts';
import { blank } from '../support/totp-account.ts';

const address = 'ada@example.com';
const own = {
  id: 'home',
  kind: 'email',
  name: 'Home',
  createdAt: start,
  lastUsedAt: start,
  data: { destination: address },
};
const ada: Account = { ...blank, email: address, factors: [totp({ id: 'app' }), own] };
const offer = { kind: 'email', id: 'home', label: 'Home', destination: 'a***@example.com' };
const signIn: DeliveredCode = {
  ...{ purpose: 'sign-in', courier: 'mail', destination: address, factorId: 'home', id: 'code', hash: '012345' },
  ...{ tries: 0, expiresAt: minutes(10), nextSendAt: minutes(1) },
};
const mailbox = { kind: 'mailbox', amr: [], level: '1fa', at: start } as const;

/** A code matches its own hash; stores say yes unless told otherwise, and what was asked of them is kept. */
function setUp(kind = emailKind) {
  const clock = { now: minutes(1) };
  const store = { isSpent: false, isUsable: true, isFirst: true };
  const calls: string[] = [];
  const deliveredCodes: DeliveredCodes = {
    digits: 6,
    awaiting: () => assert.fail('a factor sends nothing'),
    prepare: () => assert.fail('a factor sends nothing'),
    matches: async (_flow, { hash }, code) => hash === code,
  };
  const say = (name: string, answer: boolean) => {
    calls.push(name);
    return answer;
  };
  const factor = deliveredCodeFactor(kind, {
    deliveredCodes,
    spends: { spend: async () => say('spend', !store.isSpent), used: async () => say('used', store.isUsable) },
    firstFactors: {
      replaceLost: async () => assert.fail('nothing was lost here'),
      add: async ({ factor: added }) => say(`add ${deliveredData(added).destination}`, store.isFirst),
    },
    furtherFactors: { add: async () => assert.fail('nothing further is set up here') },
    now: () => clock.now,
  });
  const verify = (flow: Partial<Flow>, { code = '012345', account = ada } = {}) =>
    factor.verify({ flow: { id: 'attempt', proofs: [], ...flow }, account, offer, answer: { code } });
  const { enrolment = assert.fail('it can be set up') } = factor;
  const confirm = (flow: Partial<Flow>, pending: PendingEnrolment, code?: string) => {
    const answer = { name: 'Work', ...(code === undefined ? {} : { code }) };
    return enrolment.confirm({ flow: { id: 'attempt', proofs: [], ...flow }, account: ada, pending, answer });
  };
  return { calls, clock, store, factor, enrolment, verify, confirm };
}

test('the code is accepted once it is spent and its use is noted, and says what it amounts to [check 70]', async () => {
  const { calls, verify } = setUp();
  assert.deepEqual(await verify({ deliveredCode: signIn }), {
    outcome: 'accepted',
    proof: { kind: 'email', factorId: 'home', amr: ['otp', 'mfa'], level: '2fa-email', at: minutes(1) },
  });
  assert.deepEqual(calls, ['spend', 'used']);
});

test('a code of another purpose, factor, courier or address, an older one, or none, is wrong before anything is spent [check 27]', async () => {
  const { calls, verify } = setUp();
  const others: readonly Partial<DeliveredCode>[] = [
    { purpose: 'enrolment' },
    { purpose: 'first-factor' },
    { purpose: 'registration' },
    { factorId: 'work' },
    { courier: 'sms' },
    { destination: 'old@example.com' },
    { hash: '999999' },
    { expiresAt: minutes(1) },
  ];
  for (const change of others) {
    const verdict = await verify({ deliveredCode: { ...signIn, ...change } });
    assert.deepEqual(verdict, { outcome: 'rejected', reason: 'wrong' }, JSON.stringify(change));
  }
  assert.equal((await verify({})).outcome, 'rejected');
  assert.equal((await verify({ deliveredCode: signIn }, { account: { ...ada, factors: [] } })).outcome, 'rejected');
  assert.deepEqual(calls, []);
});

test('what the store says is final: spent by another request, or by nobody who holds this factor any more [check 29]', async () => {
  const { calls, store, verify } = setUp();
  store.isSpent = true;
  assert.deepEqual(await verify({ deliveredCode: signIn }), { outcome: 'rejected', reason: 'raced' });
  assert.deepEqual(calls, ['spend']);
  store.isSpent = false;
  store.isUsable = false;
  assert.deepEqual(await verify({ deliveredCode: signIn }), { outcome: 'rejected', reason: 'wrong' });
});

test('only factors of its own kind are offered, masked, and a message goes to where the account says [check 11] [check 31]', () => {
  const { factor } = setUp();
  assert.deepEqual(factor.offers(ada), [offer]);
  const evil = { ...offer, destination: 'eve@evil.example' };
  assert.deepEqual(factor.start?.({ flow: { id: 'attempt', proofs: [] }, account: ada, offer: evil }), {
    send: { courier: 'mail', destination: address },
  });
});

const pending: PendingEnrolment = {
  factorId: 'new',
  kind: 'email',
  expiresAt: minutes(10),
  data: { destination: 'work@example.org' },
};
const forNew = { ...signIn, purpose: 'enrolment', factorId: 'new', destination: 'work@example.org' } as const;

test('another address becomes a factor only by a code that was sent there for it; a proved mailbox says nothing of it [check 27] [check 34]', async () => {
  const { calls, confirm } = setUp();
  const proofs = [mailbox];
  assert.equal((await confirm({ proofs }, pending, '012345')).outcome, 'rejected');
  assert.equal((await confirm({ proofs, deliveredCode: forNew }, pending)).outcome, 'rejected');
  for (const change of [
    { purpose: 'sign-in' },
    { factorId: 'home' },
    { destination: address },
    { hash: '999999' },
  ] as const)
    assert.equal(
      (await confirm({ proofs, deliveredCode: { ...forNew, ...change } }, pending, '012345')).outcome,
      'rejected',
    );
  assert.deepEqual(calls, []);
  assert.equal((await confirm({ proofs, deliveredCode: forNew }, pending, '012345')).outcome, 'accepted');
  assert.deepEqual(calls, ['spend', 'add work@example.org']);
});

test('the own mailbox needs no second code where it was proved in this very flow, and needs one where it was not [check 33]', async () => {
  const { calls, confirm, enrolment } = setUp();
  const mine = { ...pending, data: { destination: address } };
  const begun = { proofs: [], factorId: 'new' };
  const send = { courier: 'mail', destination: address };
  const first = enrolment.start({ ...begun, account: { ...ada, factors: [] } });
  assert.deepEqual(first, { data: { destination: address }, send });
  assert.deepEqual(enrolment.start({ ...begun, account: ada }), { data: {} }, 'a second one is another mailbox');
  assert.deepEqual(enrolment.start({ ...begun, ...mine, account: ada }), { data: mine.data, send });
  assert.equal((await confirm({}, mine)).outcome, 'rejected');
  assert.deepEqual(enrolment.start({ ...mine, proofs: [mailbox], account: ada }), { data: mine.data });
  assert.equal((await confirm({ proofs: [mailbox] }, mine)).outcome, 'accepted');
  assert.deepEqual(calls, [`add ${address}`]);
});

test('a phone has nowhere to send to before its owner says where, and a mailbox proves no phone', async () => {
  const { confirm, enrolment } = setUp(smsKind(['GB']));
  const begun = { ...pending, kind: 'sms', data: {} };
  const flow = { id: 'attempt', proofs: [mailbox] };
  assert.deepEqual(enrolment.start({ account: ada, proofs: [mailbox], factorId: 'new' }), { data: {} });
  assert.equal((await confirm(flow, begun, '012345')).outcome, 'rejected');
  const given = { destination: '+447400123456' };
  const started = enrolment.start({ account: ada, proofs: [mailbox], factorId: 'new', data: given });
  assert.deepEqual(started, { data: given, send: { courier: 'sms', ...given } });
});

test('a pending factor of another kind or past its end is none, and the store says whether it was the first [check 34]', async () => {
  const { calls, clock, confirm, store } = setUp();
  const flow = { deliveredCode: { ...forNew, expiresAt: minutes(60) } };
  assert.equal((await confirm(flow, { ...pending, kind: 'totp' }, '012345')).outcome, 'rejected');
  clock.now = minutes(10);
  assert.equal((await confirm(flow, pending, '012345')).outcome, 'rejected');
  assert.deepEqual(calls, []);
  clock.now = minutes(2);
  store.isFirst = false;
  assert.equal((await confirm(flow, pending, '012345')).outcome, 'rejected');
  store.isSpent = true;
  assert.deepEqual(await confirm(flow, pending, '012345'), { outcome: 'rejected', reason: 'raced' });
});
