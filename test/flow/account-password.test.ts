import assert from 'node:assert/strict';
import { test } from 'node:test';
import argon2 from 'argon2';
import { inAccount, noticeOf, proveAll } from '../support/account-area.ts';
import { accountRow, afterPassword, captured, editAccount, eventsOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf, signedInRows } from '../support/database.ts';
import type { Person } from '../support/person.ts';
import { holdNextReader, meetAfterReading } from '../support/race.ts';
import { mailsTo, tabs } from '../support/registration.ts';
import { deviceRows, remembered } from '../support/remembered.ts';
import { redeemRaw, userinfoStatus } from '../support/token-endpoint.ts';
import { startWorld, type World } from '../support/world.ts';

const path = '/account/password';
const fresh = 'seven quiet otters swim';

async function hashOf(world: World, { id }: Person): Promise<string> {
  const row = (await rowsOf(world.database, 'accounts')).find(({ _id }) => _id === id);
  return String(row?.passwordHash);
}

const has = async (world: World, ada: Person, password: string) => argon2.verify(await hashOf(world, ada), password);

/** Ada in the account area, who has just proved everything, at the page of a new password. */
async function atPassword(t: Parameters<typeof startWorld>[0], options: Parameters<typeof startWorld>[1] = {}) {
  const world = await startWorld(t, options);
  world.travel(0);
  const ada = await world.person();
  const browser = await inAccount(world, ada);
  await browser.press('change-password');
  return { world, ada, browser };
}

const change = (browser: Browser, current: string, password = fresh) => browser.submit({ current, password });

test('whoever gives the current password has a new one; the browser stays signed in, everything else ends, and the owner is told [check 6]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const there = await remembered(world.browser(), ada);
  const { body } = await redeemRaw(there);
  world.travel(60);
  const halfway = await afterPassword(world, ada);
  const browser = await inAccount(world, ada);
  assert.equal(await deviceRows(world).countDocuments(), 1);
  const before = await accountRow(world, ada.id);
  const mails = mailsTo(world, ada.email);

  await browser.press('change-password');
  assert.deepEqual(
    [browser.stage, browser.page.facts, browser.page.account],
    ['change-password', { passwordMin: 8 }, ada.email],
  );
  await change(browser, ada.password);
  assert.deepEqual([browser.stage, noticeOf(browser)], ['security', 'password_changed']);
  assert.deepEqual([await has(world, ada, fresh), await has(world, ada, ada.password)], [true, false]);

  const after = (await accountRow(world, ada.id)) as { sessionVersion?: number; securityVersion?: number };
  const read = before as { sessionVersion?: number; securityVersion?: number };
  assert.equal(after.sessionVersion, Number(read.sessionVersion) + 1);
  assert.equal(after.securityVersion, Number(read.securityVersion) + 1, 'remembered devices end');
  assert.equal((await browser.visit('/account')).stage, 'security', 'this browser goes on');
  assert.equal((await signedInRows(world.database)).length, 1);
  assert.equal((await there.visit('/account')).stage, 'sign-in');
  assert.equal(await userinfoStatus(world.origin, body.access_token), 401);
  world.travel(60);
  await halfway.submit({ code: ada.codeNow() });
  assert.deepEqual(
    [halfway.code, halfway.stage],
    [undefined, 'sign-in'],
    'a sign-in under way was begun with the old one',
  );

  const [event, ...more] = await eventsOf(world, { kind: 'password_changed' });
  assert.deepEqual([event?.accountId, event?.result, more], [ada.id, 'success', []]);
  assert.equal(mailsTo(world, ada.email), mails + 1);
  assert.match(world.lastMailTo(ada.email), /password of your .* account was changed/);
  assert.ok(!world.logged.join('').includes(fresh));
});

test('from then on the new password signs in, and the old one does not', async (t) => {
  const { world, ada, browser } = await atPassword(t);
  await change(browser, ada.password);
  world.travel(60);
  const other = await world.browser().authorize();
  await other.submit({ identifier: ada.email, password: ada.password });
  assert.deepEqual(other.errors, ['password_rejected']);
  await other.submit({ identifier: ada.email, password: fresh });
  await other.submit({ code: ada.codeNow() });
  assert.ok(other.code);
});

