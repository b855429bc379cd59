import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mongoAccounts } from '../../src/storage/accounts.ts';
import { accountRow, captured, eventsOf, nothing, spoils, uidOf } from '../support/attack.ts';
import { rowsOf, signedInRows } from '../support/database.ts';
import { chooseWay, offers } from '../support/mail-ways.ts';
import { codeOf, type Person } from '../support/person.ts';
import { mailsTo, otherCode, unlike } from '../support/registration.ts';
import { atLost, atRescue, knownBrowser, setUpApp } from '../support/rescued.ts';
import { redeemRaw, refreshRaw } from '../support/token-endpoint.ts';
import { startWorld, type World } from '../support/world.ts';

async function accountOf(world: World, { id }: Person) {
  return (await mongoAccounts(world.database).find(id)) ?? assert.fail('no account');
}

test('a code by mail lets in once, in the place of a lost phone, and ends in a new way: told as recovery, the next as what it is [check 44] [check 70]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ recovery: 3 });
  const browser = await knownBrowser(world, ada);
  await atLost(browser, ada);
  const masked = `${ada.email.slice(0, 1)}***@example.com`;
  assert.deepEqual([browser.stage, browser.page.facts], ['lost', { sentTo: masked }]);
  const before = mailsTo(world, ada.email);
  await browser.reload();
  assert.equal(mailsTo(world, ada.email), before, 'to look at the page sends nothing');
  await browser.press('rescue');
  assert.deepEqual(
    [browser.stage, browser.page.facts.sentTo, mailsTo(world, ada.email)],
    ['rescue', masked, before + 1],
  );
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  assert.deepEqual(await spoils(world), nothing, 'nobody is in before the new way is there');
  const secret = await setUpApp(browser);
  const claims = (await browser.redeem()).claims();
  assert.deepEqual([claims?.acr, claims?.amr], ['urn:twofold:recovery', ['pwd', 'otp']]);
  assert.equal(browser.recoveryCodes.length, 10, 'recovery codes in the place of those from before');
  const account = await accountOf(world, ada);
  assert.deepEqual(
    account.factors.map(({ kind }) => kind),
    ['totp'],
  );
  assert.equal(account.mailboxUses?.rescue?.address, ada.email);

  world.travel(120);
  const next = await world.browser().authorize();
  await next.submit({ identifier: ada.email, password: ada.password });
  await next.submit({ code: ada.codeNow() });
  assert.deepEqual(next.errors, ['code_rejected'], 'the lost app opens nothing');
  await next.submit({ code: codeOf(secret) });
  const later = (await next.redeem()).claims();
  assert.deepEqual([later?.acr, later?.amr], ['urn:twofold:2fa', ['pwd', 'otp', 'mfa']]);
});

test('what a rescue ends: sessions, tokens, recovery codes, codes under way and remembered devices [check 51]', async (t) => {
  const world = await startWorld(t, { settings: { rememberDevice: { ...rememberAll } } });
  world.travel(0);
  const ada = await world.person({ recovery: 3, ways: ['totp', 'sms'] });
  const elsewhere = world.browser();
  await elsewhere.authorize({ scope: 'openid offline_access', prompt: 'consent' });
  await elsewhere.submit({ identifier: ada.email, password: ada.password });
  await elsewhere.submit({ code: ada.codeNow(), remember: 'yes' });
  const { body } = await redeemRaw(elsewhere);
  world.travel(60);
  const parked = await world.browser().authorize();
  await parked.submit({ identifier: ada.email, password: ada.password });
  await chooseWay(parked, 'sms');
  const before = await accountOf(world, ada);

  const browser = await atRescue(elsewhere.tab(), ada, { prompt: 'login' });
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  assert.equal(browser.stage, 'enrol-totp');
  const after = await accountOf(world, ada);
  assert.deepEqual(
    [after.sessionVersion, after.securityVersion, after.recovery],
    [before.sessionVersion + 1, before.securityVersion + 1, undefined],
  );
  assert.deepEqual(await signedInRows(world.database), []);
  assert.equal((await refreshRaw(elsewhere, body.refresh_token)).body.error, 'invalid_grant');
  await parked.submit({ code: world.codeTextedTo(ada.phone) });
  assert.equal(parked.stage, 'sign-in');
  const stale = await elsewhere.tab().authorize({ prompt: 'login' });
  await stale.submit({ identifier: ada.email, password: ada.password });
  assert.equal(stale.code, undefined, 'the remembered device is asked');
});
const rememberAll = { days: 30, exceptRoles: [] };

test('every mailbox of the owner is told, and the record has it [check 44] [check 112]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ ways: ['totp', 'email'] });
  const factors = { 'factors.$[way].data.destination': 'ada.at.work@example.org' };
  await world.database.connection
    .collection<{ _id: string }>('accounts')
    .updateOne({ _id: ada.id }, { $set: factors }, { arrayFilters: [{ 'way.kind': 'email' }] });
  const browser = await atRescue(await knownBrowser(world, ada), ada);
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  for (const address of [ada.email, 'ada.at.work@example.org'])
    assert.match(world.lastMailTo(address), /asked to get in without the usual ways/, address);
  const [event, ...more] = await eventsOf(world, { kind: 'rescue_used' });
  assert.deepEqual([event?.accountId, event?.detail, event?.result, more.length], [ada.id, 'mail', 'success', 0]);
});

