import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { decodeProtectedHeader } from 'jose';
import { inAccount, otherSession } from '../support/account-area.ts';
import { administrator, byAdministrator } from '../support/administration.ts';
import { afterPassword } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { watchedDatabase } from '../support/commands.ts';
import { openDatabase, rowsOf } from '../support/database.ts';
import { atHome, type LogoutClient, logoutClient, saidBy, sidsTold, toldAt } from '../support/logout-client.ts';
import type { Person } from '../support/person.ts';
import { claimsOf } from '../support/token-endpoint.ts';
import { startWorld, type World } from '../support/world.ts';

interface Told {
  readonly world: World;
  readonly client: LogoutClient;
}

async function starting(t: TestContext, settings = {}): Promise<Told> {
  const client = await logoutClient(t);
  const world = await startWorld(t, { settings: { ...atHome, ...settings }, clients: [toldAt('told', client.uri)] });
  world.travel(0);
  return { world, client };
}

interface SignedIn {
  readonly browser: Browser;
  readonly sid: string;
}

/** At the client that is told, by an app. */
async function signedIn(world: World, person: Person, clientId = 'told'): Promise<SignedIn> {
  const browser = world.browser();
  await browser.authorize({}, world.party(clientId));
  await browser.submit({ identifier: person.email, password: person.password });
  if (!browser.code) await browser.submit({ code: person.codeNow() });
  const tokens = await browser.redeem();
  // The next code of the same app is a new one.
  world.travel(31);
  return { browser, sid: String(tokens.claims()?.sid) };
}

async function signOut(browser: Browser): Promise<void> {
  await browser.visit('/session/end');
  await browser.submit({ xsrf: String(browser.page.facts.xsrf), logout: 'yes' });
}

const queued = (world: World) => rowsOf(world.database, 'logouts');

test('who signs out is signed out of every client that wants to be told, each by its own word for the session', async (t) => {
  const [shop, desk] = [await logoutClient(t), await logoutClient(t)];
  const clients = [toldAt('shop', shop.uri), { ...toldAt('desk', desk.uri), idTokenAlg: 'RS256' } as const];
  const world = await startWorld(t, { settings: atHome, clients });
  const ada = await world.person();
  const { browser, sid } = await signedIn(world, ada, 'shop');
  await browser.authorize({ prompt: 'none' }, world.party('desk'));
  const atDesk = String((await browser.redeem()).claims()?.sid);
  await browser.authorize({ prompt: 'none' }, world.party('app'));
  assert.match(String((await browser.redeem()).claims()?.sid), /^[\w-]{43}$/, 'whoever is told or not');
  await signOut(browser);
  assert.deepEqual([shop.told, desk.told], [[], []], 'nobody who signs out waits for clients');
  await world.app.logouts.tellDue();

  const [told] = shop.told;
  assert.deepEqual([shop.told.length, told?.method, told?.target], [1, 'POST', '/logout']);
  assert.equal(told?.headers['content-type'], 'application/x-www-form-urlencoded');
  const { iat, exp, jti, ...said } = await saidBy(world, told);
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
  assert.deepEqual(said, { iss: world.issuer, aud: 'shop', sub: ada.id, sid, events });
  assert.equal(Number(exp) - Number(iat), 120);
  assert.match(String(jti), /^[\w-]{20,}$/);
  assert.equal(decodeProtectedHeader(told?.token ?? '').alg, 'ES256');
  assert.equal(decodeProtectedHeader(desk.told[0]?.token ?? '').alg, 'RS256', 'as its ID tokens are signed');
  assert.deepEqual(sidsTold(desk), [atDesk]);
  assert.notEqual(atDesk, sid);
  assert.deepEqual(await queued(world), []);
  await world.app.logouts.tellDue();
  assert.equal(shop.told.length, 1);
});

type Ending = (told: Told & { readonly ada: Person; readonly there: SignedIn }) => Promise<unknown>;

