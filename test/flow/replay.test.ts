import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRow, afterPassword, captured, eventsOf, spoils, uidOf } from '../support/attack.ts';
import { codeOf } from '../support/person.ts';
import { startWorld } from '../support/world.ts';

const step = 30;

test('a code finishes one sign-in: not another browser, not the same interaction, not the next window [check 20]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const first = await world.browser().signIn(ada);
  assert.ok(first.code);
  const code = ada.codeNow();

  const other = await afterPassword(world, ada);
  await other.submit({ code });
  assert.deepEqual([other.status, other.errors], [422, ['code_rejected']]);
  world.travel(step);
  await other.submit({ code });
  assert.deepEqual([other.status, other.errors], [422, ['code_rejected']], 'its window is still open, it is not');

  const third = await afterPassword(world, ada);
  await third.submit({ code });
  assert.deepEqual([third.status, third.errors], [422, ['code_rejected']]);
  await third.submit({ code: ada.codeNow() });
  assert.ok(third.code, 'the next code is good');
  assert.deepEqual((await spoils(world)).codes, 2);
});

test('an earlier code is worth nothing once a later one was used, although nobody used it [check 20]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  await (await afterPassword(world, ada)).submit({ code: ada.codeNow(1) });
  const browser = await afterPassword(world, ada);
  for (const steps of [-1, 0, 1]) {
    await browser.submit({ code: ada.codeNow(steps) });
    assert.deepEqual(browser.errors, ['code_rejected'], `${steps}`);
  }
});

test('a code accepted from the step before is spent as that step, and the running one is still good [check 20]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const late = await afterPassword(world, ada);
  await late.submit({ code: ada.codeNow(-1) });
  assert.ok(late.code);
  const spent = Math.floor(Date.now() / 1000 / step) - 1;
  assert.equal((await accountRow(world, ada.id)).factors[0]?.lastStep, spent);
  const again = await afterPassword(world, ada);
  await again.submit({ code: ada.codeNow(-1) });
  assert.deepEqual(again.errors, ['code_rejected']);
  await again.submit({ code: ada.codeNow() });
  assert.ok(again.code);
});

test('the code that confirmed an enrolment finishes that attempt only [check 20]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const bob = await world.person({ totp: false });
  const browser = await afterPassword(world, bob);
  await browser.submit({ code: world.codeMailedTo(bob.email) });
  const secret = String(browser.page.facts.secret);
  await browser.submit({ code: codeOf(secret) });
  assert.ok(browser.code);

  const next = await afterPassword(world, bob);
  assert.equal(next.stage, 'totp');
  for (const steps of [-1, 0]) {
    await next.submit({ code: codeOf(secret, steps) });
    assert.deepEqual([next.status, next.errors], [422, ['code_rejected']]);
  }
  world.travel(step);
  await next.submit({ code: codeOf(secret, -1) });
  assert.deepEqual(next.errors, ['code_rejected']);
  await next.submit({ code: codeOf(secret) });
  assert.ok(next.code);
});

test('a replayed code, a wrong one and one outside the window are answered alike to the byte [check 20, 23]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  for (const accept of ['application/json', 'text/html']) {
    const ada = await world.person();
    await world.browser().signIn(ada);
    const answers: string[] = [];
    for (const code of [ada.codeNow(), ada.wrongCode(), ada.codeNow(-2), ada.codeNow(2)]) {
      const browser = await afterPassword(world, ada);
      const uid = uidOf(browser);
      const sent = captured(browser, `/interaction/${uid}/factor`, { code });
      const response = await browser.fetch({ ...sent, headers: { ...sent.headers, accept } });
      const own = [uid, browser.page.forgery ?? ''];
      const body = own.reduce((text, each) => text.replaceAll(each, 'own'), await response.text());
      const headers = [...response.headers].filter(([name]) => !['date', 'x-request-id'].includes(name));
      assert.equal(response.status, 422);
      answers.push(JSON.stringify([headers, body]));
      // So that each has the same tries left.
      await world.database.connection
        .collection<{ _id: string }>('accounts')
        .updateOne(
          { _id: ada.id },
          { $set: { 'guesses.secondFactor': { failures: 0 }, 'guesses.password': { failures: 0 } } },
        );
    }
    assert.equal(new Set(answers).size, 1, answers.join('\n'));
  }
  const reasons = await eventsOf(world, { kind: 'factor', result: 'failure' });
  assert.equal(reasons.length, 8);
});

test('a captured password and code sent again, later or ten at once, make no second session [check 83]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const browser = await world.browser().authorize();
  const uid = uidOf(browser);
  const password = captured(browser, `/interaction/${uid}/sign-in`, { identifier: ada.email, password: ada.password });
  await browser.send(password);
  const code = captured(browser, `/interaction/${uid}/factor`, { code: ada.codeNow() });
  await browser.send(code);
  assert.ok(browser.code);
  const before = await spoils(world);

  const thief = world.browser();
  for (const sent of [password, code]) {
    const answers = await Promise.all(Array.from({ length: 10 }, () => browser.tab().send(sent)));
    assert.ok(answers.every((tab) => tab.status === 409 && tab.page.facts.code === 'already_signed_in'));
    await thief.send(sent);
    assert.deepEqual([thief.code, thief.status], [undefined, 409]);
  }
  assert.deepEqual(await spoils(world), before);
});

test('ten of one right code at once in one interaction are one sign-in [check 83]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const browser = await afterPassword(world, ada);
  const code = captured(browser, `/interaction/${uidOf(browser)}/factor`, { code: ada.codeNow() });
  const tabs = await Promise.all(Array.from({ length: 10 }, () => browser.tab().send(code)));
  assert.equal(tabs.filter((tab) => tab.code).length, 1);
  assert.deepEqual(await spoils(world), { sessions: 1, codes: 1, tokens: 0 });
  assert.equal((await eventsOf(world, { kind: 'sign_in' })).length, 1);
});
