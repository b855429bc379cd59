import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noticeOf } from '../support/account-area.ts';
import { atAdding } from '../support/adding.ts';
import type { Browser } from '../support/browser.ts';
import { watchedDatabase } from '../support/commands.ts';
import { rowsOf } from '../support/database.ts';
import { atWay } from '../support/mail-ways.ts';
import { mailsTo, register, unlike } from '../support/registration.ts';
import { startTextingWorld } from '../support/texting-world.ts';
import { startWorld, type World } from '../support/world.ts';

const ada = 'ada@example.com';

/** What the page says of the code that is asked for. */
function told(browser: Browser) {
  const { earlier, unsent, secondsSinceSent, secondsToNextSend } = browser.page.facts;
  return { notice: noticeOf(browser), earlier, unsent, secondsSinceSent, secondsToNextSend };
}

const moved = (seconds: number) => ({
  ...{ notice: 'code_earlier', earlier: true, unsent: undefined },
  ...{ secondsSinceSent: seconds, secondsToNextSend: 60 - seconds },
});

async function codesHeld(world: World): Promise<number> {
  const rows = await rowsOf(world.database, 'attempts');
  return rows.filter(({ deliveredCode }) => (deliveredCode as { binding?: string } | undefined)?.binding).length;
}

test('registered, cancelled and begun anew within a minute: the code that was mailed is asked for, with the reason and the time, and makes the account', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const browser = await register(world.browser(), { email: ada });
  const code = world.codeMailedTo(ada);
  await browser.press('cancel');
  assert.equal(browser.callback?.get('error'), 'access_denied');
  world.travel(20);
  const again = await register(browser.tab(), { email: ' Ada@Example.com' });
  assert.deepEqual([again.status, again.stage, mailsTo(world, ada)], [200, 'confirm-mail', 1]);
  assert.deepEqual(told(again), moved(20));
  assert.match(again.text, /No new code was sent, because one was sent 20 seconds ago\. That one works here\./);
  await again.submit({ code });
  assert.equal(again.stage, 'enrol-totp');
});

test('"I have an account", and the same one after all: its code works on', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const browser = await register(world.browser(), { email: ada });
  await browser.press('restart');
  world.travel(20);
  await register(browser, { email: ada });
  assert.deepEqual([told(browser), mailsTo(world, ada)], [moved(20), 1]);
  await browser.submit({ code: world.codeMailedTo(ada) });
  assert.equal(browser.stage, 'enrol-totp');
});

test('a known address and an unknown one are told the same when they are registered anew [check 9]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const known = await world.person();
  const seen: unknown[] = [];
  for (const email of [known.email, 'nobody@example.com']) {
    const browser = await register(world.browser(), { email });
    await browser.press('cancel');
    world.travel(20);
    const again = await register(browser.tab(), { email });
    const { sentTo: _typed, sentAt: _at, nextSendAt: _next, codeEndsAt: _ends, ...facts } = again.page.facts;
    seen.push([again.status, again.stage, told(again), facts]);
    await again.submit({ code: '000000' });
    seen.push([again.status, again.errors]);
  }
  assert.deepEqual(seen.slice(0, 2), seen.slice(2));
});

test('a code never goes to another browser, whoever asks for it there, and stays good where it was [check 27]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const person = await world.person({ ways: ['email'] });
  const own = await atWay(world, person);
  const code = world.codeMailedTo(person.email);
  world.travel(20);
  const thief = await atWay(world, person);
  assert.deepEqual(told(thief), {
    ...{ notice: undefined, earlier: undefined, unsent: true },
    ...{ secondsSinceSent: undefined, secondsToNextSend: 60 },
  });
  await own.submit({ code });
  assert.ok(own.code);
});

test('signed in anew in another tab the code goes there: the first tab loses it, and says how to go on [check 28]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const person = await world.person({ ways: ['email'] });
  const first = await atWay(world, person);
  const code = world.codeMailedTo(person.email);
  world.travel(20);
  const second = await atWay(world, person, 'email', first.tab());
  assert.deepEqual([told(second), await codesHeld(world)], [moved(20), 1]);
  await first.submit({ code });
  assert.deepEqual([first.status, first.errors], [422, ['code_rejected']]);
  await second.submit({ code });
  assert.ok(second.code);
  world.travel(41);
  await first.press('send');
  await first.submit({ code: unlike(code, world.codeMailedTo(person.email)) });
  assert.deepEqual(first.errors, ['code_rejected']);
  await first.submit({ code: world.codeMailedTo(person.email) });
  assert.ok(first.code);
});

