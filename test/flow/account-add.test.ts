import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAccount, noticeOf, ownFactors } from '../support/account-area.ts';
import { atAdding, atFirst, newSecret } from '../support/adding.ts';
import { accountRow, editAccount, eventsOf } from '../support/attack.ts';
import { rowsOf } from '../support/database.ts';
import { atWay } from '../support/mail-ways.ts';
import { codeOf } from '../support/person.ts';
import { mailsTo } from '../support/registration.ts';
import { startWorld } from '../support/world.ts';

const optional = { settings: { secondFactor: 'when-enrolled' } } as const;

test('a second authenticator app is added by its own code, told once, and each signs in [check 34, 37, 112]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ recovery: 1 });
  const browser = await atAdding(world, ada, 'totp');
  const secret = newSecret(browser);
  assert.notEqual(secret, ada.secret);
  const mails = mailsTo(world, ada.email);
  world.travel(30);
  await browser.submit({ code: codeOf(secret), name: 'Tablet' });
  assert.deepEqual([browser.stage, noticeOf(browser)], ['security', 'way_added']);
  const ways = ownFactors(browser).map(({ kind, label }) => `${kind} ${label}`);
  assert.deepEqual(ways, ['totp ', 'totp Tablet']);
  assert.equal(mailsTo(world, ada.email), mails + 1, 'one notice');
  assert.match(world.lastMailTo(ada.email), /authenticator app was added/);
  const [event, ...more] = await eventsOf(world, { kind: 'factor_added' });
  assert.deepEqual([event?.accountId, event?.detail, event?.result, more], [ada.id, 'totp', 'success', []]);

  const other = await world.browser().authorize();
  await other.submit({ identifier: ada.email, password: ada.password });
  await other.submit({ code: codeOf(secret, 1) });
  assert.ok(other.code, 'the last one set up is asked first');
});

test('opening the page of a way begins nothing and sends nothing [check 84]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await inAccount(world, ada);
  const before = await rowsOf(world.database, 'attempts');
  for (const kind of ['totp', 'email', 'sms']) {
    for (const path of ['', '/begin', '/enrol', '/cancel']) await browser.visit(`/account/ways/new/${kind}${path}`);
    await browser.visit(`/account/ways/new/${kind}`);
    assert.deepEqual([browser.status, browser.stage], [200, `add-${kind}`]);
    assert.doesNotMatch(browser.text, /secret|otpauth/);
  }
  assert.equal((await browser.visit('/account/ways/new/recovery')).status, 404);
  assert.deepEqual(await rowsOf(world.database, 'attempts'), before);
  assert.equal(world.outbox.mails.length + world.outbox.texts.length, 0);
});

test('codes by mail go to the own address once a code from there came back; another address only after its own [check 31]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ recovery: 1 });
  const browser = await atAdding(world, ada, 'email');
  await browser.submit({ code: world.codeMailedTo(ada.email), name: '' });
  assert.equal(noticeOf(browser), 'way_added');

  world.travel(61);
  await browser.press('add email');
  assert.equal(browser.page.facts.sentTo, undefined, 'the own address is set up already');
  await browser.submit({ email: ada.email.toUpperCase() });
  assert.deepEqual([browser.status, browser.errors], [422, ['way_known']]);
  await browser.submit({ email: 'work@example.org' });
  assert.equal(browser.page.facts.sentTo, 'work@example.org');
  const code = world.codeMailedTo('work@example.org');
  await browser.submit({ email: 'other@example.org' });
  const sent = world.codeMailedTo('other@example.org');
  if (code !== sent) {
    await browser.submit({ code, name: '' });
    assert.deepEqual(browser.errors, ['code_rejected'], 'a code of the one address proves no other');
  }
  await browser.submit({ code: sent, name: 'Other' });
  assert.equal(noticeOf(browser), 'way_added');
  const { factors } = await accountRow(world, ada.id);
  assert.deepEqual(
    factors.map((factor) => (factor as { destination?: string }).destination),
    [undefined, ada.email, 'other@example.org'],
  );
  await atWay(world, ada, 'email');
});

test('a phone is added by the code that it was texted [check 31]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ recovery: 1 });
  const browser = await atAdding(world, ada, 'sms');
  await browser.submit({ phone: '123' });
  assert.deepEqual(browser.errors, ['phone_shape']);
  await browser.submit({ phone: '+44 7400 123456' });
  await browser.submit({ code: world.codeTextedTo('+447400123456'), name: 'Work phone' });
  assert.equal(noticeOf(browser), 'way_added');
  assert.equal(ownFactors(browser)[1]?.destination, '56');
});