test('in a browser that never signed in to the account there is none, unless the installation says so [check 44]', async (t) => {
  const world = await startWorld(t);
  const [ada, eve] = [await world.person(), await world.person()];
  const strange = await atLost(world.browser(), ada);
  assert.deepEqual([strange.stage, strange.page.facts], ['lost', { closed: 'unknown-browser' }]);
  const before = mailsTo(world, ada.email);
  for (const [path, fields] of [
    ['factor/lost/code', {}],
    ['factor/way', { way: 'rescue' }],
  ] as const)
    await strange.tab().send(captured(strange, `/interaction/${uidOf(strange)}/${path}`, fields));
  assert.equal(mailsTo(world, ada.email), before);
  const known = await knownBrowser(world, eve);
  const others = await atLost(known, ada);
  assert.equal(others.page.facts.closed, 'unknown-browser', "known to somebody else's account");
});

test('switched so, any browser will do; switched off, there is none', async (t) => {
  const open = await startWorld(t, { settings: { rescue: { ...anywhere } } });
  const ada = await open.person();
  const browser = await atRescue(open.browser(), ada);
  await browser.submit({ code: open.codeMailedTo(ada.email) });
  assert.equal(browser.stage, 'enrol-totp');
  const { database } = open;
  const off = await startWorld(t, { database, settings: { rescue: { ...anywhere, byMail: false } } });
  const eve = await off.person();
  const closed = await off.browser().authorize();
  await closed.submit({ identifier: eve.email, password: eve.password });
  assert.equal(
    closed.page.actions.find(({ name }) => name === 'lost'),
    undefined,
  );
  await closed.send(captured(closed, `/interaction/${uidOf(closed)}/factor/lost/code`, {}));
  assert.equal(closed.stage, 'totp');
  assert.equal(mailsTo(off, eve.email), 0);
});
const anywhere = { byMail: true, needsKnownBrowser: false, exceptRoles: ['admin'], administrators: [] };

test('administrators are not rescued by mail, also where the role came while the code was under way [check 44]', async (t) => {
  const world = await startWorld(t, { settings: { rescue: anywhere } });
  const ada = await world.person();
  const browser = await atRescue(world.browser(), ada);
  await world.database.connection
    .collection<{ _id: string }>('accounts')
    .updateOne({ _id: ada.id }, { $set: { roles: ['admin'] } });
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  assert.equal(browser.stage, 'totp');
  assert.equal((await accountRow(world, ada.id)).factors.length, 1);
  const again = await world.browser().authorize();
  await again.submit({ identifier: ada.email, password: ada.password });
  assert.equal(
    again.page.actions.find(({ name }) => name === 'lost'),
    undefined,
  );
});

test('it is never asked unless it was chosen, and no list of ways has it', async (t) => {
  const world = await startWorld(t, { settings: { rescue: anywhere } });
  const ada = await world.person({ ways: ['totp', 'sms'], recovery: 2 });
  const browser = await world.browser().authorize();
  await browser.submit({ identifier: ada.email, password: ada.password });
  assert.equal(browser.stage, 'totp');
  assert.ok(!offers(browser).some(({ kind }) => kind === 'rescue'));
  await browser.press('choose');
  assert.ok(!offers(browser).some(({ kind }) => kind === 'rescue'));
  await browser.send(captured(browser, `/interaction/${uidOf(browser)}/factor/way`, { way: 'rescue' }));
  assert.equal(browser.stage, 'totp');
  assert.equal(mailsTo(world, ada.email), 0);
  await browser.press('lost');
  await browser.press('rescue');
  await browser.press('choose');
  await browser.submit({ way: offers(browser).find(({ kind }) => kind === 'totp')?.id ?? '' });
  await browser.submit({ code: ada.codeNow() });
  assert.ok(browser.code, 'whoever finds the phone after all goes on with it');
});

test('wrong codes share the one budget of all second factors; a right one gives it back [check 42]', async (t) => {
  const world = await startWorld(t, { settings: { rescue: anywhere } });
  world.travel(0);
  const ada = await world.person();
  const browser = await atRescue(world.browser(), ada);
  const code = world.codeMailedTo(ada.email);
  await browser.submit({ code: 'x' });
  assert.deepEqual([browser.errors, browser.page.facts.triesLeft], [['code_shape'], 5]);
  for (const n of [1, 2]) await browser.submit({ code: otherCode(code, n) });
  assert.deepEqual([browser.status, browser.errors, browser.page.facts.triesLeft], [422, ['code_rejected'], 3]);
  assert.equal((await accountRow(world, ada.id)).guesses.secondFactor.failures, 2);
  const sent = (await rowsOf(world.database, 'attempts')).map(({ deliveredCode }) => deliveredCode);
  assert.equal((sent[0] as { readonly tries: number }).tries, 2, 'the code itself has had two tries');
  await chooseWay(browser, 'totp');
  await browser.submit({ code: ada.wrongCode() });
  assert.equal(browser.page.facts.triesLeft, 2, 'another way gives none back');
  await browser.press('lost');
  await browser.press('rescue');
  assert.equal(browser.page.facts.triesLeft, 2);
  await browser.submit({ code });
  assert.equal(browser.stage, 'enrol-totp');
  assert.equal((await accountRow(world, ada.id)).guesses.secondFactor.failures, 0);
});

