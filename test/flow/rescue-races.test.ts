import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRow, captured, editAccount, eventsOf, nothing, spoils, uidOf } from '../support/attack.ts';
import { rowsOf } from '../support/database.ts';
import { holdNextReader } from '../support/race.ts';
import { mailsTo } from '../support/registration.ts';
import { atRescue, setUpApp, usualRescue } from '../support/rescued.ts';
import { startPost } from '../support/smtp-post.ts';
import { startWorld } from '../support/world.ts';

const settings = { rescue: { ...usualRescue, needsKnownBrowser: false } };

test('of 20 uses of one code at once one lets in, and what it ends is ended once [check 41] [check 44]', async (t) => {
  const world = await startWorld(t, { settings });
  const ada = await world.person({ recovery: 2 });
  const { sessionVersion } = await rowOf();
  const browser = await atRescue(world.browser(), ada);
  const code = world.codeMailedTo(ada.email);
  const press = captured(browser, `/interaction/${uidOf(browser)}/factor`, { code, way: 'rescue' });
  await Promise.all(Array.from({ length: 20 }, () => browser.tab().fetch(press)));
  await browser.reload();
  assert.equal(browser.stage, 'enrol-totp');
  assert.equal((await rowOf()).sessionVersion, Number(sessionVersion) + 1);
  assert.equal((await eventsOf(world, { kind: 'rescue_used' })).length, 1);
  async function rowOf() {
    return (await rowsOf(world.database, 'accounts')).find(({ _id }) => _id === ada.id) ?? assert.fail();
  }
});

test('of two sign-ins with a code each one goes on: the other was begun before what the first one ended', async (t) => {
  const world = await startWorld(t, { settings });
  world.travel(0);
  const ada = await world.person();
  const first = await atRescue(world.browser(), ada);
  const one = world.codeMailedTo(ada.email);
  world.travel(61);
  const second = await atRescue(world.browser(), ada);
  const two = world.codeMailedTo(ada.email);
  await Promise.all([first.submit({ code: one }), second.submit({ code: two })]);
  await Promise.all([first.reload(), second.reload()]);
  assert.equal([first, second].filter(({ stage }) => stage === 'enrol-totp').length, 1);
  assert.equal((await eventsOf(world, { kind: 'rescue_used' })).length, 1);
});

test('an account that changed between the code and its use is rescued by nobody', async (t) => {
  const world = await startWorld(t, { settings });
  const ada = await world.person({ recovery: 2 });
  const browser = await atRescue(world.browser(), ada);
  const reading = holdNextReader(t, world.database, { collection: 'accounts', method: 'findOneAndUpdate' });
  const code = world.codeMailedTo(ada.email);
  const using = browser.submit({ code });
  await reading.arrived;
  await editAccount(world, ada.id, { $inc: { sessionVersion: 1 } });
  reading.letGo();
  await using;
  assert.equal(browser.stage, 'sign-in');
  const row = (await rowsOf(world.database, 'accounts')).find(({ _id }) => _id === ada.id);
  assert.ok(row?.recovery, 'the recovery codes are there');
  assert.deepEqual(await eventsOf(world, { kind: 'rescue_used' }), []);
});

test('whoever is stopped between the spent code and the account goes on with another code', async (t) => {
  const world = await startWorld(t, { settings });
  world.travel(0);
  const ada = await world.person();
  const browser = await atRescue(world.browser(), ada);
  const code = world.codeMailedTo(ada.email);
  // What a process that was killed right after the spend leaves behind.
  await world.database.connection.collection('attempts').updateOne({}, { $unset: { deliveredCode: 1 } });
  await browser.submit({ code });
  assert.notEqual(browser.stage, 'enrol-totp', 'the proof stays spent');
  assert.equal((await accountRow(world, ada.id)).factors.length, 1);
  assert.deepEqual(await spoils(world), nothing);
  world.travel(61);
  await browser.reload();
  await browser.press('send');
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  await setUpApp(browser);
  assert.ok(browser.code);
});

test('whoever is stopped between the account and the attempt begins again: what ended stays ended, and nobody is in', async (t) => {
  const world = await startWorld(t, { settings });
  world.travel(0);
  const ada = await world.person({ recovery: 2 });
  const browser = await atRescue(world.browser(), ada);
  const attempts = world.database.connection.collection('attempts');
  const [before] = await attempts.find({}).toArray();
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  assert.equal(browser.stage, 'enrol-totp');
  // The attempt as it was before its last write, the code spent.
  const { deliveredCode: _spent, ...killed } = before ?? assert.fail();
  await attempts.replaceOne({ _id: killed._id }, killed);
  await browser.reload();
  assert.equal(browser.stage, 'sign-in');
  assert.deepEqual(await spoils(world), nothing);
  assert.equal((await accountRow(world, ada.id)).factors.length, 1, 'nothing is bound');
  world.travel(120);
  const again = await atRescue(world.browser(), ada);
  await again.submit({ code: world.codeMailedTo(ada.email) });
  await setUpApp(again);
  assert.ok(again.code);
});

test('over a real mail server: the code arrives once, and the notice after it', async (t) => {
  const post = await startPost(t);
  const world = await startWorld(t, { settings, mailer: post.mailer });
  const ada = await world.person();
  const browser = await atRescue(world.browser(), ada);
  assert.equal(post.taken.length, 1);
  const [mail = ''] = post.taken;
  assert.match(mail, /get back into your Twofold account/);
  await browser.submit({ code: post.codeOf(mail) });
  await setUpApp(browser);
  assert.ok(browser.code);
  assert.ok(post.taken.some((source) => /asked to get in without the usual ways/.test(source.replaceAll('=\r\n', ''))));
});

test('where the mail server is down the page says so, and another code can be asked for', async (t) => {
  const post = await startPost(t);
  const world = await startWorld(t, { settings, mailer: post.mailer });
  world.travel(0);
  const ada = await world.person();
  post.state.mood = 'refuses';
  const browser = await atRescue(world.browser(), ada);
  assert.deepEqual(browser.errors, ['send_failed']);
  post.state.mood = 'takes';
  world.travel(61);
  await browser.press('send');
  await browser.submit({ code: post.codeOf(post.taken.at(-1) ?? '') });
  assert.equal(browser.stage, 'enrol-totp');
});

test('a mailbox is not flooded by rescues: they share its budget with all other mails [check 108]', async (t) => {
  const world = await startWorld(t, { settings });
  world.travel(0);
  const ada = await world.person();
  const browser = await atRescue(world.browser(), ada);
  for (let n = 0; n < 40; n += 1) {
    world.travel(60);
    if (n % 2 === 0) await browser.press('send');
    else await (await browser.press('lost')).press('rescue');
  }
  assert.ok(mailsTo(world, ada.email) <= 6, `${mailsTo(world, ada.email)} mails in 40 minutes`);
});
