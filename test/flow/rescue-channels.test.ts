import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mongoAccounts } from '../../src/storage/accounts.ts';
import { accountRow, captured, uidOf } from '../support/attack.ts';
import { chooseWay } from '../support/mail-ways.ts';
import type { Person } from '../support/person.ts';
import { mailsTo } from '../support/registration.ts';
import { atLost, atRescue, setUpApp, usualRescue } from '../support/rescued.ts';
import { startWorld, type World } from '../support/world.ts';

const rescue = { ...usualRescue, needsKnownBrowser: false };
const hour = 3600;

function reset(world: World, { id }: Person, address: string, hoursAgo: number) {
  const at = new Date(Date.now() - hoursAgo * hour * 1000);
  return world.database.connection
    .collection<{ _id: string }>('accounts')
    .updateOne({ _id: id }, { $set: { 'mailboxUses.reset': { address, at } } });
}

test('the mailbox that reset the password rescues nobody for 24 hours: the page says when it does again [check 46]', async (t) => {
  const world = await startWorld(t, { settings: { rescue } });
  world.travel(0);
  const ada = await world.person();
  await reset(world, ada, ada.email, 1);
  const browser = await atLost(world.browser(), ada);
  const { closed, secondsLeft, from } = browser.page.facts;
  assert.deepEqual([closed, secondsLeft], ['later', 23 * hour]);
  assert.equal(new Date(String(from)).getTime(), Date.now() + 23 * hour * 1000);
  await browser.tab().send(captured(browser, `/interaction/${uidOf(browser)}/factor/lost/code`, {}));
  assert.equal(mailsTo(world, ada.email), 0);
  const html = await (
    await browser.fetch({ method: 'GET', url: browser.url, headers: { accept: 'text/html' } })
  ).text();
  assert.match(html, /can again in 23 hours/);
  world.travel(23 * hour);
  const later = await atRescue(world.browser(), ada);
  await later.submit({ code: world.codeMailedTo(ada.email) });
  assert.equal(later.stage, 'enrol-totp');
});

test('also where the password was reset in another spelling of that mailbox, and while a code was under way', async (t) => {
  const world = await startWorld(t, { settings: { rescue } });
  const [ada, eve] = [await world.person(), await world.person()];
  await reset(world, ada, ada.email.replace('@', '+reset@'), 23);
  assert.equal((await atLost(world.browser(), ada)).page.facts.closed, 'later');
  const browser = await atRescue(world.browser(), eve);
  await reset(world, eve, eve.email, 0);
  await browser.submit({ code: world.codeMailedTo(eve.email) });
  assert.deepEqual([browser.stage, (await accountRow(world, eve.id)).factors.length], ['totp', 1]);
});

test('another mailbox, and a reset of a day ago, stand in nobody’s way', async (t) => {
  const world = await startWorld(t, { settings: { rescue } });
  const [ada, eve] = [await world.person(), await world.person()];
  await reset(world, ada, 'former@example.com', 1);
  await reset(world, eve, eve.email, 24);
  for (const person of [ada, eve]) assert.equal((await atLost(world.browser(), person)).page.facts.closed, undefined);
});

test('a mailbox that is asked for already lets nobody in beside that', async (t) => {
  const world = await startWorld(t, { settings: { rescue } });
  world.travel(0);
  const ada = await world.person({ ways: ['email'] });
  const alone = await atLost(world.browser(), ada);
  assert.deepEqual(alone.page.facts, { closed: 'same-mailbox' });
  await alone.send(captured(alone, `/interaction/${uidOf(alone)}/factor/lost/code`, {}));
  assert.deepEqual([alone.stage, mailsTo(world, ada.email)], ['email', 1]);

  const eve = await world.person({ ways: ['email', 'totp'] });
  const browser = await atLost(world.browser(), eve);
  assert.equal(browser.page.facts.closed, 'same-mailbox', 'it is what is asked for now');
  await browser.tab().send(captured(browser, `/interaction/${uidOf(browser)}/factor/lost/code`, {}));
  assert.equal(mailsTo(world, eve.email), 1, 'and a form sent all the same sends nothing');
  await browser.press('back');
  await chooseWay(browser, 'totp');
  await browser.press('lost');
  assert.equal(browser.page.facts.closed, undefined, 'the phone is lost, not the mailbox');
});

test('whoever has no way but that mailbox is not let in by it beside a recovery code that is asked for', async (t) => {
  const world = await startWorld(t, { settings: { rescue } });
  const ada = await world.person({ ways: ['email'], recovery: 2 });
  const browser = await world.browser().authorize();
  await browser.submit({ identifier: ada.email, password: ada.password });
  await chooseWay(browser, 'recovery');
  await browser.press('lost');
  assert.deepEqual(browser.page.facts, { closed: 'same-mailbox' });
  await browser.send(captured(browser, `/interaction/${uidOf(browser)}/factor/lost/code`, {}));
  assert.deepEqual([browser.stage, mailsTo(world, ada.email)], ['recovery', 1]);
});

test('the mailbox that rescued is no new way in that sign-in; another one is, and at the next sign-in it is asked for', async (t) => {
  const world = await startWorld(t, { settings: { rescue } });
  world.travel(0);
  const ada = await world.person();
  const browser = await atRescue(world.browser(), ada);
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  await browser.submit({ kind: 'email' });
  assert.deepEqual([browser.stage, browser.page.facts.sentTo], ['enrol-email', undefined]);
  for (const email of [ada.email, ada.email.toUpperCase(), ada.email.replace('@', '+two@')]) {
    await browser.submit({ email });
    assert.deepEqual([browser.status, browser.errors], [422, ['mailbox_just_used']], email);
  }
  assert.equal((await accountRow(world, ada.id)).factors.length, 1);
  await browser.submit({ email: 'ada.at.work@example.org' });
  await browser.submit({ code: world.codeMailedTo('ada.at.work@example.org') });
  assert.equal((await browser.redeem()).claims()?.acr, 'urn:twofold:recovery');
  assert.deepEqual(
    (await mongoAccounts(world.database).find(ada.id))?.factors.map(({ kind }) => kind),
    ['email'],
  );
});

test('where codes by mail are the first thing to be set up, no address is suggested after a rescue', async (t) => {
  const world = await startWorld(t, { settings: { rescue } });
  const kinds = ['email', 'totp', 'recovery'];
  const first = await startWorld(t, {
    database: world.database,
    settings: { rescue, factors: { ...world.config.factors, kinds } },
  });
  const ada = await first.person();
  const browser = await atRescue(first.browser(), ada);
  await browser.submit({ code: first.codeMailedTo(ada.email) });
  assert.deepEqual([browser.stage, browser.page.facts.sentTo], ['enrol-email', undefined]);
  await browser.submit({ kind: 'totp' });
  await setUpApp(browser);
  assert.ok(browser.code);
});

test('a second rescue needs no day between: whoever did not come to the end begins again', async (t) => {
  const world = await startWorld(t, { settings: { rescue } });
  world.travel(0);
  const ada = await world.person();
  const left = await atRescue(world.browser(), ada);
  await left.submit({ code: world.codeMailedTo(ada.email) });
  assert.equal(left.stage, 'enrol-totp');
  world.travel(120);
  const again = await atRescue(world.browser(), ada);
  await again.submit({ code: world.codeMailedTo(ada.email) });
  await setUpApp(again);
  assert.ok(again.code);
});
