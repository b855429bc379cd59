import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { Mailer } from '../../src/delivery/mailer.ts';
import { accountRow, editAccount, eventsOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import type { Person } from '../support/person.ts';
import { askReset, beginReset, linkMailedTo, newPassword, openLink } from '../support/resetting.ts';
import { startWorld, type World } from '../support/world.ts';

test('a forgotten password: asked for, a link, a code of the app, a new password, and then the whole sign-in [check 46] [check 92]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ ways: ['totp'] });
  const browser = await askReset(world, ada.email);
  assert.deepEqual([browser.stage, browser.url.pathname.split('/').slice(3)], ['forgot-sent', ['forgot', 'sent']]);
  const url = await linkMailedTo(world, ada.email);
  assert.ok(url.startsWith(`${world.issuer}/link/reset/`));

  await browser.visit(url);
  assert.deepEqual(
    [browser.stage, browser.page.account, browser.url.href],
    ['reset', ada.email, `${world.issuer}/link/reset`],
  );
  await browser.press('begin');
  assert.deepEqual([browser.stage, browser.url.pathname], ['totp', '/link/reset/password']);
  await browser.submit({ code: ada.codeNow() });
  assert.deepEqual([browser.stage, browser.page.facts], ['new-password', { passwordMin: 8, replaces: true }]);
  await browser.submit({ password: newPassword });
  assert.deepEqual([browser.stage, browser.status], ['password-changed', 200]);
  assert.deepEqual(browser.page.actions, [
    { name: 'sign-in', method: 'GET', href: 'http://localhost:4999/', fields: [] },
  ]);

  // Nobody is signed in by it.
  const silent = await browser.tab().authorize({ prompt: 'none' });
  assert.equal(silent.callback?.get('error'), 'login_required');
  const old = await world.browser().authorize();
  await old.submit({ identifier: ada.email, password: ada.password });
  assert.deepEqual(old.errors, ['password_rejected']);
  world.travel(30);
  const fresh = await world.browser().authorize();
  await fresh.submit({ identifier: ada.email, password: newPassword });
  assert.equal(fresh.stage, 'totp');
  await fresh.submit({ code: ada.codeNow() });
  assert.ok(fresh.code);

  const [event] = await eventsOf(world, { kind: 'password_reset', accountId: ada.id });
  assert.deepEqual([event?.result, event?.clientId, event?.actor], ['success', 'app', undefined]);
  const notice = world.outbox.mails.find(({ subject }) => subject === 'Your Twofold account has a new password');
  assert.equal(notice?.to, ada.email);
  assert.ok(notice?.text.includes(`Sign in with it at ${world.issuer}/account`));
  assert.ok(!world.outbox.mails.some(({ text }) => text.includes(newPassword)));
});

test('the mail of a link says where it was asked for, for how long it works and what comes next, and nothing that a stranger chose', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const stranger = world.browser({ headers: { 'user-agent': 'Buy at evil.example now' } });
  await askReset(world, ada.email, stranger);
  const url = await linkMailedTo(world, ada.email);
  const mail = world.outbox.mails.findLast(({ to }) => to === ada.email);
  assert.equal(mail?.subject, 'Set a new password for Twofold');
  assert.ok(mail?.text.includes('The link works once, for 1 hour.'));
  assert.ok(mail?.text.includes(`Then sign in with the new password at ${world.issuer}/account`));
  assert.ok(mail?.html.includes(`<a href="${url}">`));
  assert.ok(!`${mail?.text}${mail?.html}`.includes('evil'));
});

test('a recovery code stands in for the app, and one of them is left less', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ ways: ['totp'], recovery: 2 });
  const browser = await beginReset(world, ada);
  await browser.press('choose');
  assert.equal(browser.stage, 'ways');
  await browser.submit({ way: 'recovery' });
  await browser.submit({ code: ada.recoveryCodes[0] ?? '' });
  assert.equal(browser.stage, 'new-password');
  await browser.submit({ password: newPassword });
  assert.equal(browser.stage, 'password-changed');
  const recovery = (await rowsOf(world.database, 'accounts'))[0]?.recovery as { hashes: string[] } | undefined;
  assert.equal(recovery?.hashes.length, 1);
});

test('a code by SMS is sent by the button that leads to it, once, and never by a GET', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ ways: ['sms'] });
  const browser = await askReset(world, ada.email);
  await browser.visit(await linkMailedTo(world, ada.email));
  assert.equal(world.outbox.texts.length, 0);
  await browser.press('begin');
  await browser.reload();
  assert.deepEqual([browser.stage, world.outbox.texts.length], ['sms', 1]);
  await browser.submit({ code: world.codeTextedTo(ada.phone) });
  await browser.submit({ password: newPassword });
  assert.equal(browser.stage, 'password-changed');
});

