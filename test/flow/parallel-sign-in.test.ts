import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRow, afterPassword, editAccount, eventsOf, spoils, uidOf } from '../support/attack.ts';
import { rowsOf } from '../support/database.ts';
import { codeOf } from '../support/person.ts';
import { meetAfterReading } from '../support/race.ts';
import { startWorld, type World } from '../support/world.ts';

const twenty = Array.from({ length: 20 }, (_, index) => index);

const giveBackPasswords = (world: World, id: string) =>
  editAccount(world, id, { $set: { 'guesses.password': { failures: 0 } } });

test('one code in 20 browsers at once is one sign-in [check 20]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const browsers = [];
  for (const _ of twenty) {
    browsers.push(await afterPassword(world, ada));
    await giveBackPasswords(world, ada.id);
  }
  const code = ada.codeNow();
  await Promise.all(browsers.map((browser) => browser.submit({ code })));
  assert.equal(browsers.filter((browser) => browser.code).length, 1);
  assert.deepEqual(await spoils(world), { sessions: 1, codes: 1, tokens: 0 });
  assert.equal((await eventsOf(world, { kind: 'sign_in' })).length, 1);
});

test('20 resumes of one finished sign-in are one code and one session [check 83]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await afterPassword(world, ada);
  const uid = uidOf(browser);
  await browser.fetch({
    method: 'POST',
    url: new URL(`/interaction/${uid}/factor`, world.issuer),
    body: new URLSearchParams({ forgery: browser.page.forgery ?? '', code: ada.codeNow() }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  // The dispatcher tells the library; nobody has followed the last redirect yet.
  await browser.fetch({ method: 'GET', url: new URL(`/interaction/${uid}`, world.issuer), headers: {} });
  assert.deepEqual(await spoils(world), { sessions: 0, codes: 0, tokens: 0 });

  const tabs = await Promise.all(twenty.map(() => browser.tab().visit(`/auth/${uid}`)));
  assert.equal(tabs.filter((tab) => tab.code).length, 1);
  assert.deepEqual(await spoils(world), { sessions: 1, codes: 1, tokens: 0 });
  const alive = (await rowsOf(world.database, 'Session')).filter((row) => row.accountId === ada.id);
  assert.equal(alive.length, 1);
});

test('20 visits to a sign-in that is just complete end in one code, one event [check 83]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await afterPassword(world, ada);
  const uid = uidOf(browser);
  await browser.fetch({
    method: 'POST',
    url: new URL(`/interaction/${uid}/factor`, world.issuer),
    body: new URLSearchParams({ forgery: browser.page.forgery ?? '', code: ada.codeNow() }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  const tabs = await Promise.all(twenty.map(() => browser.tab().visit(`/interaction/${uid}`)));
  assert.equal(tabs.filter((tab) => tab.code).length, 1);
  assert.ok(
    tabs.every((tab) => tab.code || [400, 409, 410].includes(tab.status)),
    tabs.map((tab) => tab.status).join(),
  );
  assert.deepEqual(await spoils(world), { sessions: 1, codes: 1, tokens: 0 });
  assert.equal((await eventsOf(world, { kind: 'sign_in' })).length, 1);
});

test('20 confirmations of a first enrolment in two attempts make one factor [check 33, 34]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const bob = await world.person({ totp: false });
  const browsers = [];
  for (const wait of [61, 0]) {
    const browser = await afterPassword(world, bob);
    await browser.submit({ code: world.codeMailedTo(bob.email) });
    assert.equal(browser.stage, 'enrol-totp');
    browsers.push(browser);
    world.travel(wait);
  }
  // All twenty have seen an account without a factor.
  meetAfterReading(t, world.database, { collection: 'accounts', method: 'findOne', readers: 20 });
  const tabs = browsers.flatMap((browser) => {
    const [page, code] = [browser.page, codeOf(String(browser.page.facts.secret))];
    return Array.from({ length: 10 }, () => {
      const tab = browser.tab();
      tab.page = page;
      return tab.submit({ code });
    });
  });
  await Promise.all(tabs);
  const { factors } = await accountRow(world, bob.id);
  assert.equal(factors.length, 1);
  assert.equal((await spoils(world)).sessions, 1);
  assert.equal((await eventsOf(world, { kind: 'factor_added', result: 'success' })).length, 1);
  assert.equal(world.outbox.mails.filter(({ subject }) => /authenticator|added/i.test(subject)).length, 1);

  const stages = await Promise.all(browsers.map(async (browser) => (await browser.reload()).stage));
  assert.ok(stages.includes('totp'), 'the attempt that lost is asked for the factor that won');
});

test('20 right passwords at once in one interaction are one attempt, still without the factor [check 83]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await world.browser().authorize();
  const { page } = browser;
  // All twenty have seen an attempt that waits for its password.
  meetAfterReading(t, world.database, { collection: 'attempts', method: 'findOne', readers: 20 });
  const tabs = await Promise.all(
    twenty.map(() => {
      const tab = browser.tab();
      tab.page = page;
      return tab.submit({ identifier: ada.email, password: ada.password });
    }),
  );
  assert.ok(tabs.every((tab) => tab.code === undefined));
  const { guesses } = await accountRow(world, ada.id);
  assert.equal(guesses.password.failures, 5, 'the budget let five be judged');
  assert.deepEqual(await spoils(world), { sessions: 0, codes: 0, tokens: 0 });
});