test('while the second factor is locked no code is sent and none is judged [check 42]', async (t) => {
  const world = await startWorld(t, { settings: { rescue: anywhere } });
  world.travel(0);
  const ada = await world.person();
  const lockedUntil = new Date(Date.now() + 900_000);
  await world.database.connection
    .collection<{ _id: string }>('accounts')
    .updateOne({ _id: ada.id }, { $set: { 'guesses.secondFactor': { failures: 10, lockedUntil } } });
  const browser = await atRescue(world.browser(), ada);
  assert.deepEqual([mailsTo(world, ada.email), browser.page.facts.secondsLocked], [0, 900]);
  assert.ok(!browser.page.actions.some(({ name }) => name === 'factor'));
});

test('the code is for this and nothing else: no code of a sign-in rescues, and this one signs nobody in [check 27]', async (t) => {
  const world = await startWorld(t, { settings: { rescue: anywhere } });
  world.travel(0);
  const ada = await world.person({ ways: ['totp', 'email'] });
  const browser = await world.browser().authorize();
  await browser.submit({ identifier: ada.email, password: ada.password });
  await chooseWay(browser, 'email');
  const signIn = world.codeMailedTo(ada.email);
  await chooseWay(browser, 'totp');
  world.travel(61);
  await browser.press('lost');
  await browser.press('rescue');
  const rescue = world.codeMailedTo(ada.email);
  assert.notEqual(rescue, signIn);
  assert.match(world.lastMailTo(ada.email), /get back into your Twofold account/);
  await browser.submit({ code: signIn });
  assert.deepEqual(browser.errors, ['code_rejected']);
  world.travel(61);
  await chooseWay(browser, 'email');
  await browser.submit({ code: unlike(rescue, world.codeMailedTo(ada.email)) });
  assert.deepEqual([browser.stage, browser.code], ['email', undefined]);
  assert.equal((await accountRow(world, ada.id)).factors.length, 2);
});

test('ten minutes, to the second, and the newest alone [check 26] [check 44]', async (t) => {
  const world = await startWorld(t, { settings: { rescue: anywhere } });
  world.travel(0);
  const ada = await world.person();
  const late = await atRescue(world.browser(), ada);
  const first = world.codeMailedTo(ada.email);
  world.travel(61);
  await late.press('send');
  const second = world.codeMailedTo(ada.email);
  await late.submit({ code: first === second ? otherCode(first) : first });
  assert.deepEqual(late.errors, ['code_rejected']);
  world.travel(601);
  await late.submit({ code: second });
  assert.deepEqual(late.errors, ['code_rejected']);
  const intime = await atRescue(world.browser(), ada);
  world.travel(598);
  await intime.submit({ code: world.codeMailedTo(ada.email) });
  assert.equal(intime.stage, 'enrol-totp');
});

test('a client that asks for more than a code by mail proves has none, and says where to go first', async (t) => {
  const world = await startWorld(t, { settings: { rescue: anywhere } });
  const ada = await world.person();
  const browser = await atLost(world.browser(), ada, { acr_values: 'urn:twofold:2fa' });
  assert.deepEqual(browser.page.facts, { closed: 'asked-more' });
  await browser.send(captured(browser, `/interaction/${uidOf(browser)}/factor/lost/code`, {}));
  assert.deepEqual([browser.stage, mailsTo(world, ada.email)], ['totp', 0]);
});

test('what was signed in by a rescue changes nothing in the account area, and is in no remembered device [check 44]', async (t) => {
  const world = await startWorld(t, { settings: { rescue: anywhere, rememberDevice: rememberAll } });
  const ada = await world.person();
  const browser = await atRescue(world.browser(), ada);
  assert.equal(browser.page.facts.rememberDays, undefined);
  const { url } = browser;
  await browser.post(`${url.pathname.replace(/\/factor.*/, '')}/factor`, {
    code: world.codeMailedTo(ada.email),
    way: 'rescue',
    remember: 'yes',
  });
  if (browser.stage !== 'enrol-totp') {
    assert.equal(browser.status, 400, 'a box that is not on the page is no field of its form');
    await browser.visit(url);
    await browser.submit({ code: world.codeMailedTo(ada.email) });
  }
  await setUpApp(browser);
  assert.ok(browser.code);
  assert.deepEqual(await rowsOf(world.database, 'remembered_devices'), []);
  await browser.visit('/account/ways/new/email');
  await browser.press('begin');
  assert.ok(browser.url.pathname.startsWith('/interaction/'), 'the new way is proved first');
});
