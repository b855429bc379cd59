import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAccount, noticeOf, otherSession, proveAll, sessionsOf } from '../support/account-area.ts';
import { captured, editAccount } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import type { Person } from '../support/person.ts';
import { startWorld, type World } from '../support/world.ts';

/** Somebody who is signed in here and elsewhere, and whose proofs here are as old as given. */
async function signedInTwice(world: World, secondsAgo: number, given: { totp?: boolean } = {}) {
  world.travel(0);
  const person = await world.person(given);
  await inAccount(world, person);
  world.travel(60);
  const browser = await inAccount(world, person);
  world.travel(secondsAgo);
  await browser.visit('/account');
  return { person, browser };
}

const count = async (world: World) => (await rowsOf(world.database, 'Session')).length;
const endOther = (browser: Browser) => browser.press(`end-session ${otherSession(browser).id}`);

test('within five minutes of password and code a change is made at once, after that they are asked for first [check 6, 33]', async (t) => {
  const world = await startWorld(t);
  const fresh = await signedInTwice(world, 299);
  await endOther(fresh.browser);
  assert.deepEqual([fresh.browser.stage, await count(world)], ['security', 1]);

  const { browser, person } = await signedInTwice(world, 300);
  await endOther(browser);
  assert.equal(browser.stage, 'confirm', 'the page says why it asks');
  assert.equal(await count(world), 3);
  await proveAll(browser, person);
  assert.equal(browser.stage, 'go-on', 'what was pressed waits');
  assert.equal(await count(world), 3, 'and nothing was done meanwhile');
  await browser.press('go-on');
  assert.equal(sessionsOf(browser).length, 1);
});

test('every form of the area that changes something is refused without a fresh proof [check 33, 38]', async (t) => {
  const world = await startWorld(t);
  const { browser } = await signedInTwice(world, 301);
  const forms = browser.page.actions.filter(({ method }) => method === 'POST');
  assert.ok(forms.length >= 2);
  const before = await rowsOf(world.database, 'accounts');
  for (const { name, href, fields } of forms) {
    const tab = browser.tab();
    const response = await tab.fetch(captured(browser, href, Object.fromEntries(fields.map((field) => [field, '1']))));
    assert.equal(response.status, 303, name);
    assert.match(response.headers.get('location') ?? '', /^\/auth\?.*&prompt=login&/, name);
  }
  assert.equal(await count(world), 2);
  assert.deepEqual(await rowsOf(world.database, 'accounts'), before);
});

test('half a proof is none: a new password without the code changes nothing', async (t) => {
  const world = await startWorld(t);
  const { browser, person } = await signedInTwice(world, 400);
  const area = browser.tab();
  await area.visit('/account');
  await endOther(browser);
  await browser.submit({ identifier: person.email, password: person.password });
  assert.equal(browser.stage, 'totp');
  await endOther(area);
  assert.notEqual(area.stage, 'security');
  assert.equal(await count(world), 2);
});

/** Writes what the session of this browser was proved by, as another way of signing in would have. */
async function provedBy(world: World, browser: Browser, proofs: readonly object[]): Promise<void> {
  const id = sessionsOf(browser).find(({ current }) => current)?.id;
  await world.database.connection
    .collection<{ _id: string }>('oidc')
    .updateOne({ _id: String(id) }, { $set: { proofs } });
}

test('a remembered device, a rescue, a password alone and an old factor are no fresh proof, however new [check 53]', async (t) => {
  const world = await startWorld(t, { settings: { secondFactor: 'when-enrolled' } });
  const { browser } = await signedInTwice(world, 0);
  const now = new Date();
  const old = new Date(now.getTime() - 6 * 60_000);
  const password = { kind: 'password', amr: ['pwd'], level: '1fa', at: now };
  const factor = { kind: 'totp', factorId: 'f', amr: ['otp', 'mfa'], level: '2fa', at: now };
  const refused = [
    [password, { kind: 'remembered', amr: [], level: 'remembered', at: now }],
    [password, { kind: 'rescue', amr: ['otp'], level: 'recovery', at: now }],
    [password, { ...factor, at: old }],
    [{ ...password, at: old }, factor],
  ];
  for (const proofs of refused) {
    await provedBy(world, browser, proofs);
    const tab = await browser.tab().visit('/account');
    assert.equal(tab.stage, 'security', 'it is a session all the same');
    await endOther(tab);
    assert.notEqual(tab.stage, 'security', JSON.stringify(proofs));
  }
  assert.equal(await count(world), 2);
  await provedBy(world, browser, [password, factor]);
  await endOther(await browser.visit('/account'));
  assert.equal(await count(world), 1);
});

test('whoever has no factor proves the password; from the first factor on, that too', async (t) => {
  const world = await startWorld(t, { settings: { secondFactor: 'when-enrolled' } });
  const { browser, person } = await signedInTwice(world, 60, { totp: false });
  const ada = await world.person();
  const [{ factors } = { factors: [] }] = (await rowsOf(world.database, 'accounts')).filter(
    ({ _id }) => _id === ada.id,
  );
  await editAccount(world, person.id, { $set: { factors } });
  await endOther(browser);
  assert.notEqual(browser.stage, 'security');
  await editAccount(world, person.id, { $set: { factors: [] } });
  await endOther(await browser.visit('/account'));
  assert.deepEqual([browser.stage, await count(world)], ['security', 1]);
});

test('somebody else who answers the proof gets the own account, and the form of the first does nothing there [check 78]', async (t) => {
  const world = await startWorld(t);
  const { browser, person } = await signedInTwice(world, 301);
  const form = captured(browser, `/account/sessions/${otherSession(browser).id}/end`, {});
  const eve: Person = await world.person({ password: 'another walrus in the attic' });
  await endOther(browser);
  const confirming = browser.page.actions.find(({ name }) => name === 'sign-in');
  assert.deepEqual([confirming?.fields, browser.page.account], [['password'], person.email]);
  await browser.post(confirming?.href ?? '', { identifier: eve.email, password: eve.password });
  assert.equal(browser.status, 400, 'whose account it is stands fast');
  await browser.visit(browser.url.pathname.replace(/\/sign-in$/, ''));
  await browser.submit({ password: eve.password });
  assert.deepEqual(browser.errors, ['password_rejected']);
  await browser.authorize({ prompt: 'login' });
  await browser.submit({ identifier: eve.email, password: eve.password });
  await browser.submit({ code: eve.codeNow() });
  await browser.visit('/account');
  assert.deepEqual([browser.stage, browser.page.account], ['security', eve.email]);
  await browser.send(form);
  assert.deepEqual([browser.status, browser.page.code], [403, 'form_old']);
  const left = await rowsOf(world.database, 'Session');
  assert.equal(left.filter(({ accountId }) => accountId === person.id).length, 1, 'the other browser of the first');
});

test('a proof in one tab serves the other, and a second proof in flight still ends well', async (t) => {
  const world = await startWorld(t);
  const { browser, person } = await signedInTwice(world, 301);
  const other = await browser.tab().visit('/account');
  await browser.press('end-others');
  await other.press('end-others');
  await proveAll(browser, person);
  assert.deepEqual([browser.stage, noticeOf(browser)], ['security', 'nothing_waits'], 'one change waits, the newest');
  world.travel(60);
  await proveAll(other, person);
  assert.equal(other.stage, 'go-on');
  await browser.visit('/account');
  await browser.press('end-others');
  assert.equal(await count(world), 1);
});