/** Ways for the session of `there` to end, the account's others aside. */
const endings: Readonly<Record<string, Ending>> = {
  'the sign-out page': ({ there }) => signOut(there.browser),

  async '"Sign out there" in the account area'({ world, ada }) {
    const here = await inAccount(world, ada);
    await here.press(`end-session ${otherSession(here).id}`);
  },

  async '"Sign out everywhere else"'({ world, ada }) {
    await (await inAccount(world, ada)).press('end-others');
  },

  async 'a change that ends sessions elsewhere'({ world, ada }) {
    const here = await inAccount(world, ada);
    await here.press('two-step-off');
    await here.press('two-step-off');
  },

  async 'a password that is changed elsewhere'({ world, ada }) {
    const here = await inAccount(world, ada);
    await here.press('change-password');
    await here.submit({ current: ada.password, password: 'seven quiet otters swim' });
    assert.equal(here.stage, 'security', here.text);
  },

  async '"This was not me"'({ world, ada }) {
    const guessing = await afterPassword(world, ada);
    for (let n = 0; n < 3; n += 1) await guessing.submit({ code: ada.wrongCode() });
    const [link = 'none'] = /http\S+\/link\/not_me\/[\w-]{43}/.exec(world.lastMailTo(ada.email)) ?? [];
    const reader = await world.browser().visit(link);
    await reader.press('secure');
  },

  async 'another person who signs in there'({ world, there }) {
    const eve = await world.person();
    await there.browser.authorize({ prompt: 'login' }, world.party('app'));
    await there.browser.submit({ identifier: eve.email, password: eve.password });
    await there.browser.submit({ code: eve.codeNow() });
    assert.ok(there.browser.code, there.browser.text);
  },

  async 'an administrator who ends it, in another process'({ world, ada }) {
    const [row] = await rowsOf(world.database, 'Session');
    await administrator(world.database).does.endSession(byAdministrator(ada.id), String(row?._id));
  },

  'an administrator who ends all': ({ world, ada }) =>
    administrator(world.database).does.endSessions(byAdministrator(ada.id)),

  'a disabled account': ({ world, ada }) => administrator(world.database).does.disable(byAdministrator(ada.id)),

  'a deleted account': ({ world, ada }) => administrator(world.database).does.remove(byAdministrator(ada.id)),

  'factors that were reset': ({ world, ada }) =>
    administrator(world.database).does.resetFactors(byAdministrator(ada.id)),
};

for (const [way, end] of Object.entries(endings)) {
  test(`the client is told of that session, once, when it ends by ${way} [check 58]`, async (t) => {
    const told = await starting(t, { secondFactor: 'when-enrolled' });
    const { world, client } = told;
    const ada = await world.person();
    const there = await signedIn(world, ada);
    await end({ ...told, ada, there });
    await world.app.logouts.tellDue();
    assert.deepEqual(sidsTold(client), [there.sid]);
    assert.deepEqual((await saidBy(world, client.told[0])).sub, ada.id);
    assert.deepEqual(await queued(world), []);
    const left = await rowsOf(world.database, 'Session');
    assert.ok(!left.some(({ clients }) => clients), 'nothing of it is left');
  });
}

test('a role that asks for a second factor signs out, at clients too, who proved none', async (t) => {
  const factors = { kinds: ['totp', 'email', 'recovery'], codeDigits: 6, roles: ['admin'], skips: 0 };
  const { world, client } = await starting(t, { secondFactor: 'by-role', factors });
  const [bob, eve] = [await world.person({ totp: false }), await world.person({ totp: false })];
  const { sid } = await signedIn(world, bob);
  await signedIn(world, eve);
  const { does } = administrator(world.database, { secondFactor: 'by-role', roles: ['admin'], skips: 0 });
  await does.changeRoles(byAdministrator(bob.id), { add: ['admin'], remove: [] });
  await world.app.logouts.tellDue();
  assert.deepEqual(sidsTold(client), [sid]);
});