test('nothing is changed by a proof that is older than five minutes; passwords do not wait for the new one [check 6]', async (t) => {
  const { world, ada, browser } = await atPassword(t);
  const form = captured(browser, path, { current: ada.password, password: fresh });
  world.travel(301);
  assert.equal((await browser.tab().fetch(form)).status, 303);
  assert.ok(await has(world, ada, ada.password));
  await browser.visit(path);
  assert.deepEqual([browser.stage, browser.page.facts.change], ['confirm', 'change_password']);
  await proveAll(browser, ada);
  assert.deepEqual([browser.stage, browser.url.pathname], ['change-password', path]);
  await change(browser, ada.password);
  assert.ok(await has(world, ada, fresh));
});

test('a mailed code is not enough where an app is set up', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ ways: ['email', 'totp'] });
  const browser = await world.browser().visit('/account');
  await browser.submit({ identifier: ada.email, password: ada.password });
  assert.equal(browser.stage, 'email');
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  assert.equal(browser.stage, 'security');
  const form = captured(browser, path, { current: ada.password, password: fresh });
  await browser.tab().fetch(form);
  assert.ok(await has(world, ada, ada.password));
  await browser.visit(path);
  assert.equal(browser.stage, 'confirm');
});

const refused: readonly (readonly [string, string, readonly string[]])[] = [
  ['', '', ['missing', 'missing']],
  ['', fresh, ['missing']],
  ['a walrus in the attic', '', ['missing']],
  ['a walrus in the attic', 'kq7#vRw', ['password_short']],
  ['a walrus in the attic', 'password123', ['password_common']],
  ['a walrus in the attic', 'abcabcabcabc', ['password_regular']],
  ['a walrus in the attic', 'a walrus in the attic', ['password_same']],
];

test('a new password goes by the rules of registration, and what does not is no guess at the current one', async (t) => {
  const { world, ada, browser } = await atPassword(t);
  for (const [current, password, errors] of refused) {
    await change(browser, current, password);
    assert.deepEqual([browser.status, browser.stage, browser.errors], [422, 'change-password', errors], password);
    assert.ok(!browser.text.includes('walrus'), 'nothing typed comes back');
  }
  await change(browser, 'a walrus in the attic', ada.email);
  assert.deepEqual(browser.errors, ['password_own']);
  assert.ok(await has(world, ada, ada.password));
  const { browsers, password } = (await accountRow(world, ada.id)).guesses as Record<string, object>;
  assert.deepEqual([browsers, (password as { failures?: number }).failures], [{}, 0]);
  assert.deepEqual(await eventsOf(world, { kind: 'password', result: 'failure' }), []);
});

test('an accent typed on two keyboards is the same password', async (t) => {
  const { world, ada, browser } = await atPassword(t);
  await change(browser, ada.password, 'sept e\u0301le\u0301phants gris');
  assert.equal(noticeOf(browser), 'password_changed');
  await browser.press('change-password');
  await change(browser, 'sept éléphants gris', 'sept e\u0301le\u0301phants gris');
  assert.deepEqual(browser.errors, ['password_same']);
  await change(browser, 'sept éléphants gris');
  assert.ok(await has(world, ada, fresh));
});

test('guesses at the current password are those of a sign-in: after five the right one waits, too, and the clock lets it go on [check 13]', async (t) => {
  const { world, ada, browser } = await atPassword(t);
  for (let n = 0; n < 5; n += 1) {
    await change(browser, `not it at all ${n}`);
    assert.deepEqual([browser.status, browser.errors], [422, ['current_rejected']]);
  }
  await change(browser, ada.password);
  assert.deepEqual(browser.errors, ['current_rejected'], 'told as a wrong one is');
  assert.ok(await has(world, ada, ada.password));
  const details = (await eventsOf(world, { kind: 'password' })).map(({ result, detail }) => [result, detail]);
  assert.deepEqual(details, [...Array.from({ length: 5 }, () => ['failure', 'wrong']), ['failure', 'waiting']]);
  world.travel(61);
  await change(browser, ada.password);
  assert.ok(await has(world, ada, fresh));
  const { guesses } = await accountRow(world, ada.id);
  assert.deepEqual([guesses.password.failures, (guesses as { browsers?: object }).browsers], [0, {}], 'given back');
});

