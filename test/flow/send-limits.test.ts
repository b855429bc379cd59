import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsOf } from '../support/database.ts';
import { goodPassword, mailsTo, register } from '../support/registration.ts';
import { startWorld, type World, type WorldOptions } from '../support/world.ts';

const ada = 'ada@example.com';

/** A world behind one proxy, which tells the client's address. */
function behindProxy(
  t: Parameters<typeof startWorld>[0],
  sendBudgets: Partial<World['config']['sendBudgets']>,
  more: WorldOptions = {},
) {
  const wide = { mailsPerDay: 10_000, smsPerDay: 100, smsPerCountryPerDay: 100, perAddressPerHour: 100_000 };
  return startWorld(t, { ...more, settings: { trustedProxies: 1, sendBudgets: { ...wide, ...sendBudgets } } });
}

const from = (world: World, address: string) => world.browser({ headers: { 'x-forwarded-for': address } });

test('200 registrations over many addresses and mailboxes send what the limits of the day leave, and everybody sees the same page [check 107]', async (t) => {
  const world = await behindProxy(t, { mailsPerDay: 60, perAddressPerHour: 8 });
  const asked = Array.from({ length: 200 }, (_, n) => n);
  const pages = new Set<string>();
  for (let n = 0; n < asked.length; n += 20) {
    const burst = asked.slice(n, n + 20).map(async (each) => {
      const browser = await register(from(world, `198.51.${each % 10}.1`), { email: `p${each % 120}@example.com` });
      pages.add(`${browser.status} ${browser.stage} ${browser.errors}`);
    });
    await Promise.all(burst);
  }
  assert.deepEqual([...pages], ['200 confirm-mail ']);
  assert.equal(world.outbox.mails.length, 30, 'half of the day is for those who sign in');
  const recipients = new Set(world.outbox.mails.map(({ to }) => to));
  assert.equal(recipients.size, 30, 'none is sent two in a minute');
  const alarms = (await rowsOf(world.database, 'events')).filter(({ kind }) => kind === 'alarm');
  assert.deepEqual(
    alarms.map(({ detail }) => detail),
    ['mail_day_strangers'],
  );
  assert.equal(world.logged.filter((line) => line.includes('a limit on what is sent')).length, 1);
});

test('one address sends so many messages an hour, another one is not kept waiting by it [check 106] [check 107]', async (t) => {
  const world = await behindProxy(t, { perAddressPerHour: 6 });
  world.travel(0);
  for (let n = 0; n < 6; n++) await register(from(world, `2001:db8::${n}`), { email: `p${n}@example.com` });
  assert.equal(world.outbox.mails.length, 3);
  world.travel(1800);
  const late = await register(from(world, '2001:db8:0:0:ffff::1'), { email: ada });
  assert.equal(late.page.facts.secondsToNextSend, 1800);
  await late.press('send');
  assert.deepEqual([late.status, late.errors], [422, ['send_wait']]);
  assert.match(late.text, /You can ask for another code in 30 minutes/);
  await register(from(world, '2001:db8:0:1::1'), { email: ada });
  assert.equal(mailsTo(world, ada), 1);
  world.travel(1801);
  await late.press('send');
  assert.equal(mailsTo(world, ada), 2);
});

test('a known and an unknown address are refused alike [check 9] [check 107]', async (t) => {
  const world = await behindProxy(t, { perAddressPerHour: 1 });
  const known = await world.person();
  await register(from(world, '192.0.2.1'), { email: 'first@example.com' });
  const seen: unknown[] = [];
  for (const email of [known.email, 'nobody@example.com']) {
    const { status, stage, page } = await register(from(world, '192.0.2.1'), { email });
    const { sentTo: _typed, nextSendAt, codeEndsAt: _ends, secondsToNextSend: _wait, ...facts } = page.facts;
    seen.push({ status, stage, facts, nextSendAt });
  }
  assert.deepEqual(seen[0], seen[1]);
  assert.equal(world.outbox.mails.length, 1);
});

test('what was sent is remembered over a restart and shared by two processes [check 107] [check 120]', async (t) => {
  const one = await behindProxy(t, { perAddressPerHour: 4 });
  await register(from(one, '192.0.2.1'), { email: 'first@example.com' });
  const other = await behindProxy(t, { perAddressPerHour: 4 }, { database: one.database });
  await Promise.all(
    Array.from({ length: 10 }, (_, n) =>
      register(from(n % 2 ? one : other, '192.0.2.1'), { email: `${n}@example.com` }),
    ),
  );
  assert.equal(one.outbox.mails.length + other.outbox.mails.length, 2);
});

