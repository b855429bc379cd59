import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Proof } from '../../src/factors/factor.ts';
import { amrOf, isReenrolled, levelProved, levelReached } from '../../src/sign-in/policy/assurance.ts';
import { leastLevelOf } from '../../src/sign-in/policy/policy.ts';

const at = new Date('2030-01-01T00:00:00Z');
const password: Proof = { kind: 'password', amr: ['pwd'], level: '1fa', at };
const pass: Proof = { kind: 'pass', factorId: 'pass', amr: ['otp'], level: 'recovery', at };
const app: Proof = { kind: 'totp', factorId: 'new', amr: ['otp', 'mfa'], level: '2fa', at };

test('what stood in for lost ways is told as recovery, also once another way was set up', () => {
  for (const proofs of [
    [password, pass],
    [password, pass, app],
  ]) {
    assert.equal(levelReached(proofs), 'recovery');
    assert.deepEqual(amrOf(proofs), ['pwd', 'otp']);
  }
  assert.equal(levelReached([password, app]), '2fa');
  assert.deepEqual(amrOf([password, app]), ['pwd', 'otp', 'mfa']);
});

test('what is made with the way that was set up is worth that way', () => {
  assert.equal(levelProved([password, pass, app]), '2fa');
  assert.equal(levelProved([password, pass]), 'recovery');
});

test('a way counts as set up again only after what stood in for the lost ones', () => {
  assert.equal(isReenrolled([password, pass]), false);
  assert.equal(isReenrolled([password, pass, app]), true);
  assert.equal(isReenrolled([password, app]), false);
  assert.equal(isReenrolled([app, password, pass]), false);
});

test('"factor required" is met by it once another way is set up, and by nothing less', () => {
  const policy = { secondFactor: 'required', roles: [], skips: 0 } as const;
  const account = { factors: [], roles: [] };
  const judged = { policy, account, now: at, putOff: false, fresh: true };
  assert.equal(leastLevelOf({ ...judged, reenrolled: true }), 'recovery');
  assert.equal(leastLevelOf({ ...judged, reenrolled: false }), 'remembered');
  assert.equal(leastLevelOf(judged), 'remembered');
});