test('codes to the very mailbox that the link went to do not count, in any spelling: other ways do, or nothing does', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ email: 'ada.b@example.com', ways: ['email', 'totp'] });
  const rows = world.database.connection.collection<{ _id: string }>('accounts');
  await rows.updateOne({ _id: ada.id }, { $set: { 'factors.0.data.destination': 'ada.b+codes@example.com' } });
  const browser = await beginReset(world, ada);
  assert.deepEqual(
    [browser.stage, browser.page.facts.offers],
    ['totp', [{ kind: 'totp', id: browser.page.facts.way, label: '' }]],
  );
  const bea = await world.person({ ways: ['email'] });
  const alone = await beginReset(world, bea);
  assert.deepEqual([alone.status, alone.page.code], [403, 'reset_no_way']);
  await alone.post('/link/reset/password/new', { password: newPassword });
  assert.equal(alone.page.code, 'reset_no_way');
  // What stands in for lost ways does so where a new one is set up at once.
  const expiresAt = new Date(Date.now() + 3_600_000);
  await editAccount(world, bea.id, { $set: { pass: { hash: 'x', createdAt: new Date(), expiresAt, by: 'cli' } } });
  await alone.visit('/link/reset/password');
  assert.equal(alone.page.code, 'reset_no_way');
  const hashes = (await rowsOf(world.database, 'accounts')).map(({ passwordHash }) => passwordHash);
  assert.equal(new Set(hashes).size, 1);
});

test('codes to another mailbox count, and that mailbox is told of it, too', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ ways: ['email'] });
  const rows = world.database.connection.collection<{ _id: string }>('accounts');
  const other = 'other-box@example.net';
  await rows.updateOne({ _id: ada.id }, { $set: { 'factors.0.data.destination': other } });
  const browser = await beginReset(world, ada);
  assert.equal(browser.stage, 'email');
  assert.match(world.lastMailTo(other), /set a new Twofold password/);
  await browser.submit({ code: world.codeMailedTo(other) });
  await browser.submit({ password: newPassword });
  assert.equal(browser.stage, 'password-changed');
  const told = world.outbox.mails.filter(({ subject }) => subject === 'Your Twofold account has a new password');
  assert.deepEqual(told.map(({ to }) => to).sort(), [ada.email, other].sort());
});

test('whoever has no second factor has nothing but the mailbox: the link alone sets a new password', async (t) => {
  const world = await startWorld(t, { settings: { secondFactor: 'when-enrolled' } });
  const ada = await world.person({ totp: false });
  const browser = await beginReset(world, ada);
  assert.equal(browser.stage, 'new-password');
  await browser.submit({ password: newPassword });
  assert.equal(browser.stage, 'password-changed');
  const fresh = await world.browser().authorize();
  await fresh.submit({ identifier: ada.email, password: newPassword });
  assert.ok(fresh.code ?? fresh.stage);
});

test('a new password passes the rules of a registration, and what is refused ends nothing [check 5]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ email: 'augusta@example.com', username: 'countess' });
  const browser = await beginReset(world, ada);
  await browser.submit({ code: ada.codeNow() });
  const refused: unknown[] = [];
  for (const password of [
    '',
    'short',
    'password1234',
    'augusta2024',
    'countess-99',
    'twofold1',
    'abcabcabcabc',
    'x'.repeat(300),
  ]) {
    await browser.submit({ password });
    refused.push([browser.stage, ...browser.errors]);
  }
  const at = (code: string) => ['new-password', code];
  assert.deepEqual(refused, [
    at('missing'),
    at('password_short'),
    at('password_common'),
    ...Array(3).fill(at('password_own')),
    at('password_regular'),
    at('password_long'),
  ]);
  await browser.submit({ password: newPassword });
  assert.equal(browser.stage, 'password-changed');
});

test('sessions, tokens and sign-ins under way end with the password, and the owner is a known browser where it was changed', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const elsewhere = await world.browser().signIn(ada, { scope: 'openid offline_access', prompt: 'consent' });
  const tokens = await elsewhere.redeem();
  world.travel(30);
  const parked = await world.browser().authorize();
  await parked.submit({ identifier: ada.email, password: ada.password });
  const browser = await beginReset(world, ada);
  await browser.submit({ code: ada.codeNow() });
  await browser.submit({ password: newPassword });
  assert.equal(browser.stage, 'password-changed');

  const silent = await elsewhere.tab().authorize({ prompt: 'none' });
  assert.equal(silent.callback?.get('error'), 'login_required');
  await assert.rejects(world.client.refresh(String(tokens.refresh_token)));
  world.travel(60);
  await parked.submit({ code: ada.codeNow() });
  assert.equal(parked.code, undefined);
  const known = (await browser.cookies()).some((cookie) => /twofold_browser=/.test(cookie));
  assert.ok(known);
});

const ways = {
  totp: { ways: ['totp'], answer: (_: World, ada: Person) => ada.codeNow() },
  sms: { ways: ['sms'], answer: (world: World, ada: Person) => world.codeTextedTo(ada.phone) },
  recovery: { ways: ['totp'], answer: (_: World, ada: Person) => ada.recoveryCodes[0] ?? '' },
} as const;

