import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAccount, noticeOf, sessionsOf } from '../support/account-area.ts';
import { afterPassword, captured, editAccount, eventsOf, spoils, uidOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf, signedInRows } from '../support/database.ts';
import type { Person } from '../support/person.ts';
import { holdNextReader, meetAfterReading } from '../support/race.ts';
import { mailsTo, tabs } from '../support/registration.ts';
import { redeemRaw, userinfoStatus } from '../support/token-endpoint.ts';
import { startWorld, type World } from '../support/world.ts';

const path = '/account/sessions/end-others';

/** The owner, signed in at a relying party and in the account area, with a token of that session. */
async function owning(world: World) {
  world.travel(0);
  const ada = await world.person();
  const owner = await world.browser().signIn(ada);
  const { body } = await redeemRaw(owner);
  world.travel(60);
  return { ada, owner: await owner.visit('/account'), token: body.access_token };
}

/** Everything is proved and the library told; only the last redirect is not followed yet. */
async function parked(world: World, person: Person): Promise<Browser> {
  const browser = await afterPassword(world, person);
  const uid = uidOf(browser);
  await browser.fetch(captured(browser, `/interaction/${uid}/factor`, { code: person.codeNow() }));
  await browser.fetch({ method: 'GET', url: new URL(`/interaction/${uid}`, world.issuer), headers: {} });
  return browser;
}

const isSignedIn = async (browser: Browser) => (await browser.tab().authorize({ prompt: 'none' })).code !== undefined;
const versionOf = async (world: World, id: string) =>
  (await rowsOf(world.database, 'accounts')).find(({ _id }) => _id === id)?.sessionVersion;

test('sign-ins that are parked anywhere die with "Sign out everywhere else", this session and its tokens go on [check 58, 60, 86]', async (t) => {
  const world = await startWorld(t);
  const { ada, owner, token } = await owning(world);
  const told = await parked(world, ada);
  world.travel(60);
  const consenting = await afterPassword(world, ada, { party: world.party('third') });
  await consenting.submit({ code: ada.codeNow() });
  assert.equal(consenting.stage, 'consent');
  world.travel(60);
  const halfway = await afterPassword(world, ada);
  const before = await spoils(world);

  await owner.post(path, {});
  assert.deepEqual([owner.stage, noticeOf(owner)], ['security', 'sessions_ended']);
  await told.visit(`/auth/${uidOf(told)}`);
  assert.deepEqual([told.code, told.stage], [undefined, 'sign-in']);
  await consenting.submit({ decision: 'allow' });
  assert.deepEqual([consenting.code, consenting.stage], [undefined, 'sign-in']);
  await halfway.submit({ code: ada.codeNow() });
  assert.deepEqual([halfway.code, halfway.stage], [undefined, 'sign-in']);
  assert.deepEqual(await spoils(world), before);

  assert.ok(await isSignedIn(owner));
  assert.equal(await userinfoStatus(world.origin, token), 200);
  world.travel(60);
  const later = await world.browser().signIn(ada);
  assert.ok(later.code, 'whoever begins afterwards gets in');
  assert.equal(sessionsOf(await owner.visit('/account')).length, 2);
});

test('a session elsewhere ends with its tokens, and its owner is told by one event and one mail [check 37, 112]', async (t) => {
  const world = await startWorld(t);
  const { ada, owner } = await owning(world);
  const there = await world.browser().signIn(ada);
  const { body } = await redeemRaw(there);
  const mails = mailsTo(world, ada.email);
  await (await owner.visit('/account')).press('end-others');
  assert.equal(await isSignedIn(there), false);
  assert.equal(await userinfoStatus(world.origin, body.access_token), 401);
  assert.equal((await signedInRows(world.database)).length, 1);
  const [event, ...more] = await eventsOf(world, { kind: 'other_sessions_ended' });
  assert.deepEqual([event?.accountId, event?.result, more], [ada.id, 'success', []]);
  assert.equal(mailsTo(world, ada.email), mails + 1);
});

test('of 20 presses at once one ends the others, and the session goes on [check 112]', async (t) => {
  const world = await startWorld(t);
  const { ada, owner } = await owning(world);
  const there = await world.browser().signIn(ada);
  await owner.visit('/account');
  const [version, mails] = [Number(await versionOf(world, ada.id)), mailsTo(world, ada.email)];
  const form = captured(owner, path, {});
  meetAfterReading(t, world.database, { collection: 'accounts', method: 'findOne', readers: 20 });
  const answers = await Promise.all(tabs(owner, 20).map((tab) => tab.fetch(form)));
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [303]);
  assert.equal(await versionOf(world, ada.id), version + 1);
  assert.equal((await eventsOf(world, { kind: 'other_sessions_ended' })).length, 1);
  assert.equal(mailsTo(world, ada.email), mails + 1);
  assert.deepEqual([await isSignedIn(owner), await isSignedIn(there)], [true, false]);
});

test('two sessions that end each other at the same moment: one is left', async (t) => {
  const world = await startWorld(t);
  for (let round = 0; round < 3; round += 1) {
    const { ada, owner } = await owning(world);
    const rival = await inAccount(world, ada);
    const forms = [owner, rival].map((browser) => captured(browser, path, {}));
    await Promise.all([owner, rival].map((browser, n) => browser.tab().fetch(forms[n] ?? assert.fail())));
    const left = [await isSignedIn(owner), await isSignedIn(rival)].filter(Boolean);
    assert.equal(left.length, 1);
  }
});

test('a press that another change came before does nothing and says so; one of a disabled account neither [check 59]', async (t) => {
  const world = await startWorld(t);
  for (const change of [{ $inc: { sessionVersion: 1 } }, { $set: { active: false } }]) {
    const { ada, owner } = await owning(world);
    const form = captured(owner, path, {});
    const held = holdNextReader(t, world.database, {
      collection: 'oidc',
      model: 'Session',
      method: 'findOneAndUpdate',
    });
    const pressed = owner.tab().fetch(form);
    await held.arrived;
    await editAccount(world, ada.id, change);
    const version = await versionOf(world, ada.id);
    held.letGo();
    assert.equal((await pressed).status, 303);
    assert.equal(await versionOf(world, ada.id), version);
    assert.equal((await eventsOf(world, { kind: 'other_sessions_ended', accountId: ada.id })).length, 0);
  }
});

test('a sign-in whose last redirect races with the press is no session afterwards, whoever comes first [check 86]', async (t) => {
  const world = await startWorld(t);
  for (let round = 0; round < 3; round += 1) {
    const { ada, owner } = await owning(world);
    const told = await parked(world, ada);
    const form = captured(owner, path, {});
    await Promise.all([told.visit(`/auth/${uidOf(told)}`), owner.tab().fetch(form)]);
    assert.equal(await isSignedIn(told), false, `${round}`);
    assert.ok(await isSignedIn(owner));
  }
});
