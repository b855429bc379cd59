import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeliveryError, type OutgoingMail } from '../../src/delivery/mailer.ts';
import { rowsOf } from '../support/database.ts';
import { mailsTo, register } from '../support/registration.ts';
import { startWorld } from '../support/world.ts';

/** What may not become an address: each could be read as another recipient, or as a second one. */
const refused = [
  '"ada@evil.example x"@example.com',
  '"ada"@example.com',
  'ada@example.com,eve@example.com',
  'ada@example.com;eve@example.com',
  'ada@example.com eve@example.com',
  'ada@example.com\r\nBcc: eve@example.com',
  'ada@example.com\nBcc:eve@example.com',
  'ada@example.com%0d%0aBcc:eve@example.com',
  'Ada <ada@example.com>',
  '<ada@example.com>',
  'ada@evil.example@example.com',
  'ada＠evil.example@example.com',
  'ada(eve@evil.example)@example.com',
  'ada@[127.0.0.1]',
  'ada@127.0.0.1',
  'ada@example',
  'ada@localhost',
  '@example.com',
  'ada@',
  '.ada@example.com',
  'ada..b@example.com',
  'ada@-example.com',
  'аda@example.com',
  `${'a'.repeat(65)}@example.com`,
  `ada@${'a.'.repeat(124)}com`,
];

test('an address that is not exactly one well-formed recipient is refused and sends nothing [check 91]', async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().authorize();
  await browser.press('register');
  for (const email of refused) {
    await register(browser, { email });
    assert.deepEqual([browser.status, browser.errors], [422, ['email_shape']], email);
  }
  assert.deepEqual(world.outbox.mails, []);
  assert.deepEqual(await rowsOf(world.database, 'send_budgets'), []);
});

/** Typed, and the one recipient that is meant. */
const meant: readonly (readonly [string, string])[] = [
  ['ada＠example.com', 'ada@example.com'],
  ['  Ada@Example.COM ', 'ada@example.com'],
  ['\u200bada@example.com\r\n', 'ada@example.com'],
  ['ａｄａ@example.com', 'ada@example.com'],
  ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
  ['ada@BÜCHER.example', 'ada@xn--bcher-kva.example'],
  ['ada@例え。jp', 'ada@xn--r8jz45g.jp'],
  ["o'neil+x@example.com", "o'neil+x@example.com"],
];

for (const [typed, recipient] of meant) {
  test(`mail for ${JSON.stringify(typed)} goes to ${recipient} alone, and that is the account's address [check 91]`, async (t) => {
    const world = await startWorld(t);
    const browser = await register(world.browser(), { email: typed });
    assert.deepEqual(
      world.outbox.mails.map(({ to }) => to),
      [recipient],
    );
    assert.equal(browser.page.facts.sentTo, recipient);
    await browser.submit({ code: world.codeMailedTo(recipient) });
    const accounts = await rowsOf(world.database, 'accounts');
    assert.deepEqual(
      accounts.map(({ email }) => email),
      [recipient],
    );
  });
}

test('strangers set off one mail a minute, two in ten minutes, five a day for a mailbox, in all its spellings and from any number of browsers [check 107] [check 108]', async (t) => {
  const world = await startWorld(t);
  const spellings = ['a.d.a+y@gmail.com', 'ADA@googlemail.com', 'ada@gmail.com'];
  const mails: number[] = [];
  for (const minutes of [1, 1, 8, 1, 48, 1, 23 * 60]) {
    await Promise.all(spellings.map((email) => register(world.browser(), { email })));
    mails.push(world.outbox.mails.length);
    world.travel(minutes * 60 + 1);
  }
  assert.deepEqual(mails, [1, 2, 2, 3, 4, 4, 5]);
  await register(world.browser(), { email: 'ada@gmail.com' });
  assert.equal(world.outbox.mails.length, 6);
});

test('whom the budget keeps waiting in another browser sees the page that everybody sees, and a minute to wait whatever began elsewhere [check 107]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  await register(world.browser(), { email: 'ada@example.com' });
  world.travel(5);
  const browser = await register(world.browser(), { email: 'ada+x@example.com' });
  assert.deepEqual([browser.status, browser.stage, browser.errors], [200, 'confirm-mail', []]);
  assert.equal(browser.page.facts.secondsToNextSend, 60);
  assert.equal(mailsTo(world, 'ada+x@example.com'), 0);
});

test('a recipient that comes with the request to send is refused: mail goes to the stored address only [check 16] [check 31]', async (t) => {
  const world = await startWorld(t);
  const browser = await register(world.browser(), { email: 'ada@example.com' });
  const page = browser.page;
  const { href = '' } = page.actions.find(({ name }) => name === 'send') ?? {};
  world.travel(61);
  for (const field of ['email', 'to', 'destination', 'email[]', 'phone']) {
    await browser.post(href, { [field]: 'eve@example.com' });
    assert.equal(browser.status, 400, field);
    browser.page = page;
  }
  assert.deepEqual(
    world.outbox.mails.map(({ to }) => to),
    ['ada@example.com'],
  );
});

test('a mail that cannot be handed over is told on the page; the next one, a minute later, works', async (t) => {
  const mails: OutgoingMail[] = [];
  let down = true;
  const mailer = {
    async send(mail: OutgoingMail) {
      if (down) throw new DeliveryError('unreachable', 'connection', new Error('connect ECONNREFUSED smtp.internal'));
      mails.push(mail);
    },
  };
  const world = await startWorld(t, { mailer });
  world.travel(0);
  const browser = await register(world.browser(), { email: 'ada@example.com' });
  assert.deepEqual([browser.stage, browser.errors], ['confirm-mail', ['send_failed']]);
  assert.equal(browser.page.facts.secondsToNextSend, 60);
  assert.ok(!browser.text.includes('smtp.internal'));
  assert.ok(world.logged.some((line) => line.includes('smtp.internal')));

  down = false;
  await browser.press('send');
  assert.deepEqual(browser.errors, ['send_wait']);
  world.travel(61);
  await browser.press('send');
  assert.deepEqual([browser.stage, browser.errors], ['confirm-mail', []]);
  await browser.submit({ code: /^\s*(\d{6})\s*$/m.exec(mails[0]?.text ?? '')?.[1] ?? '' });
  assert.equal(browser.stage, 'enrol-totp');
});
