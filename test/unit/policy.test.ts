import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EnrolledFactor } from '../../src/accounts/account.ts';
import type { Level } from '../../src/factors/factor.ts';
import { type Demand, demandOf, type FactorPolicy, leastLevelOf, skipsLeft } from '../../src/sign-in/policy/policy.ts';

const now = new Date('2030-01-01T00:00:00Z');
const before = new Date(now.getTime() + 1);
const app: EnrolledFactor = { id: 'f', kind: 'totp', name: '', createdAt: now, lastUsedAt: now };

const modes = ['required', 'by-role', 'when-enrolled'] as const;
const clients: readonly Level[] = ['1fa', 'remembered', '2fa-email', '2fa'];
/** How setting one up may be put off, and whether it may yet. */
const graces: readonly (readonly [string, Partial<FactorPolicy>, number, boolean])[] = [
  ['no grace', {}, 0, false],
  ['until a day to come', { enrolBy: before }, 9, true],
  ['until a day that is over', { enrolBy: now }, 0, false],
  ['three times, none used', { skips: 3 }, 0, true],
  ['three times, two used', { skips: 3 }, 2, true],
  ['three times, all used', { skips: 3 }, 3, false],
  ['three times, more used than are allowed now', { skips: 3 }, 5, false],
  ['a day to come and a time left', { enrolBy: before, skips: 1 }, 0, true],
  ['a day to come and no time left', { enrolBy: before, skips: 1 }, 1, false],
  ['a day that is over and a time left', { enrolBy: now, skips: 1 }, 0, false],
];

/** What a person would say, without the table. */
function expected(c: {
  readonly mode: (typeof modes)[number];
  readonly role: boolean;
  readonly client: Level;
  readonly has: boolean;
  readonly off: boolean;
  readonly open: boolean;
}): Demand {
  const demanded = c.mode === 'required' || (c.mode === 'by-role' && c.role);
  if (c.client !== '1fa') return c.has ? 'prove' : 'enrol';
  if (c.has) return demanded || !c.off ? 'prove' : 'nothing';
  if (!demanded) return 'nothing';
  return c.open ? 'offer' : 'enrol';
}

function* combinations() {
  for (const mode of modes)
    for (const role of [false, true])
      for (const client of clients)
        for (const has of [false, true])
          for (const off of [false, true])
            for (const [name, grace, used, open] of graces)
              yield { mode, role, client, has, off, name, grace, used, open };
}

function situation({
  mode,
  role,
  has,
  off,
  grace,
  used,
}: ReturnType<typeof combinations> extends Generator<infer C> ? C : never) {
  const policy: FactorPolicy = { secondFactor: mode, roles: ['admin'], skips: 0, ...grace };
  const account = {
    factors: has ? [app] : [],
    roles: role ? ['staff', 'admin'] : ['staff'],
    twoStepOff: off,
    enrolmentSkips: used,
  };
  return { policy, account, now };
}

test('every combination of policy, role, client, factor, switch and grace demands what its words say', () => {
  let walked = 0;
  for (const c of combinations()) {
    assert.equal(demandOf({ ...situation(c), leastLevel: c.client }), expected(c), JSON.stringify(c));
    walked += 1;
  }
  assert.equal(walked, 3 * 2 * 4 * 2 * 2 * graces.length);
});

test('the session’s own judge never asks for less than the pages did, whatever was put off [check 77]', () => {
  for (const c of combinations()) {
    if (c.client !== '1fa') continue;
    const asked = demandOf({ ...situation(c), leastLevel: '1fa' });
    const judge = (putOff: boolean, fresh: boolean) => leastLevelOf({ ...situation(c), putOff, fresh });
    const told = JSON.stringify(c);
    if (asked === 'prove' || asked === 'enrol') assert.equal(judge(false, true), 'remembered', told);
    if (asked === 'offer') {
      assert.equal(judge(false, true), 'remembered', `${told}: a password alone that put nothing off`);
      assert.equal(judge(true, true), '1fa', told);
    }
    if (asked === 'nothing') assert.equal(judge(false, true), '1fa', told);
  }
});

test('a session that was put off for the last time stays good, until the day itself', () => {
  const policy: FactorPolicy = { secondFactor: 'required', roles: [], skips: 1, enrolBy: before };
  const account = { factors: [], roles: [], enrolmentSkips: 1 };
  assert.equal(leastLevelOf({ policy, account, now, putOff: true, fresh: false }), '1fa');
  assert.equal(leastLevelOf({ policy, account, now: before, putOff: true, fresh: false }), 'remembered');
  assert.equal(leastLevelOf({ policy, account, now, putOff: false, fresh: false }), 'remembered');
});

test('a running session that put it off is judged as before its account added a factor, a new one never is [check 36, 77]', () => {
  for (const c of combinations()) {
    if (c.client !== '1fa' || !c.has) continue;
    const told = JSON.stringify(c);
    const judge = (has: boolean, putOff: boolean, fresh: boolean) =>
      leastLevelOf({ ...situation({ ...c, has }), putOff, fresh });
    const demanded = c.mode === 'required' || (c.mode === 'by-role' && c.role);
    // Only the day ends it: how often it was put off was counted when it began.
    const ended = demanded && (c.grace.enrolBy === now || Object.keys(c.grace).length === 0);
    assert.equal(judge(true, true, false), ended ? 'remembered' : '1fa', told);
    assert.equal(judge(true, true, false), judge(false, true, false), told);
    assert.equal(judge(true, true, true), demanded || !c.off ? 'remembered' : '1fa', `${told}: it ends now`);
    assert.equal(judge(true, false, false), demanded ? 'remembered' : '1fa', `${told}: nothing was put off`);
  }
});

test('a factor added since leaves a running session as it was where the policy does not want one', () => {
  const policy: FactorPolicy = { secondFactor: 'when-enrolled', roles: [], skips: 0 };
  const account = { factors: [app], roles: [] };
  assert.equal(leastLevelOf({ policy, account, now, putOff: false, fresh: false }), '1fa');
  assert.equal(leastLevelOf({ policy, account, now, putOff: false, fresh: true }), 'remembered');
});

test('how often it may still be put off is told only where it is counted', () => {
  const policy: FactorPolicy = { secondFactor: 'required', roles: [], skips: 3 };
  assert.equal(skipsLeft(policy, { enrolmentSkips: 1 }), 2);
  assert.equal(skipsLeft(policy, { enrolmentSkips: 9 }), 0);
  assert.equal(skipsLeft(policy, {}), 3);
  assert.equal(skipsLeft({ ...policy, skips: 0 }, {}), undefined);
});