test('of several sessions at a client it is told of the one that ended; the others go on', async (t) => {
  const { world, client } = await starting(t);
  const ada = await world.person();
  const [one, other] = [await signedIn(world, ada), await signedIn(world, ada)];
  assert.notEqual(one.sid, other.sid);
  await signOut(one.browser);
  await world.app.logouts.tellDue();
  assert.deepEqual(sidsTold(client), [one.sid]);
  assert.ok((await other.browser.authorize({ prompt: 'none' })).code);
  assert.equal((await other.browser.redeem()).claims()?.sid, other.sid, 'and keep their name');
});

test('nobody is told where nothing ended: a question left open, a wish to stay, a session that is over by time', async (t) => {
  const { world, client } = await starting(t);
  const ada = await world.person();
  const { browser } = await signedIn(world, ada);
  await browser.visit('/session/end');
  await browser.submit({ xsrf: String(browser.page.facts.xsrf) });
  await signedIn(world, ada);
  world.travel(2 * 86_400);
  await browser.authorize({ prompt: 'none' });
  assert.equal(browser.callback?.get('error'), 'login_required');
  await world.app.logouts.catchUp();
  await world.app.sweep();
  await world.app.logouts.tellDue();
  assert.deepEqual(client.told, []);
});

test('a client that goes by the person alone is told who, and not which session', async (t) => {
  const client = await logoutClient(t);
  const told = { ...toldAt('told', client.uri), backchannelLogoutSessionRequired: false };
  const world = await startWorld(t, { settings: atHome, clients: [told] });
  const ada = await world.person();
  const { browser } = await signedIn(world, ada);
  await signOut(browser);
  await world.app.logouts.tellDue();
  const said = await saidBy(world, client.told[0]);
  assert.deepEqual([said.sub, said.sid], [ada.id, undefined]);
});

test('a refreshed ID token names the session that it came from', async (t) => {
  const { world } = await starting(t);
  const ada = await world.person();
  const browser = world.browser();
  await browser.authorize({ scope: 'openid offline_access', prompt: 'consent' }, world.party('told'));
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.submit({ code: ada.codeNow() });
  const tokens = await browser.redeem();
  const refreshed = await browser.party.refresh(String(tokens.refresh_token));
  assert.ok(tokens.claims()?.sid);
  assert.equal(claimsOf(refreshed.id_token).sid, tokens.claims()?.sid);
});

test('a session keeps in clear whom to tell and by which word, and only where somebody is told', async (t) => {
  const { world } = await starting(t);
  const ada = await world.person();
  const { browser, sid } = await signedIn(world, ada);
  await browser.authorize({ prompt: 'none' }, world.party('app'));
  const [row] = await rowsOf(world.database, 'Session');
  assert.deepEqual(row?.clients, [{ clientId: 'told', sid }]);
  const silent = await startWorld(t, { database: await openDatabase(t) });
  await signedIn(silent, await silent.person(), 'app');
  assert.equal((await rowsOf(silent.database, 'Session'))[0]?.clients, undefined);
});

test('a client that is told costs a sign-in, and a single sign-on, no command more', async (t) => {
  const client = await logoutClient(t);
  const { database, during } = await watchedDatabase(t);
  const world = await startWorld(t, { settings: atHome, clients: [toldAt('told', client.uri)], database });
  world.travel(0);
  const [ada, eve] = [await world.person(), await world.person()];
  await signedIn(world, await world.person(), 'app');
  const counted = async (person: Person, first: string, second: string) => {
    const once = await during(() => signedIn(world, person, first));
    const { browser } = await signedIn(world, person, first);
    const again = await during(async () => {
      await browser.authorize({ prompt: 'none' }, world.party(second));
      await browser.redeem();
    });
    return [once, again];
  };
  assert.deepEqual(await counted(ada, 'told', 'told'), await counted(eve, 'app', 'app'));
});
