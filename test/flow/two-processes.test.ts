import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  accountRow,
  afterPassword,
  captured,
  editAccount,
  eventsOf,
  nothing,
  spoils,
  uidOf,
} from '../support/attack.ts';
import type { Browser, Sent } from '../support/browser.ts';
import { meetAfterReading } from '../support/race.ts';
import { startWorld, type World } from '../support/world.ts';

const fifty = Array.from({ length: 50 }, (_, index) => index);

async function twoProcesses(t: TestContext): Promise<readonly [World, World]> {
  const one = await startWorld(t);
  return [one, await startWorld(t, { database: one.database })];
}

/** A request for one process, sent to the other one behind the same address. */
function sentTo(world: World, sent: Sent): Sent {
  return { ...sent, url: new URL(sent.url.pathname, world.issuer), headers: { ...sent.headers, origin: world.issuer } };
}

test('50 wrong codes in one interaction, ten at once over two processes: one of each ten is judged, and five in all [check 21]', async (t) => {
  const worlds = await twoProcesses(t);
  const [world] = worlds;
  const ada = await world.person();
  const browser = await afterPassword(world, ada);
  const wrong = captured(browser, `/interaction/${uidOf(browser)}/factor`, { code: ada.wrongCode() });
  for (let round = 1; round <= 5; round += 1) {
    // All ten have seen the same tries.
    meetAfterReading(t, world.database, { collection: 'attempts', method: 'findOne', readers: 10 });
    const tries = fifty.slice(0, 10).map((index) => browser.tab().fetch(sentTo(worlds[index % 2] ?? world, wrong)));
    await Promise.all(tries);
    assert.equal((await accountRow(world, ada.id)).guesses.secondFactor.failures, round);
    assert.equal((await eventsOf(world, { kind: 'factor', result: 'failure' })).length, round);
  }
  await browser.tab().fetch(wrong);
  assert.equal((await accountRow(world, ada.id)).guesses.secondFactor.failures, 5);
  await browser.reload();
  assert.deepEqual([browser.stage, browser.errors], ['sign-in', ['code_spent_app']]);
});

test('50 wrong codes at once over many interactions and two processes: ten are judged, then nothing is [check 21]', async (t) => {
  const worlds = await twoProcesses(t);
  const ada = await worlds[0].person();
  const browsers: Browser[] = [];
  for (const index of fifty.slice(0, 12)) {
    browsers.push(await afterPassword(worlds[index % 2] ?? worlds[0], ada));
    await editAccount(worlds[0], ada.id, { $set: { 'guesses.password': { failures: 0 } } });
  }
  const wrong = ada.wrongCode();
  const forms = fifty.map((index) => {
    const browser = browsers[index % 12] as Browser;
    return captured(browser, `/interaction/${uidOf(browser)}/factor`, { code: wrong });
  });
  // Each of the twelve interactions has one that is in time: two more than the account has guesses.
  meetAfterReading(t, worlds[0].database, { collection: 'attempts', method: 'findOne', readers: 50 });
  const tries = fifty.map((index) => (browsers[index % 12] as Browser).tab().fetch(forms[index] ?? assert.fail()));
  await Promise.all(tries);
  const { secondFactor } = (await accountRow(worlds[0], ada.id)).guesses;
  assert.equal(secondFactor.failures, 10);
  assert.ok(secondFactor.lockedUntil);
  assert.equal((await eventsOf(worlds[0], { kind: 'factor', result: 'failure' })).length, 10);
  assert.equal((await eventsOf(worlds[0], { kind: 'lock', detail: 'second_factor' })).length, 1);

  for (const world of worlds) {
    const late = await afterPassword(world, ada);
    assert.equal(late.stage, 'totp');
    await late.post(`${late.url.pathname}/factor`, { code: ada.codeNow() });
    assert.deepEqual(late.errors, ['code_locked'], 'the other process knows');
  }
  assert.deepEqual(await spoils(worlds[0]), nothing);
});

test('50 wrong passwords at once over two processes: five are judged, and the right one waits too [check 13]', async (t) => {
  const worlds = await twoProcesses(t);
  const [world] = worlds;
  // The wait of a minute has to outlast all of these tries.
  world.travel(0);
  const ada = await world.person();
  const browsers: Browser[] = [];
  for (const index of fifty.slice(0, 10)) browsers.push(await (worlds[index % 2] ?? world).browser().authorize());
  const wrong = { identifier: ada.email, password: 'not the walrus at all' };
  const tries = fifty.map((index) => {
    const browser = browsers[index % 10] as Browser;
    return browser.tab().fetch(captured(browser, `/interaction/${uidOf(browser)}/sign-in`, wrong));
  });
  const answers = await Promise.all(tries);
  assert.ok(answers.every(({ status }) => status === 422));
  const details = (await eventsOf(world, { kind: 'password', result: 'failure' })).map((event) => event.detail);
  assert.equal(details.filter((detail) => detail === 'wrong').length, 5);
  assert.equal(details.filter((detail) => detail === 'waiting').length, 45);
  assert.equal((await accountRow(world, ada.id)).guesses.password.failures, 5);

  const stranger = await worlds[1].browser().authorize();
  await stranger.submit({ identifier: ada.email, password: ada.password });
  assert.deepEqual([stranger.stage, stranger.errors], ['sign-in', ['password_rejected']]);
});

test('one code at both processes at once is one sign-in [check 20]', async (t) => {
  const worlds = await twoProcesses(t);
  const ada = await worlds[0].person();
  const browsers: Browser[] = [];
  for (const world of [...worlds, ...worlds]) browsers.push(await afterPassword(world, ada));
  const code = ada.codeNow();
  await Promise.all(browsers.map((browser) => browser.submit({ code })));
  assert.equal(browsers.filter((browser) => browser.code).length, 1);
  assert.deepEqual(await spoils(worlds[0]), { sessions: 1, codes: 1, tokens: 0 });
});

test('of 20 wrong mailed codes at once from one page one is judged, and costs the account one guess [check 21, 29]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const bob = await world.person({ totp: false });
  await editAccount(world, bob.id, { $set: { 'guesses.secondFactor': { failures: 8 } } });
  const browser = await afterPassword(world, bob);
  const code = world.codeMailedTo(bob.email) === '000000' ? '111111' : '000000';
  const wrong = captured(browser, `/interaction/${uidOf(browser)}/confirm-mail`, { code });
  meetAfterReading(t, world.database, { collection: 'accounts', method: 'findOne', readers: 20 });
  await Promise.all(fifty.slice(0, 20).map(() => browser.tab().fetch(wrong)));
  assert.equal((await accountRow(world, bob.id)).guesses.secondFactor.failures, 9);
  assert.equal((await eventsOf(world, { kind: 'mail_code', result: 'failure' })).length, 1);
});
