import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import type { DeliveredCode } from '../../src/delivery/code.ts';
import type { Flow } from '../../src/factors/factor.ts';
import { rescueFactor } from '../../src/factors/rescue.ts';
import { minutes, start } from '../support/account-stores.ts';
import { blank } from '../support/totp-account.ts';

const ada: Account = { ...blank, email: 'ada@example.com' };
const offer = { kind: 'rescue', id: 'rescue', label: '', destination: 'a***@example.com' };
const sent: DeliveredCode = {
  ...{ purpose: 'rescue', courier: 'mail', destination: ada.email, factorId: 'rescue', id: 'code', hash: '012345' },
  ...{ tries: 0, expiresAt: minutes(10), nextSendAt: minutes(1) },
};

/** A code matches its own hash; stores say yes unless told otherwise, and what was asked of them is kept. */
function setUp() {
  const clock = { now: minutes(1) };
  const store = { isSpent: false, isAsRead: true };
  const calls: string[] = [];
  const factor = rescueFactor({
    deliveredCodes: {
      digits: 6,
      awaiting: () => assert.fail('a factor sends nothing'),
      prepare: () => assert.fail('a factor sends nothing'),
      matches: async (_flow, { hash }, code) => hash === code,
    },
    spends: {
      async spend() {
        calls.push('spend');
        return !store.isSpent;
      },
    },
    rescues: {
      async use({ address, sessionVersion }) {
        calls.push(`use ${address} ${sessionVersion}`);
        return store.isAsRead ? { ...ada, sessionVersion: sessionVersion + 1 } : undefined;
      },
    },
    now: () => clock.now,
  });
  const verify = (flow: Partial<Flow>, { code = '012345', account = ada } = {}) =>
    factor.verify({ flow: { id: 'attempt', proofs: [], ...flow }, account, offer, answer: { code } });
  return { calls, clock, store, factor, verify };
}

test('it is accepted once its code is spent and the account is changed, and says what it amounts to [check 70]', async () => {
  const { calls, verify } = setUp();
  const verdict = await verify({ deliveredCode: sent });
  assert.ok(verdict.outcome === 'accepted');
  assert.deepEqual(verdict.proof, {
    kind: 'rescue',
    factorId: 'rescue',
    amr: ['otp'],
    level: 'recovery',
    at: minutes(1),
  });
  assert.equal(verdict.account?.sessionVersion, ada.sessionVersion + 1);
  assert.deepEqual(calls, ['spend', `use ada@example.com ${ada.sessionVersion}`]);
});

test('a code of another purpose, to another address, an older one, or none, is wrong before anything is spent [check 27]', async () => {
  const { calls, verify } = setUp();
  const others: readonly Partial<DeliveredCode>[] = [
    { purpose: 'sign-in' },
    { purpose: 'enrolment' },
    { purpose: 'first-factor' },
    { purpose: 'registration' },
    { factorId: 'home' },
    { destination: 'former@example.com' },
    { expiresAt: minutes(1) },
  ];
  for (const other of others)
    assert.deepEqual(await verify({ deliveredCode: { ...sent, ...other } }), { outcome: 'rejected', reason: 'wrong' });
  assert.deepEqual(await verify({}), { outcome: 'rejected', reason: 'wrong' });
  assert.deepEqual(await verify({ deliveredCode: sent }, { code: '543210' }), { outcome: 'rejected', reason: 'wrong' });
  assert.deepEqual(calls, []);
});

test('what is spent already changes no account; an account that changed since is not rescued [check 41]', async () => {
  const spent = setUp();
  spent.store.isSpent = true;
  assert.deepEqual(await spent.verify({ deliveredCode: sent }), { outcome: 'rejected', reason: 'raced' });
  assert.deepEqual(spent.calls, ['spend']);
  const changed = setUp();
  changed.store.isAsRead = false;
  assert.deepEqual(await changed.verify({ deliveredCode: sent }), { outcome: 'rejected', reason: 'raced' });
});

test('it sends to the confirmed address, shows it masked, and its page tells of its own code alone', async () => {
  const { factor } = setUp();
  const flow: Flow = { id: 'attempt', proofs: [] };
  assert.deepEqual(factor.offers(ada), [offer]);
  assert.deepEqual(factor.start?.({ flow, account: ada, offer }), {
    send: { courier: 'mail', destination: 'ada@example.com' },
  });
  const { unsent, secondsToEnd } = await factor.facts({ ...flow, deliveredCode: sent }, offer);
  assert.deepEqual([unsent, secondsToEnd], [undefined, 540]);
  const other = await factor.facts({ ...flow, deliveredCode: { ...sent, purpose: 'sign-in' } }, offer);
  assert.equal(other.unsent, true);
  assert.ok(start < minutes(1));
});