test('to look at pages moves no code, and neither does a wrong password [check 32]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const person = await world.person({ ways: ['email'] });
  const first = await atWay(world, person);
  const tab = await first.tab().authorize();
  await tab.reload();
  await tab.submit({ identifier: person.email, password: 'not the password' });
  await tab.reload();
  assert.equal(await codesHeld(world), 1);
  await first.submit({ code: world.codeMailedTo(person.email) });
  assert.ok(first.code);
});

test('of twenty sign-ins that were begun anew at once in one browser one holds the code, and of as many right answers one counts [check 29]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const person = await world.person({ ways: ['email'] });
  const first = await atWay(world, person);
  const code = world.codeMailedTo(person.email);
  const others: Browser[] = [];
  for (let n = 0; n < 20; n++) others.push(await first.tab().authorize());
  await Promise.all(others.map((tab) => tab.submit({ identifier: person.email, password: person.password })));
  assert.deepEqual([await codesHeld(world), mailsTo(world, person.email)], [1, 1]);
  const able = [first, ...others].filter(({ page }) => page.actions.some(({ name }) => name === 'factor'));
  await Promise.all(able.map((tab) => tab.submit({ code })));
  assert.equal([first, ...others].filter((tab) => tab.code).length, 1);
});

test('a code that Twilio made and judges goes along, and is spent once', async (t) => {
  const { world, twilio, texted } = await startTextingWorld(t, 'twilio-verify');
  world.travel(0);
  const person = await world.person({ ways: ['sms'] });
  const first = await atWay(world, person, 'sms');
  world.travel(20);
  const second = await atWay(world, person, 'sms', first.tab());
  assert.deepEqual([told(second), twilio.texts.length], [moved(20), 1]);
  await first.submit({ code: texted() });
  assert.deepEqual(first.errors, ['code_rejected']);
  await second.submit({ code: texted() });
  assert.ok(second.code);
});

test('a way that is added, cancelled and begun anew in the account area finds its code again', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const person = await world.person({ recovery: 1 });
  const browser = await atAdding(world, person, 'sms');
  await browser.submit({ phone: '+44 7400 123456' });
  await browser.press('cancel');
  world.travel(20);
  await browser.press('add sms');
  await browser.submit({ phone: '+44 7400 123456' });
  assert.deepEqual([told(browser), world.outbox.texts.length], [moved(20), 1]);
  await browser.submit({ code: world.codeTextedTo('+447400123456'), name: '' });
  assert.equal(noticeOf(browser), 'way_added');
});

test('whoever signs in by mail all day, and finishes, is sent every code; whoever never finishes is sent ten [check 107]', async (t) => {
  for (const finishes of [true, false]) {
    const world = await startWorld(t);
    world.travel(0);
    const person = await world.person({ ways: ['email'] });
    for (let n = 1; n <= 24; n++) {
      world.travel(11 * 60);
      const browser = await world.browser().authorize();
      await browser.submit({ identifier: person.email, password: person.password });
      if (!finishes) continue;
      await browser.submit({ code: world.codeMailedTo(person.email) });
      assert.ok(browser.code, `the ${n}th time`);
    }
    assert.equal(mailsTo(world, person.email), finishes ? 24 : 10);
  }
});

test('where a code may be sent, no command looks for an earlier one or for finished sign-ins', async (t) => {
  const watched = await watchedDatabase(t);
  const world = await startWorld(t, { database: watched.database });
  world.travel(0);
  const person = await world.person({ ways: ['email'] });
  const browser = await world.browser().authorize();
  const form = { identifier: person.email, password: person.password };
  const allowed = await watched.during(() => browser.submit(form));
  assert.equal(mailsTo(world, person.email), 1);
  const taken = (collection: string) => allowed.filter((command) => command.endsWith(` ${collection}`));
  assert.deepEqual(
    taken('send_budgets'),
    Array(4).fill('findAndModify send_budgets'),
    'recipient, account, address, day',
  );
  assert.deepEqual(taken('attempts').slice(0, 3), [
    'aggregate attempts',
    'findAndModify attempts',
    'findAndModify attempts',
  ]);
  assert.equal(taken('events').length, 0);

  const again = await browser.tab().authorize();
  const refused = await watched.during(() => again.submit(form));
  const more = refused.filter((command) => command === 'findAndModify attempts').length;
  assert.deepEqual([told(again).earlier, more], [true, 3], 'the one look-up that moves it');
});
