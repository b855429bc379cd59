import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { FactorPolicy } from '../../src/sign-in/policy/policy.ts';
import { inAccount } from '../support/account-area.ts';
import { administrator, byAdministrator } from '../support/administration.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import type { Person } from '../support/person.ts';
import { askToken, codeForm, redeemRaw, refreshRaw, userinfoStatus } from '../support/token-endpoint.ts';
import { startWorld, type World } from '../support/world.ts';

const offline = { scope: 'openid email offline_access', prompt: 'consent' };

interface Held {
  readonly browser: Browser;
  /** A second code of the same session, not redeemed yet. */
  readonly code: Readonly<Record<string, string>>;
  readonly accessToken: unknown;
  readonly refreshToken: unknown;
}

/** What a client was given in the session of this browser. */
async function held(browser: Browser, world: World): Promise<Held> {
  const { status, body } = await redeemRaw(browser);
  assert.equal(status, 200);
  const second = await browser.tab().authorize(offline, browser.party);
  // The next code of the same app is a new one.
  world.travel(31);
  return { browser, code: codeForm(second), accessToken: body.access_token, refreshToken: body.refresh_token };
}

async function signedIn(world: World, person: Person): Promise<Held> {
  const browser = await world.browser().signIn(person, offline);
  return held(browser, world);
}

/** 'good' or 'gone', for access token, refresh token and code. */
async function left(world: World, { browser, code, accessToken, refreshToken }: Held): Promise<readonly string[]> {
  const asked = { origin: world.origin, client: browser.party.settings, form: code };
  const answers = [await userinfoStatus(world.origin, accessToken)];
  for (const { status } of [await refreshRaw(browser, refreshToken), await askToken(asked)]) answers.push(status);
  return answers.map((status) => (status === 200 ? 'good' : 'gone'));
}

const allGood = ['good', 'good', 'good'];
const allGone = ['gone', 'gone', 'gone'];

/** Codes live long enough to be looked at last. */
const tokens = { accessSeconds: 3600, idSeconds: 3600, refreshSeconds: 1_209_600, codeSeconds: 600 };

async function starting(t: TestContext, settings = {}): Promise<World> {
  const world = await startWorld(t, { settings: { tokens, ...settings } });
  world.travel(0);
  return world;
}

test("what clients hold for the other sessions ends with them, a thief's refresh token too; what this session gave goes on [check 60]", async (t) => {
  const world = await starting(t);
  const [ada, eve] = [await world.person(), await world.person()];
  const thief = await signedIn(world, ada);
  const stranger = await signedIn(world, eve);
  const owner = await inAccount(world, ada);
  await owner.authorize(offline);
  const own = await held(owner, world);
  await (await owner.visit('/account')).press('end-others');
  assert.deepEqual(await left(world, thief), allGone);
  assert.deepEqual(await left(world, own), allGood);
  assert.deepEqual(await left(world, stranger), allGood);
});

test('a refresh token that outlived its session ends with the others, though no list shows that session any more', async (t) => {
  const world = await starting(t);
  const ada = await world.person();
  const thief = await signedIn(world, ada);
  world.travel(2 * 86_400);
  await world.database.connection.collection('oidc').deleteMany({ model: 'Session' });
  const owner = await inAccount(world, ada);
  await owner.post('/account/sessions/end-others', {});
  assert.equal((await refreshRaw(thief.browser, thief.refreshToken)).body.error, 'invalid_grant');
});

test('one session that its owner ends in the account area takes along what clients hold for it, and nothing else', async (t) => {
  const world = await starting(t);
  const ada = await world.person();
  const thief = await signedIn(world, ada);
  const [{ _id: id } = { _id: '' }] = await rowsOf(world.database, 'Session');
  const other = await signedIn(world, ada);
  const owner = await inAccount(world, ada);
  await owner.press(`end-session ${id}`);
  assert.deepEqual(await left(world, thief), allGone);
  assert.deepEqual(await left(world, other), allGood);
});

test('one session that an administrator ends takes along what clients hold for it, and nothing else', async (t) => {
  const world = await starting(t);
  const [ada, eve] = [await world.person(), await world.person()];
  const thief = await signedIn(world, ada);
  const [{ _id: id } = { _id: '' }] = await rowsOf(world.database, 'Session');
  const [other, stranger] = [await signedIn(world, ada), await signedIn(world, eve)];
  const { does } = administrator(world.database);
  assert.equal(await does.endSession(byAdministrator(eve.id), String(id)), undefined);
  assert.ok(await does.endSession(byAdministrator(ada.id), String(id)));
  assert.deepEqual(await left(world, thief), allGone);
  for (const good of [other, stranger]) assert.deepEqual(await left(world, good), allGood);
});

test('a refresh that races with the end of its session leaves no token that works, whoever comes first', async (t) => {
  const world = await starting(t);
  const { does } = administrator(world.database);
  for (let round = 0; round < 5; round += 1) {
    const ada = await world.person();
    const { browser, refreshToken } = await signedIn(world, ada);
    const id = (await rowsOf(world.database, 'Session')).find(({ accountId }) => accountId === ada.id)?._id;
    const [answer] = await Promise.all([
      refreshRaw(browser, refreshToken),
      does.endSession(byAdministrator(ada.id), String(id)),
    ]);
    const { access_token: access = 'none', refresh_token: refresh = 'none' } = answer.body;
    assert.equal(await userinfoStatus(world.origin, access), 401, `${round}`);
    assert.equal((await refreshRaw(browser, refresh)).status, 400, `${round}`);
  }
});

