import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Level, Proof } from '../../src/factors/factor.ts';
import { rememberedSince } from '../../src/sign-in/policy/assurance.ts';
import { demandOf, leastLevelOf } from '../../src/sign-in/policy/policy.ts';
import {
  type AskedOfDevice,
  deviceCounts,
  mayRemember,
  provedAfter,
  remembersFor,
} from '../../src/sign-in/policy/remembering.ts';
import { faultsOf } from '../support/config-folder.ts';

const now = new Date('2030-01-31T00:00:00Z');
const day = 24 * 60 * 60_000;
const ago = (milliseconds: number) => new Date(now.getTime() - milliseconds);
const password: Proof = { kind: 'password', amr: ['pwd'], level: '1fa', at: now };
const device = (at: Date): Proof => ({ kind: 'remembered', amr: [], level: 'remembered', at });
const app: Proof = { kind: 'totp', factorId: 'f', amr: ['otp', 'mfa'], level: '2fa', at: now };

const policy = { rememberDevice: { days: 30, exceptRoles: ['admin'] } };
const plain: AskedOfDevice = { leastLevel: '1fa' };
const ada = { roles: ['clerk'] };

function counts(change: {
  readonly policy?: object;
  readonly roles?: readonly string[];
  readonly request?: Partial<AskedOfDevice>;
  readonly since?: Date;
}): boolean {
  const { roles = ada.roles, request = {}, since = ago(day) } = change;
  return deviceCounts({
    policy: change.policy ?? policy,
    account: { roles },
    request: { ...plain, ...request },
    proofs: [password, device(since)],
    now,
  });
}

test('a remembered device counts where some factor is needed, and nowhere that more is asked [check 53]', () => {
  const levels: readonly (readonly [Level, boolean])[] = [
    ['1fa', true],
    ['recovery', true],
    ['remembered', true],
    ['2fa-email', false],
    ['2fa-sms', false],
    ['2fa', false],
    ['phr', false],
  ];
  for (const [leastLevel, counted] of levels) assert.equal(counts({ request: { leastLevel } }), counted, leastLevel);
  assert.equal(counts({ request: { anew: true } }), false, 'prompt=login');
  assert.equal(counts({ request: { alwaysAsks: true } }), false, 'a client that always asks');
  assert.equal(counts({ request: { maxAgeSeconds: 86_399 } }), false, 'a max_age that its factor has passed');
  assert.equal(counts({ request: { maxAgeSeconds: 86_400 } }), false, 'a max_age that ends now');
  assert.equal(counts({ request: { maxAgeSeconds: 86_401 } }), true);
});

test('whom the policy leaves out is always asked: everybody, a role, and where nothing is said of it', () => {
  assert.equal(counts({}), true);
  assert.equal(counts({ roles: ['clerk', 'admin'] }), false);
  assert.equal(counts({ policy: { rememberDevice: { days: 0, exceptRoles: [] } } }), false);
  assert.equal(counts({ policy: {} }), false);
  assert.equal(remembersFor({ policy: { rememberDevice: { days: 0, exceptRoles: [] } }, account: ada }), false);
  assert.equal(remembersFor({ policy, account: { roles: ['admin'] } }), false);
  assert.equal(provedAfter({ policy: {}, account: ada, request: plain, now }), undefined);
});

test('it ends after its days, whatever the row says, and sooner where they are fewer by now [check 50]', () => {
  assert.equal(counts({ since: ago(30 * day - 1) }), true);
  assert.equal(counts({ since: ago(30 * day) }), false);
  assert.equal(counts({ since: ago(8 * day), policy: { rememberDevice: { days: 7, exceptRoles: [] } } }), false);
});

test('a proof for a change of the own account and a client that always asks remember nothing', () => {
  const confirms = { change: 'add_way', email: 'ada@example.com' } as const;
  assert.equal(mayRemember({ policy, account: ada, request: {} }), true);
  assert.equal(mayRemember({ policy, account: ada, request: { confirms } }), false);
  assert.equal(mayRemember({ policy, account: ada, request: { alwaysAsks: true } }), false);
  assert.equal(mayRemember({ policy, account: { roles: ['admin'] }, request: {} }), false);
});

test('since when it is remembered is told only where nothing stronger was proved, and never without a password', () => {
  const since = ago(day);
  assert.deepEqual(rememberedSince([password, device(since)]), since);
  assert.equal(rememberedSince([password, device(since), app]), undefined);
  assert.equal(rememberedSince([password]), undefined);
  assert.equal(rememberedSince([device(since)]), undefined);
  assert.equal(rememberedSince([device(since), password]), undefined);
  assert.equal(
    deviceCounts({ policy, account: ada, request: plain, now, proofs: [password, device(since), app] }),
    false,
    'a factor that was proved needs no device',
  );
});

test('it stands in for a factor that is set up, and sets none up', () => {
  const whole = { secondFactor: 'required', roles: [], skips: 0, ...policy } as const;
  const factor = { id: 'f', kind: 'totp', name: '', createdAt: now, lastUsedAt: now };
  const asked = { policy: whole, leastLevel: '1fa', now } as const;
  const account = { roles: [], factors: [factor] };
  assert.equal(demandOf({ ...asked, account, remembered: true }), 'nothing');
  assert.equal(demandOf({ ...asked, account }), 'prove');
  assert.equal(demandOf({ ...asked, account: { ...account, factors: [] }, remembered: true }), 'enrol');
});

test('a session that rests on a device is good for no account that may have none any more', () => {
  const whole = { secondFactor: 'required', roles: [], skips: 0, ...policy } as const;
  const factor = { id: 'f', kind: 'totp', name: '', createdAt: now, lastUsedAt: now };
  const session = { policy: whole, now, putOff: false, fresh: false };
  const [clerk, admin] = [ada, { roles: ['admin'] }].map((one) => ({ ...one, factors: [factor] }));
  assert.ok(clerk && admin);
  assert.equal(leastLevelOf({ ...session, account: clerk, onDevice: true }), 'remembered');
  assert.equal(leastLevelOf({ ...session, account: admin, onDevice: true }), '2fa-email');
  assert.equal(leastLevelOf({ ...session, account: admin }), 'remembered', 'others are judged as ever');
});

test('thirty days are the most that may be set [check 50]', (t) => {
  const days = (value: string) => faultsOf(t, { NODE_ENV: 'test', TWOFOLD_REMEMBER_DEVICE_DAYS: value });
  assert.deepEqual(days('30'), []);
  assert.deepEqual(days('0'), []);
  assert.match(String(days('31')), /rememberDevice\.days/);
});
