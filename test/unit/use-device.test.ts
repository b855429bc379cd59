import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { offersRemembering } from '../../src/sign-in/device/remember-device.ts';
import type { DeviceCookies, HeldDevice } from '../../src/sign-in/device/remembered-devices.ts';
import type { SignInStep } from '../../src/sign-in/outcome.ts';
import type { SignInRequest } from '../../src/sign-in/request.ts';
import { codeAt } from '../support/totp-account.ts';
import { told, useCases } from '../support/use-cases.ts';

const day = 24 * 60 * 60;

/** The cookies of one browser. */
function browserCookies() {
  const jar = new Map<string, HeldDevice & { readonly until: Date }>();
  const cookies: DeviceCookies = {
    read: (accountId) => jar.get(accountId),
    write: (accountId, held, until) => void jar.set(accountId, { ...held, until }),
    clear: (accountId) => void jar.delete(accountId),
  };
  return { jar, cookies };
}

/** Ada with an app, at the question for its code, in a browser that keeps cookies. */
async function atCode(request: Partial<SignInRequest> = {}) {
  const world = await useCases({ request });
  await world.register({ username: 'ada' });
  await world.confirm(world.mails[0]?.text ?? '');
  const secret = await world.secret();
  const codeNow = () => codeAt(secret, world.clock.now);
  await world.cases.confirmEnrolment(await world.step(), { code: codeNow() });
  await world.cases.saveCodes(await world.step(), { saved: 'yes' });
  const { jar, cookies } = browserCookies();
  let begun = 0;
  const step = async (change: Partial<SignInStep> = {}): Promise<SignInStep> => {
    const found = await world.step();
    const policy = { ...found.policy, rememberDevice: { days: 30, exceptRoles: ['admin'] } };
    return { ...found, policy, devices: cookies, ...change };
  };
  const typePassword = async (change: Partial<SignInStep> = {}) => {
    begun += 1;
    await world.begin(`sign-in ${begun}`, 'here');
    const form = { identifier: 'ada@example.com', password: 'a walrus in the attic', stay: false };
    return world.cases.provePassword(await step(change), form, undefined);
  };
  const prove = async (remember: boolean, change: Partial<SignInStep> = {}) =>
    world.cases.proveFactor(await step(change), { input: { code: codeNow() }, remember });
  const kinds = async () => (await world.step()).attempt.proofs.map(({ kind }) => kind);
  const account = async () => (await world.accounts.findByEmail('ada@example.com')) ?? assert.fail();
  const thefts = () => world.events.all.filter(({ kind }) => kind === 'device_theft').length;
  world.wait(1800);
  return { ...world, jar, cookies, step, typePassword, prove, kinds, account, thefts };
}

async function rememberedAda(request: Partial<SignInRequest> = {}) {
  const world = await atCode(request);
  await world.typePassword();
  assert.equal(told(await world.prove(true)), 'moved');
  const { id } = await world.account();
  const held = world.jar.get(id) ?? assert.fail('nothing was remembered');
  return { ...world, id, held };
}

test('after a right code with the box the browser holds a secret until the days are over, and no longer [check 50, 52]', async () => {
  const { id, held, devices, clock } = await rememberedAda();
  assert.equal(held.until.getTime(), clock.now.getTime() + 30 * day * 1000);
  const stored = await devices.find({ id: held.id, accountId: id });
  assert.deepEqual([stored?.since, stored?.expiresAt], [clock.now, held.until]);
  assert.notEqual(stored?.hash, held.secret);
});

test('the next password is enough there, and the proof is as old as the factor [check 53]', async () => {
  const world = await rememberedAda();
  world.wait(600);
  await world.typePassword();
  const { attempt } = await world.step();
  assert.deepEqual(
    attempt.proofs.map(({ kind, level, amr }) => [kind, level, amr]),
    [
      ['password', '1fa', ['pwd']],
      ['remembered', 'remembered', []],
    ],
  );
  assert.equal(attempt.proofs[1]?.at.getTime(), world.clock.now.getTime() - 600_000);
});