const byRole: FactorPolicy = { secondFactor: 'by-role', roles: ['admin'], skips: 0 };
const byRoleSettings = {
  secondFactor: 'by-role',
  factors: { kinds: ['totp', 'email', 'recovery'], codeDigits: 6, roles: ['admin'], skips: 0 },
} as const;

/** By the password alone: nothing is set up, and nothing is asked of an account without the role. */
async function byPassword(world: World, person: Person): Promise<Held> {
  const browser = await world.browser().authorize(offline);
  await browser.submit({ identifier: person.email, password: person.password });
  return held(browser, world);
}

const become = (world: World, id: string, policy = byRole) =>
  administrator(world.database, policy).does.changeRoles(byAdministrator(id), { add: ['admin'], remove: [] });
const sessionsOf = async (world: World) => (await rowsOf(world.database, 'Session')).length;

test('a role that needs a second factor ends what was proved by a password alone', async (t) => {
  const world = await starting(t, byRoleSettings);
  const [ada, eve] = [await world.person({ totp: false }), await world.person({ totp: false })];
  const [weak, stranger] = [await byPassword(world, ada), await byPassword(world, eve)];
  assert.equal(await sessionsOf(world), 2);
  await become(world, ada.id);
  assert.deepEqual(await left(world, weak), allGone);
  assert.deepEqual(await left(world, stranger), allGood);
  assert.equal(await sessionsOf(world), 1);
});

test('what was proved with a second factor stays when the role comes, also where its session is long over', async (t) => {
  const world = await starting(t, byRoleSettings);
  const ada = await world.person();
  const strong = await signedIn(world, ada);
  await become(world, ada.id);
  assert.equal(await sessionsOf(world), 1);
  assert.deepEqual(await left(world, strong), allGood);
  const later = await signedIn(world, ada);
  world.travel(2 * 86_400);
  await world.database.connection.collection('oidc').deleteMany({ model: 'Session' });
  await become(world, ada.id);
  assert.equal((await refreshRaw(later.browser, later.refreshToken)).status, 200);
});

test('a refresh token that was given for a password alone ends with the new role, also where its session is long over', async (t) => {
  const world = await starting(t, byRoleSettings);
  const ada = await world.person({ totp: false });
  const weak = await byPassword(world, ada);
  world.travel(2 * 86_400);
  await world.database.connection.collection('oidc').deleteMany({ model: 'Session' });
  await become(world, ada.id);
  assert.equal((await refreshRaw(weak.browser, weak.refreshToken)).body.error, 'invalid_grant');
});

test('a session that was stepped up stays with what it gave since; what it gave before ends', async (t) => {
  const world = await starting(t, byRoleSettings);
  const ada = await world.person({ ways: ['email'] });
  await world.database.connection
    .collection<{ _id: string }>('accounts')
    .updateOne({ _id: ada.id }, { $set: { twoStepOff: true } });
  const { browser, ...weak } = await byPassword(world, ada);
  await browser.authorize({ ...offline, acr_values: 'urn:twofold:2fa-email' });
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  assert.ok(browser.code);
  const strong = await held(browser, world);
  assert.equal(await sessionsOf(world), 1);
  await become(world, ada.id);
  assert.deepEqual(await left(world, strong), allGood);
  assert.deepEqual(await left(world, { browser, ...weak }), allGone);
  assert.equal(await sessionsOf(world), 1);
});

test('a role that asks for nothing more ends nothing, nor does one whose second factor may still be put off', async (t) => {
  const world = await starting(t, byRoleSettings);
  const ada = await world.person({ totp: false });
  const weak = await byPassword(world, ada);
  await administrator(world.database, byRole).does.changeRoles(byAdministrator(ada.id), { add: ['clerk'], remove: [] });
  assert.deepEqual(await left(world, weak), allGood);
  const grace = { ...byRoleSettings, factors: { ...byRoleSettings.factors, roles: ['clerk', 'admin'], skips: 3 } };
  const lenient = await startWorld(t, { settings: { ...world.config, ...grace }, database: world.database });
  const browser = await lenient.browser().authorize(offline);
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.press('later');
  const putOff = await held(browser, world);
  await become(lenient, ada.id, { ...byRole, roles: ['clerk', 'admin'], skips: 3 });
  assert.deepEqual(await left(lenient, putOff), allGood);
});

test('signing out ends the tokens of that session; what was given for the time when nobody is there stays', async (t) => {
  const world = await starting(t);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada, { scope: 'openid email' });
  const { body } = await redeemRaw(browser);
  const code = codeForm(await browser.tab().authorize({ scope: 'openid email' }));
  const signOut = async (one: Browser) => {
    await one.visit('/session/end');
    await one.submit({ xsrf: String(one.page.facts.xsrf), logout: 'yes' });
  };
  await signOut(browser);
  assert.equal(await userinfoStatus(world.origin, body.access_token), 401);
  const { status } = await askToken({ origin: world.origin, client: browser.party.settings, form: code });
  assert.equal(status, 400, 'a code that nobody redeemed');
  world.travel(60);
  const away = await signedIn(world, ada);
  await signOut(away.browser);
  assert.equal((await refreshRaw(away.browser, away.refreshToken)).status, 200);
});
