import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAccount, noticeOf, proveAll } from '../support/account-area.ts';
import { captured, eventsOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import type { Person } from '../support/person.ts';
import { meetAfterReading } from '../support/race.ts';
import { redeemRaw, refreshRaw, userinfoStatus } from '../support/token-endpoint.ts';
import { startWorld, type World } from '../support/world.ts';

const offline = { scope: 'openid email offline_access', prompt: 'consent' };

interface ShownApplication {
  readonly id: string;
  readonly clientId: string;
  readonly name: string;
  readonly firstParty: boolean;
  readonly scopes: readonly string[];
  readonly since: string;
  readonly lastUsedAt?: string;
}

const shownAt = (browser: Browser) => browser.page.facts.applications as readonly ShownApplication[];

async function opened(browser: Browser): Promise<readonly ShownApplication[]> {
  await browser.visit('/account/applications');
  assert.equal(browser.stage, 'applications', browser.text.slice(0, 300));
  return shownAt(browser);
}

async function found(browser: Browser, clientId: string): Promise<ShownApplication> {
  const application = (await opened(browser)).find((each) => each.clientId === clientId);
  return application ?? assert.fail(`no ${clientId}`);
}

/** Signs in here, at a client of somebody else, allows what it asks for, and has its tokens. */
async function allowed(world: World, ada: Person, browser = world.browser()) {
  await browser.authorize(offline, world.party('third'));
  await proveAll(browser, ada);
  assert.equal(browser.stage, 'consent');
  await browser.submit({ decision: 'allow' });
  const { body } = await redeemRaw(browser);
  return { browser, tokens: body };
}

/** One person: at a client of somebody else, at one of our own, and in the account area. */
async function ofThree(world: World) {
  world.travel(0);
  const ada = await world.person({ username: 'ada' });
  const { browser: there, tokens } = await allowed(world, ada);
  world.travel(60);
  const own = await world.browser().signIn(ada, { scope: 'openid email' });
  const { body: ownTokens } = await redeemRaw(own);
  world.travel(60);
  return { ada, there, tokens, own, ownTokens, here: await inAccount(world, ada) };
}

test('the page tells each app that was allowed something or signed in to, the last used first, and nothing of anybody else', async (t) => {
  const world = await startWorld(t);
  const eve = await world.person();
  await allowed(world, eve);
  const began = Date.now();
  const { here } = await ofThree(world);
  await here.press('applications');
  assert.equal(here.stage, 'applications');
  const told = shownAt(here).map(({ id: _id, since: _since, lastUsedAt: _last, ...rest }) => rest);
  assert.deepEqual(told, [
    {
      ...{ clientId: 'app', name: 'Example app', firstParty: true },
      scopes: ['openid', 'profile', 'email', 'offline_access'],
    },
    { clientId: 'third', name: 'Third app', firstParty: false, scopes: ['openid', 'email', 'offline_access'] },
  ]);
  for (const { since, lastUsedAt = '' } of shownAt(here)) {
    assert.ok(Date.parse(since) >= began - 1000 && Date.parse(since) <= Date.now(), since);
    assert.ok(Date.parse(lastUsedAt) >= began - 1000 && Date.parse(lastUsedAt) <= Date.now(), lastUsedAt);
  }
  assert.equal(here.page.facts.named, true);
  assert.doesNotMatch(here.text, /secret|payload|grantId|sealed/i);
});

test('whoever has used no app is told so', async (t) => {
  const world = await startWorld(t);
  const here = await inAccount(world, await world.person());
  assert.deepEqual(await opened(here), [], 'the account area is none');
  assert.deepEqual(
    here.page.actions.map(({ name }) => name),
    ['back'],
  );
});

test('an app that is removed loses its tokens and has to ask again; nothing else is touched', async (t) => {
  const world = await startWorld(t);
  const { ada, there, tokens, own, ownTokens, here } = await ofThree(world);
  const eve = await allowed(world, await world.person());
  assert.equal(await userinfoStatus(world.origin, tokens.access_token), 200);
  const { id } = await found(here, 'third');
  await here.press(`revoke ${id}`);
  assert.deepEqual([here.stage, noticeOf(here)], ['applications', 'application_revoked']);
  assert.deepEqual(
    shownAt(here).map(({ clientId }) => clientId),
    ['app', 'third'],
    'that it was signed in to is no secret',
  );
  assert.ok(!here.page.actions.some(({ name }) => name === `revoke ${id}`), 'there is nothing left to take');

  assert.equal(await userinfoStatus(world.origin, tokens.access_token), 401);
  assert.equal((await refreshRaw(there, tokens.refresh_token)).body.error, 'invalid_grant');
  assert.equal(await userinfoStatus(world.origin, ownTokens.access_token), 200);
  assert.equal(await userinfoStatus(world.origin, eve.tokens.access_token), 200);
  assert.equal((await refreshRaw(eve.browser, eve.tokens.refresh_token)).status, 200);

  await there.authorize({ prompt: 'none' }, world.party('third'));
  assert.equal(there.callback?.get('error'), 'consent_required');
  await own.authorize({ prompt: 'none' }, world.party('app'));
  assert.ok(own.code, 'whoever is signed in stays so');
  await there.authorize({ scope: 'openid email' }, world.party('third'));
  assert.equal(there.stage, 'consent', 'without a proof anew');
  await there.submit({ decision: 'allow' });
  const { body } = await redeemRaw(there);
  assert.equal(await userinfoStatus(world.origin, body.access_token), 200, 'and then it is good again');

  const [event, ...more] = await eventsOf(world, { kind: 'application_revoked' });
  assert.deepEqual(more, []);
  assert.deepEqual([event?.accountId, event?.clientId, event?.result], [ada.id, 'third', 'success']);
  assert.match(world.lastMailTo(ada.email), /An app that could use your Twofold account was removed/);
});

test('one of our own is removed like any other, and comes back without asking, with nothing of before', async (t) => {
  const world = await startWorld(t);
  const { own, ownTokens, here } = await ofThree(world);
  const { id } = await found(here, 'app');
  await here.press(`revoke ${id}`);
  assert.equal(await userinfoStatus(world.origin, ownTokens.access_token), 401);
  await own.authorize({ prompt: 'none' }, world.party('app'));
  const { body } = await redeemRaw(own);
  assert.equal(await userinfoStatus(world.origin, body.access_token), 200);
  await here.press('back');
  await here.visit('/account/applications');
  await here.press(`revoke ${id}`);
  assert.equal(noticeOf(here), 'application_revoked', 'as often as it comes back');
  assert.equal(await userinfoStatus(world.origin, body.access_token), 401);
  await own.authorize({ prompt: 'none' }, world.party('app'));
  assert.equal((await redeemRaw(own)).status, 200);
});

test('removing an app asks for a proof of the last five minutes, and goes on by itself after it', async (t) => {
  const world = await startWorld(t);
  const { ada, here, tokens } = await ofThree(world);
  const { id } = await found(here, 'third');
  world.travel(301);
  await here.press(`revoke ${id}`);
  assert.equal(here.stage, 'confirm');
  assert.equal(here.page.facts.change, 'revoke_application');
  assert.equal(await userinfoStatus(world.origin, tokens.access_token), 200, 'nothing has happened yet');
  await proveAll(here, ada);
  assert.equal(here.stage, 'go-on');
  await here.press('go-on');
  assert.deepEqual([here.stage, noticeOf(here)], ['applications', 'application_revoked']);
  assert.equal(await userinfoStatus(world.origin, tokens.access_token), 401);
});

test("nobody removes another person's app, whatever id they send, and a form from elsewhere removes none [check 38, 116]", async (t) => {
  const world = await startWorld(t);
  const { here, tokens } = await ofThree(world);
  const { id } = await found(here, 'third');
  const eve = await inAccount(world, await world.person());
  for (const sent of [id, 'third', 'x', '%00', '[$ne]', 'a'.repeat(2000)]) {
    await eve.visit('/account/applications');
    await eve.post(`/account/applications/${sent}/revoke`, {});
    assert.ok(eve.status < 500, sent);
  }
  const path = `/account/applications/${id}/revoke`;
  const form = captured(here, path, {});
  const refusals = [
    { ...form, body: '' },
    { ...form, body: captured(eve, path, {}).body },
    { ...form, headers: { ...form.headers, origin: 'https://evil.example' } },
    { ...form, headers: { ...form.headers, 'sec-fetch-site': 'cross-site' } },
  ];
  for (const refused of refusals) assert.equal((await here.fetch(refused)).status, 403);
  const gone = await here.fetch({ method: 'GET', url: new URL(path, world.issuer), headers: {} });
  assert.deepEqual([gone.status, gone.headers.get('location')], [303, '/account/applications']);
  assert.equal(await userinfoStatus(world.origin, tokens.access_token), 200);
  assert.deepEqual(await eventsOf(world, { kind: 'application_revoked' }), []);
});

test('of 20 who remove the same app at once one did [check 112]', async (t) => {
  const world = await startWorld(t);
  const { here } = await ofThree(world);
  const { id } = await found(here, 'third');
  for (const events of [1, 2]) {
    const form = captured(here, `/account/applications/${id}/revoke`, {});
    // Whoever reads the account after the first one has removed it finishes what may have been cut off.
    const readers = { collection: 'accounts', method: 'findOne', readers: 20 } as const;
    meetAfterReading(t, world.database, readers);
    await Promise.all(Array.from({ length: 20 }, () => here.fetch(form)));
    assert.equal((await eventsOf(world, { kind: 'application_revoked' })).length, events);
    const there = here.tab();
    await there.authorize({ scope: 'openid email' }, world.party('third'));
    await there.submit({ decision: 'allow' });
    assert.ok(there.code);
  }
});

test('what a request in flight saves after an app was removed is worth nothing: no code, no refresh, no silent sign-in', async (t) => {
  const world = await startWorld(t);
  const { there, tokens, here } = await ofThree(world);
  await there.authorize({ scope: 'openid email' }, world.party('third'));
  assert.ok(there.code);
  const rows = world.database.connection.collection('oidc');
  const kept = { model: { $in: ['Grant', 'RefreshToken', 'AuthorizationCode'] } };
  const saved = await rows.find(kept).toArray();
  const { id } = await found(here, 'third');
  await here.press(`revoke ${id}`);
  await rows.deleteMany(kept);
  await rows.insertMany(saved);
  assert.equal((await redeemRaw(there)).body.error, 'invalid_grant');
  assert.equal((await refreshRaw(there, tokens.refresh_token)).body.error, 'invalid_grant');
  assert.equal(await userinfoStatus(world.origin, tokens.access_token), 401);
  await there.authorize({ prompt: 'none' }, world.party('third'));
  assert.equal(there.callback?.get('error'), 'consent_required');
});

test('the last use costs a sign-in nothing: a new grant tells it, one in use is told once a day, a refresh by its token', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const browser = await world.browser().authorize(offline, world.party('third'));
  await browser.submit({ identifier: ada.email, password: ada.password, stay: 'yes' });
  await browser.submit({ code: ada.codeNow() });
  await browser.submit({ decision: 'allow' });
  const { body: first } = await redeemRaw(browser);
  const used = async () => {
    const { lastUsedAt = '' } = await found(browser.tab(), 'third');
    return Math.floor(Date.parse(lastUsedAt) / 1000);
  };
  const grants = async () => JSON.stringify(await rowsOf(world.database, 'Grant'));
  const at = Math.floor(Date.now() / 1000);
  assert.equal(await used(), at);

  world.travel(3600);
  const before = await grants();
  await browser.authorize({ prompt: 'none', scope: 'openid email' }, world.party('third'));
  assert.ok(browser.code);
  assert.equal(await grants(), before, 'the same day nothing is written for it');

  world.travel(86_400 - 3600);
  await browser.authorize({ prompt: 'none', scope: 'openid email' }, world.party('third'));
  assert.ok(browser.code);
  assert.equal(await used(), at + 86_400);

  world.travel(1800);
  assert.equal((await refreshRaw(browser, first.refresh_token)).status, 200);
  assert.equal(await used(), at + 86_400 + 1800);
});

test('an app that is registered no more is told by its id, and can be removed', async (t) => {
  const world = await startWorld(t);
  const { here } = await ofThree(world);
  for (const name of ['consents', 'oidc'])
    await world.database.connection.collection(name).updateMany({ clientId: 'third' }, { $set: { clientId: 'a.b~c' } });
  const gone = await found(here, 'a.b~c');
  assert.deepEqual([gone.name, gone.firstParty], ['a.b~c', false]);
  assert.deepEqual([...gone.scopes].sort(), ['email', 'offline_access', 'openid']);
  await here.press(`revoke ${gone.id}`);
  assert.equal(noticeOf(here), 'application_revoked');
  assert.equal((await rowsOf(world.database, 'consents')).length, 0);
});