test('nothing is remembered where it was not asked for, is not offered, or the race for the sign-in was lost [check 52]', async (t: TestContext) => {
  const world = await atCode();
  await world.typePassword();
  await world.prove(false);
  world.wait(60);
  await world.typePassword();
  const { request } = await world.step();
  await world.prove(true, { request: { ...request, alwaysAsks: true } });
  world.wait(60);
  await world.typePassword();
  const lost = t.mock.method(world.attempts, 'advance', async () => undefined);
  await world.prove(true);
  lost.mock.restore();
  assert.equal(world.jar.size, 0);
  assert.deepEqual(await world.devices.list(await world.account(), world.clock.now), []);
});

test('what stands in for a factor never offers it [check 44]', async () => {
  const world = await atCode();
  await world.typePassword();
  const step = await world.step();
  const policy = { ...step.policy, rememberDevice: { days: 30, exceptRoles: [] } };
  assert.equal(offersRemembering({ ...step, policy }, {}), true);
  assert.equal(offersRemembering({ ...step, policy }, { standsIn: true }), false);
  assert.equal(offersRemembering({ ...step, policy, account: undefined }, {}), false);
  const { rememberDevice: _none, ...without } = policy;
  assert.equal(offersRemembering({ ...step, policy: without }, {}), false, 'no policy of it, no offer');
});

test('the secret before counts for half a minute, and hands out the same next one', async () => {
  const world = await rememberedAda();
  await world.typePassword();
  const next = world.jar.get(world.id);
  assert.notEqual(next?.secret, world.held.secret);
  world.jar.set(world.id, world.held);
  world.wait(29);
  await world.typePassword();
  assert.deepEqual(await world.kinds(), ['password', 'remembered']);
  assert.deepEqual(world.jar.get(world.id), next);
  assert.equal(world.thefts(), 0);
});

test('after that it is a theft, told once however often it is shown', async () => {
  const world = await rememberedAda();
  await world.typePassword();
  world.wait(30);
  const before = world.notices.length;
  for (let shown = 0; shown < 2; shown += 1) {
    world.jar.set(world.id, world.held);
    await world.typePassword();
    assert.deepEqual(await world.kinds(), ['password']);
    assert.equal(world.jar.has(world.id), false);
  }
  assert.equal(world.thefts(), 1);
  assert.deepEqual(
    world.notices.slice(before).map(({ event }) => event),
    ['device_theft'],
  );
});

test('of two that find a theft at once one tells of it', async (t: TestContext) => {
  const world = await rememberedAda();
  await world.typePassword();
  world.wait(30);
  world.jar.set(world.id, world.held);
  const other = t.mock.method(world.devices, 'end', async () => false);
  await world.typePassword();
  other.mock.restore();
  assert.equal(world.thefts(), 0);
});

test('the secret before is judged as the one that counts is: a factor that is too old for this request does not count', async () => {
  const world = await rememberedAda();
  await world.typePassword();
  world.wait(20);
  world.jar.set(world.id, world.held);
  const { request } = await world.step();
  await world.typePassword({ request: { ...request, maxAgeSeconds: 10 } });
  assert.deepEqual(await world.kinds(), ['password']);
  assert.equal(world.thefts(), 0);
});

test('where no factor is asked for, or no device would count, the database is asked nothing', async (t: TestContext) => {
  const world = await rememberedAda();
  const rotated = t.mock.method(world.devices, 'rotate');
  const found = t.mock.method(world.devices, 'find');
  const { request, policy } = await world.step();
  const optional = { ...policy, secondFactor: 'when-enrolled', rememberDevice: { days: 30, exceptRoles: [] } } as const;
  await world.accounts.change(world.id, { twoStepOff: true });
  await world.typePassword({ policy: optional });
  await world.accounts.change(world.id, { twoStepOff: false });
  await world.typePassword({ request: { ...request, leastLevel: '2fa-email' } });
  await world.typePassword({ request: { ...request, anew: true } });
  world.jar.clear();
  await world.typePassword();
  assert.equal(rotated.mock.callCount() + found.mock.callCount(), 0);
});

test('one that ended with its account’s change is let go, and is nobody’s theft [check 49]', async () => {
  const world = await rememberedAda();
  const { securityVersion } = await world.account();
  await world.accounts.change(world.id, { securityVersion: securityVersion + 1 });
  await world.typePassword();
  assert.deepEqual([await world.kinds(), world.jar.size, world.thefts()], [['password'], 0, 0]);
});