for (const [way, { ways: set, answer }] of Object.entries(ways)) {
  test(`what strangers closed is open again, and no guess at the second factor is given back: by ${way} [check 22] [check 109]`, async (t) => {
    const world = await startWorld(t);
    const ada = await world.person({ ways: set, recovery: 1 });
    const endsAt = new Date(Date.now() + 3_600_000);
    const full = { 'guesses.password': { failures: 300, endsAt, networks: [] } };
    await editAccount(world, ada.id, { $set: { ...full, 'guesses.secondFactor': { failures: 4 } } });
    const browser = await beginReset(world, ada);
    if (way === 'recovery') {
      await browser.press('choose');
      await browser.submit({ way });
    }
    await browser.submit({ code: way === 'recovery' ? 'A'.repeat(16) : ada.wrongCode() });
    assert.equal(browser.errors.length, 1);
    await browser.submit({ code: answer(world, ada) });
    await browser.submit({ password: newPassword });
    assert.equal(browser.stage, 'password-changed');
    const { guesses } = await accountRow(world, ada.id);
    assert.deepEqual([guesses.password, guesses.secondFactor], [{ failures: 0, networks: [] }, { failures: 5 }]);
    const fresh = await world.browser().authorize();
    await fresh.submit({ identifier: ada.email, password: newPassword });
    assert.equal(fresh.status, 200);
  });
}

test('five wrong codes end a reset for good, in the budget that all second factors share; the mail names no password', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await beginReset(world, ada);
  const url = await linkMailedTo(world, ada.email);
  for (let n = 0; n < 5; n++) await browser.submit({ code: ada.wrongCode() });
  assert.deepEqual([browser.status, browser.page.code], [410, 'link_ended']);
  await openLink(world, url, browser);
  assert.deepEqual([browser.status, browser.page.code], [410, 'link_ended']);
  const { guesses } = await accountRow(world, ada.id);
  assert.deepEqual(guesses.secondFactor, { failures: 5 });
  const warned = world.outbox.mails.filter(({ subject }) => subject === 'Wrong codes at your Twofold account');
  assert.equal(warned.length, 1);
  assert.match(warned[0]?.text ?? '', /Someone opened the link/);
  assert.doesNotMatch(warned[0]?.text ?? '', /your Twofold password/);
});

test('a reset that is under way ends with the one that was finished first', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ ways: ['totp'], recovery: 1 });
  const slow = await beginReset(world, ada);
  await slow.submit({ code: ada.codeNow() });
  world.travel(90);
  const older = await linkMailedTo(world, ada.email);
  await askReset(world, ada.email);
  while ((await linkMailedTo(world, ada.email)) === older);
  const quick = await openLink(world, await linkMailedTo(world, ada.email));
  await quick.submit({ code: ada.codeNow() });
  await quick.submit({ password: newPassword });
  assert.equal(quick.stage, 'password-changed');
  await slow.submit({ password: 'another heron under another bridge' });
  assert.deepEqual([slow.status, slow.page.code], [410, 'link_ended']);
  const fresh = await world.browser().authorize();
  await fresh.submit({ identifier: ada.email, password: newPassword });
  assert.equal(fresh.stage, 'totp');
});

test('a mail that is slow or fails is waited for by nobody, and told to nobody but the log', async (t) => {
  const post: Mailer[] = [
    { send: () => new Promise(() => {}) },
    { send: () => Promise.reject(new Error('no post today')) },
  ];
  for (const mailer of post) {
    const world = await startWorld(t, { mailer });
    const ada = await world.person();
    const browser = await askReset(world, ada.email);
    assert.deepEqual([browser.status, browser.stage], [200, 'forgot-sent']);
    await setTimeout(50);
    assert.equal(world.logged.join('').includes('no post today'), mailer === post[1]);
  }
});

test('where the owner signed in before an old password is told to be one, for thirty days, and nowhere else [check 9]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const [ada, other] = [await world.person(), await world.person()];
  const known = await world.browser().signIn(ada);
  const wrong = async (browser: Browser, identifier: string) => {
    const tab = await browser.tab().authorize({ prompt: 'login' });
    await tab.submit({ identifier, password: 'an albatross in the cellar' });
    return tab.errors;
  };
  assert.deepEqual(await wrong(known, ada.email), ['password_rejected']);
  world.travel(60);
  const browser = await beginReset(world, ada);
  await browser.submit({ code: ada.codeNow() });
  await browser.submit({ password: newPassword });
  world.travel(3_600);
  assert.deepEqual(await wrong(known, ada.email), ['password_rejected', 'password_changed_ago']);
  for (const name of [other.email, 'nobody@example.com'])
    assert.deepEqual(await wrong(known, name), ['password_rejected']);
  assert.deepEqual(await wrong(world.browser(), ada.email), ['password_rejected']);
  world.travel(31 * 24 * 3_600);
  assert.deepEqual(await wrong(known, ada.email), ['password_rejected']);
});