test('a first way needs the mailbox beside the password, and comes with recovery codes [check 33, 37, 39]', async (t) => {
  const world = await startWorld(t, optional);
  world.travel(0);
  const bob = await world.person({ totp: false, email: 'bob.stone@example.com' });
  const browser = await atFirst(world, bob, 'totp');
  browser.savesCodes = false;
  assert.ok(!JSON.stringify(browser.page.facts).includes('bob.stone'), 'masked');
  await browser.post('/account/ways/new/totp/enrol', { code: '123456', name: '' });
  assert.deepEqual([browser.status, browser.stage], [200, 'confirm-mail'], 'nothing else is judged before');
  const code = world.codeMailedTo(bob.email);
  await browser.submit({ code: code === '000000' ? '111111' : '000000' });
  assert.deepEqual([browser.status, browser.errors], [422, ['code_rejected']]);
  await browser.submit({ code });
  const mails = mailsTo(world, bob.email);
  assert.deepEqual([browser.stage, browser.page.facts.secondsToEnd], ['enrol-totp', 600]);
  await browser.submit({ code: codeOf(newSecret(browser)), name: '' });
  assert.equal(browser.stage, 'recovery-codes');
  const codes = browser.page.facts.codes as readonly string[];
  assert.equal(codes.length, 10);
  await browser.reload();
  assert.deepEqual(browser.page.facts.codes, codes, 'shown until they are saved');
  await browser.submit({ saved: '', set: String(browser.page.facts.set) });
  assert.deepEqual(browser.errors, ['not_saved']);
  await browser.saveCodes();
  assert.deepEqual([browser.stage, noticeOf(browser)], ['security', 'codes_saved']);
  await browser.visit('/account/ways/new/totp');
  assert.equal(browser.stage, 'add-totp');
  const row = (await accountRow(world, bob.id)) as unknown as { recovery: { hashes: string[] }; factors: unknown[] };
  assert.deepEqual([row.factors.length, row.recovery.hashes.length], [1, 10]);
  assert.equal(mailsTo(world, bob.email), mails + 1, 'one mail says both');
  assert.match(world.lastMailTo(bob.email), /authenticator app was added[\s\S]*Recovery codes were made with it/);
  const events = await eventsOf(world, { accountId: bob.id, result: 'success' });
  const made = events.flatMap(({ kind, detail }) => (/enrol|added/.test(String(kind)) ? [`${kind} ${detail}`] : []));
  assert.deepEqual(made.toSorted(), ['enrolment recovery', 'factor_added totp']);
});

test('a first way by mail to the confirmed address asks for no second code of the same mailbox [check 33]', async (t) => {
  const world = await startWorld(t, optional);
  const bob = await world.person({ totp: false });
  const browser = await atFirst(world, bob, 'email');
  await browser.submit({ code: world.codeMailedTo(bob.email) });
  assert.deepEqual([browser.stage, browser.page.facts.proved], ['enrol-email', true]);
  await browser.submit({ name: 'Mine' });
  assert.equal(browser.recoveryCodes.length, 10);
  assert.deepEqual([browser.stage, ownFactors(browser)[0]?.label], ['security', 'Mine']);
});

test('giving it up leaves nothing pending, and ten ways are enough [check 34]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await atAdding(world, ada, 'totp');
  const secret = newSecret(browser);
  await browser.press('cancel');
  assert.equal(browser.stage, 'security');
  assert.ok((await rowsOf(world.database, 'attempts')).every(({ enrolment }) => enrolment === undefined));
  await browser.post('/account/ways/new/totp/enrol', { code: codeOf(secret), name: '' });
  assert.deepEqual([browser.stage, noticeOf(browser), ownFactors(browser).length], ['security', 'way_ended', 1]);

  const [factor] = (await accountRow(world, ada.id)).factors;
  const factors = Array.from({ length: 10 }, (_, n) => ({ ...factor, ...(n === 0 ? {} : { id: `f${n}` }) }));
  await editAccount(world, ada.id, { $set: { factors } });
  await browser.press('add totp');
  assert.deepEqual([browser.status, browser.stage, browser.errors], [422, 'add-totp', ['ways_full']]);
});