test('strangers who register an address all day leave its owner the codes to sign in with [check 107] [check 109]', async (t) => {
  const world = await behindProxy(t, {});
  world.travel(0);
  const owner = await world.person({ email: ada, totp: false });
  for (let hour = 0; hour < 6; hour++) {
    await register(from(world, `198.51.100.${hour}`), { email: ada, password: goodPassword });
    world.travel(61);
    await register(from(world, `198.51.100.${hour}`), { email: 'a.da+x@example.com' });
    await register(from(world, `198.51.100.${hour}`), { email: 'ADA+x@example.com' });
    world.travel(3600);
  }
  assert.equal(mailsTo(world, ada) + mailsTo(world, 'ada+x@example.com'), 5);
  const browser = await from(world, '192.0.2.1').authorize();
  await browser.submit({ identifier: ada, password: owner.password });
  assert.equal(browser.stage, 'confirm-mail');
  await browser.submit({ code: world.codeMailedTo(ada) });
  assert.equal(browser.stage, 'enrol-totp');
});

test('whoever registers from all addresses of a network stops registration for that network alone [check 107]', async (t) => {
  const world = await behindProxy(t, { mailsPerDay: 16 });
  world.travel(0);
  for (let n = 0; n < 8; n++) await register(from(world, `2001:db8:1:${n}::1`), { email: `p${n}@example.com` });
  assert.equal(world.outbox.mails.length, 2);
  await register(from(world, '2001:db8:2::1'), { email: ada });
  assert.equal(mailsTo(world, ada), 1);
});

/** All that a stranger who registers somebody's address is shown, and the sentence of asking for another code. */
async function asStranger(world: World, seconds: number) {
  const shown: unknown[] = [];
  const browser = await register(from(world, '198.51.100.1'), { email: ada });
  for (const wait of [seconds, 60]) {
    const { nextSendAt: _at, codeEndsAt: _ends, ...facts } = browser.page.facts;
    shown.push([browser.status, browser.stage, browser.errors, facts]);
    world.travel(wait);
    await browser.press('send');
  }
  return [...shown, [browser.status, browser.errors, mailsTo(world, ada)]];
}

test('whoever registers the address of somebody who signs in just now is shown the same as at any other time, to the second', async (t) => {
  const seen: unknown[] = [];
  for (const signsInNow of [true, false]) {
    const world = await behindProxy(t, {});
    world.travel(0);
    const owner = await world.person({ email: ada, totp: false });
    const before = mailsTo(world, ada);
    world.travel(24 * 3600);
    const own = await from(world, '192.0.2.1').authorize();
    if (signsInNow) {
      await own.submit({ identifier: ada, password: owner.password });
      assert.equal(mailsTo(world, ada), before + 1);
    }
    world.travel(23);
    const shown = await asStranger(world, 30);
    const mails = shown.pop() as readonly [number, unknown, number];
    seen.push([...shown, mails[0], mails[1], mails[2] - before - (signsInNow ? 1 : 0)]);
  }
  assert.deepEqual(seen[0], seen[1]);
});

test('whoever has the password alone is not told when its owner was sent something', async (t) => {
  const world = await behindProxy(t, {});
  world.travel(0);
  const owner = await world.person({ email: ada, totp: false });
  world.travel(24 * 3600);
  const [own, thief] = [from(world, '192.0.2.1'), from(world, '198.51.100.1')];
  await own.authorize();
  await own.submit({ identifier: ada, password: owner.password });
  world.travel(23);
  await thief.authorize();
  await thief.submit({ identifier: ada, password: owner.password });
  assert.deepEqual(
    [thief.stage, thief.page.facts.unsent, thief.page.facts.secondsToNextSend],
    ['confirm-mail', true, 60],
  );
  // Two of three in ten minutes are used by each of them; the third is the thief's, and the end of the ten minutes began elsewhere.
  for (const expected of [[], ['send_wait'], []]) {
    if (expected.length === 0) world.travel(61);
    await thief.press('send');
    assert.deepEqual(thief.errors, expected);
  }
  world.travel(61);
  await thief.press('send');
  assert.deepEqual([thief.status, thief.errors], [422, ['send_later']]);
  assert.match(thief.text, /No code can be sent just now\. Try again in a few minutes\./);
});