test('strangers who used up the day shut the owner out of it no more than of a sign-in: this browser is known', async (t) => {
  const { world, ada, browser } = await atPassword(t);
  const endsAt = new Date(Date.now() + 86_400_000);
  await editAccount(world, ada.id, { $set: { 'guesses.password': { failures: 300, endsAt, networks: [] } } });
  await change(browser, ada.password);
  assert.equal(noticeOf(browser), 'password_changed');
});

test('of 50 wrong ones at once five are judged [check 13]', async (t) => {
  const { world, browser } = await atPassword(t);
  const form = captured(browser, path, { current: 'not it at all', password: fresh });
  await Promise.all(tabs(browser, 50).map((tab) => tab.fetch(form)));
  const details = (await eventsOf(world, { kind: 'password', result: 'failure' })).map(({ detail }) => detail);
  assert.equal(details.filter((detail) => detail === 'wrong').length, 5);
  assert.ok(details.length > 5);
});

test('wrong ones are charged to their client address as those of a sign-in are', async (t) => {
  const limits = {
    ...{ failureSeconds: 600, wrongPasswords: 3, wrongCodes: 100, wrongClientSecrets: 100 },
    ...{ registrationsPerHour: 100, takenUsernamesPerHour: 100, authorizationsPerMinute: 1_000 },
  };
  const { world, ada, browser } = await atPassword(t, { settings: { addressLimits: limits } });
  for (let n = 0; n < 3; n += 1) await change(browser, 'not it at all', 'kq7#vRw');
  await change(browser, ada.password, 'kq7#vRw');
  assert.equal(browser.status, 422, 'what was not judged is not charged');
  for (let n = 0; n < 3; n += 1) await change(browser, `not it at all ${n}`);
  await change(browser, ada.password);
  assert.deepEqual([browser.status, browser.errors], [429, ['network']]);
  assert.ok(await has(world, ada, ada.password));
});

test('of 20 changes at once one wins, and it is told once', async (t) => {
  const { world, ada, browser } = await atPassword(t);
  const mails = mailsTo(world, ada.email);
  const forms = Array.from({ length: 20 }, (_, n) =>
    captured(browser, path, { current: ada.password, password: `${fresh} no ${n}` }),
  );
  meetAfterReading(t, world.database, { collection: 'accounts', method: 'findOne', readers: 20 });
  const browsers = tabs(browser, 20);
  const answers = await Promise.all(browsers.map((tab, n) => tab.fetch(forms[n] ?? assert.fail())));
  assert.ok(answers.every(({ status }) => [303, 422].includes(status)));
  const hash = await hashOf(world, ada);
  const right = await Promise.all(forms.map((_, n) => argon2.verify(hash, `${fresh} no ${n}`)));
  assert.equal(right.filter(Boolean).length, 1);
  assert.equal((await eventsOf(world, { kind: 'password_changed' })).length, 1);
  assert.equal(mailsTo(world, ada.email), mails + 1);
  assert.equal((await browser.visit('/account')).stage, 'security');
});

test('a change that another one came before does nothing and says so; one of a disabled account neither', async (t) => {
  for (const edit of [{ $inc: { sessionVersion: 1 } }, { $set: { active: false } }]) {
    const { world, ada, browser } = await atPassword(t);
    const form = captured(browser, path, { current: ada.password, password: fresh });
    const held = holdNextReader(t, world.database, {
      collection: 'oidc',
      model: 'Session',
      method: 'findOneAndUpdate',
    });
    const sent = browser.tab().fetch(form);
    await held.arrived;
    await editAccount(world, ada.id, edit);
    held.letGo();
    assert.equal((await sent).status, 303);
    assert.ok(await has(world, ada, ada.password));
    assert.deepEqual(await eventsOf(world, { kind: 'password_changed' }), []);
  }
});

test('the address that password managers know leads there, in this spelling alone', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const { status, headers } = await world.ask({ target: '/.well-known/change-password' });
  assert.deepEqual([status, headers.location], [302, path]);
  const browser = await world.browser().visit('/.well-known/change-password');
  await proveAll(browser, ada);
  assert.deepEqual([browser.stage, browser.url.pathname], ['change-password', path]);
  for (const target of [
    ...['/.well-known/change-password/', '/.Well-Known/change-password', '/.well-known/Change-Password'],
    ...['/.well-known/', '/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200'],
  ])
    assert.equal((await world.ask({ target })).status, 404, target);
});
