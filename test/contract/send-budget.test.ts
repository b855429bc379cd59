import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { Counters } from '../../src/protection/counters.ts';
import { levelsOf, type Send, type SendLimits, type SentTimes, sendBudget } from '../../src/protection/send-budget.ts';
import { mongoCounters } from '../../src/storage/counters.ts';
import { mongoSentTimes } from '../../src/storage/send-budgets.ts';
import { minutes, start, together } from '../support/account-stores.ts';
import { openDatabase, rowsOf } from '../support/database.ts';
import { memoryCounters, memoryEvents, memorySentTimes, wideLimits } from '../support/fakes/protection.ts';

interface Stores {
  readonly sentTimes: SentTimes;
  readonly counters: Counters;
}

const kinds: readonly (readonly [string, (t: TestContext) => Promise<Stores>])[] = [
  [
    'MongoDB',
    async (t) => {
      const db = await openDatabase(t);
      return { sentTimes: mongoSentTimes(db), counters: mongoCounters(db, 'send_budgets') };
    },
  ],
  ['memory', async () => ({ sentTimes: memorySentTimes(), counters: memoryCounters() })],
];

const day = 24 * 60;
const yes = { allowed: true } as const;
const notBefore = (minute: number) => ({ allowed: false, retryAt: minutes(minute) });
const toAda: Send = { courier: 'mail', recipient: 'ada@example.com' };
const adasOwn: Send = { ...toAda, proved: true, accountId: 'ada-id', address: '192.0.2.1' };
const text: Send = { ...adasOwn, courier: 'sms', recipient: '+447700900123' };

for (const [kind, openStores] of kinds) {
  async function open(t: TestContext, limits: Partial<SendLimits> = {}) {
    const stores = await openStores(t);
    const events = memoryEvents();
    const alarms: string[] = [];
    const deps = { ...stores, events, limits: { ...wideLimits, ...limits } };
    return { ...stores, events, alarms, budget: sendBudget({ ...deps, alarm: (limit) => alarms.push(limit) }) };
  }

  suite(`send budgets (${kind})`, () => {
    test('of 20 sends at once to one recipient one is allowed [check 107]', async (t) => {
      const { budget } = await open(t);
      const taken = await together(20, (n) => budget.take(n % 2 ? toAda : adasOwn, start));
      assert.equal(taken.filter(({ allowed }) => allowed).length, 1);
      assert.deepEqual(
        taken.find(({ allowed }) => !allowed),
        notBefore(1),
      );
      assert.deepEqual(await budget.take({ ...toAda, recipient: 'eve@example.com' }, start), yes);
    });

    test('an owner is sent one a minute, three in ten minutes, six an hour, ten a day, and refusals use nothing up [check 107]', async (t) => {
      const { budget } = await open(t);
      const allowed: number[] = [];
      for (const minute of [0, 1, 2, 3, 9, 10, 11, 12, 13, 59, 60, 61, 62, 63, 69, 70]) {
        const taken = await budget.take(adasOwn, minutes(minute));
        const early = await budget.take(adasOwn, new Date(minutes(minute).getTime() + 59_999));
        if (taken.allowed) allowed.push(minute);
        assert.equal(early.allowed, false);
      }
      assert.deepEqual(allowed, [0, 1, 2, 10, 11, 12, 60, 61, 62, 70]);
      assert.deepEqual(await budget.take(adasOwn, minutes(71)), notBefore(day));
      assert.deepEqual(await budget.take(adasOwn, minutes(day)), yes);
    });

    test('strangers use up their share of a recipient, never what its owner signs in with [check 107] [check 108]', async (t) => {
      const { budget } = await open(t);
      const allowed: number[] = [];
      for (const minute of [0, 1, 2, 9, 10, 11, 12, 59, 60, 61, 120, 299]) {
        if ((await budget.take(toAda, minutes(minute))).allowed) allowed.push(minute);
      }
      assert.deepEqual(allowed, [0, 1, 10, 11, 60]);
      assert.deepEqual(await budget.take(toAda, minutes(300)), notBefore(day));
      for (const minute of [300, 301, 302, 310, 311])
        assert.deepEqual(await budget.take(adasOwn, minutes(minute)), yes);
      assert.deepEqual(await budget.take(adasOwn, minutes(400)), notBefore(day));
    });

    test('a stranger keeps the owner waiting for a minute at most [check 109]', async (t) => {
      const { budget } = await open(t);
      for (const minute of [0, 1]) assert.deepEqual(await budget.take(toAda, minutes(minute)), yes);
      assert.deepEqual(await budget.take(toAda, minutes(2)), notBefore(10));
      assert.deepEqual(await budget.take(adasOwn, minutes(2)), yes);
    });

    const narrow = { mailsPerDay: 3, smsPerDay: 3, smsPerCountryPerDay: 2, perAddressPerHour: 4 };
    const names = levelsOf({ ...text, proved: false }, narrow).map(({ key }) => key);
    for (const [position, full] of names.entries()) {
      test(`of 20 at once that ${full} has no room for it refuses all but its limit, and every other budget gets back what was taken`, async (t) => {
        const { budget, counters, sentTimes } = await open(t, narrow);
        const level = levelsOf({ ...text, proved: false }, narrow)[position] ?? assert.fail();
        for (let spent = 0; spent < level.limit - 1; spent++) await counters.take(level.key, level, start);
        const number = (n: number) => `+4477009${String(n).padStart(5, '0')}`;
        const sends = await together(20, (n) => budget.take({ ...text, proved: false, recipient: number(n) }, start));
        assert.equal(sends.filter(({ allowed }) => allowed).length, 1);
        for (const other of levelsOf({ ...text, proved: false }, narrow)) {
          const { count } = { count: 0, ...(await counters.take(other.key, { ...other, limit: 1_000 }, start)) };
          assert.equal(count, (other.key === full ? level.limit : 1) + 1, other.key);
        }
        const free = await together(20, (n) => sentTimes.take(number(n), { at: start, stranger: true }));
        assert.equal(free.filter(({ allowed }) => allowed).length, 19);
      });
    }

    test('the refusal of a wide budget tells when that one ends, and it is open again then', async (t) => {
      const { budget } = await open(t, { perAddressPerHour: 2 });
      const to = (n: number) => ({ ...adasOwn, recipient: `ada${n}@example.com` });
      for (const n of [1, 2]) assert.deepEqual(await budget.take(to(n), minutes(5)), yes);
      assert.deepEqual(await budget.take(to(3), minutes(20)), notBefore(65));
      assert.deepEqual(await budget.take({ ...to(3), address: '192.0.2.2' }, minutes(20)), yes);
      assert.deepEqual(await budget.take(to(4), minutes(65)), yes);
    });

    test('an account sets off twenty messages a day, to however many recipients', async (t) => {
      const { budget } = await open(t);
      const sends = await together(30, (n) => budget.take({ ...adasOwn, recipient: `${n}@example.com` }, start));
      assert.equal(sends.filter(({ allowed }) => allowed).length, 20);
    });

    test('an IPv6 client is its whole /64 [check 106]', async (t) => {
      const { budget } = await open(t, { perAddressPerHour: 3 });
      const from = (n: number) =>
        ({ courier: 'mail', recipient: `${n}@example.com`, address: `2001:db8::${n}:1` }) as const;
      const sends = await together(10, (n) => budget.take(from(n), start));
      assert.equal(sends.filter(({ allowed }) => allowed).length, 3);
    });

    test('strangers set off at most half of the day, and owners are still sent their codes [check 107]', async (t) => {
      const { budget, events, alarms } = await open(t, { mailsPerDay: 10 });
      const to = (n: number, send: Send) => ({ ...send, recipient: `${n}@example.com`, address: `192.0.2.${n}` });
      const strangers = await together(20, (n) => budget.take(to(n, toAda), start));
      assert.equal(strangers.filter(({ allowed }) => allowed).length, 5);
      const owners = await together(20, (n) => budget.take({ ...to(100 + n, adasOwn), accountId: `${n}` }, start));
      assert.equal(owners.filter(({ allowed }) => allowed).length, 5);
      assert.deepEqual(alarms, ['mail_day_strangers', 'mail_day']);
      assert.deepEqual(
        events.all.map(({ kind: what, detail }) => [what, detail]),
        [
          ['alarm', 'mail_day_strangers'],
          ['alarm', 'mail_day'],
        ],
      );
    });

    test('one country cannot use up the SMS of the others, and each limit of a day is told once a day [check 107] [check 114]', async (t) => {
      const { budget, alarms } = await open(t, { smsPerCountryPerDay: 2 });
      const to = (n: number, country: string) => ({ ...text, recipient: `${country}77009${n}`, accountId: `${n}` });
      const english = await together(10, (n) => budget.take(to(n, '+44'), start));
      assert.equal(english.filter(({ allowed }) => allowed).length, 2);
      assert.deepEqual(await budget.take(to(1, '+49'), start), yes);
      assert.deepEqual(alarms, ['sms_country_44']);
      for (const n of [20, 21, 22]) await budget.take(to(n, '+44'), minutes(day));
      assert.deepEqual(alarms, ['sms_country_44', 'sms_country_44']);
    });

    test('a counter counts anew once its time is over, and takes nothing back into another time', async (t) => {
      const { counters } = await open(t);
      const rule = { limit: 2, milliseconds: 60_000 };
      assert.deepEqual(await counters.take('a', rule, start), { within: true, count: 1, endsAt: minutes(1) });
      assert.deepEqual(await counters.take('a', rule, start), { within: true, count: 2, endsAt: minutes(1) });
      assert.deepEqual(await counters.take('a', rule, start), { within: false, endsAt: minutes(1) });
      assert.deepEqual(await counters.take('a', rule, minutes(1)), { within: true, count: 1, endsAt: minutes(2) });
      await counters.giveBack('a', minutes(1));
      assert.deepEqual(await counters.take('a', rule, minutes(1)), { within: true, count: 2, endsAt: minutes(2) });
      await together(5, () => counters.giveBack('a', minutes(2)));
      assert.deepEqual(await counters.take('a', rule, minutes(1)), { within: true, count: 1, endsAt: minutes(2) });
    });

    test('of 50 at once a counter lets through its limit', async (t) => {
      const { counters } = await open(t);
      const taken = await together(50, () => counters.take('a', { limit: 7, milliseconds: 60_000 }, start));
      assert.equal(taken.filter(({ within }) => within).length, 7);
    });
  });
}

test('the budgets hold no address in clear, and each row knows when it may go', async (t) => {
  const db = await openDatabase(t);
  const stores = { sentTimes: mongoSentTimes(db), counters: mongoCounters(db, 'send_budgets') };
  await sendBudget({ ...stores, events: memoryEvents(), limits: wideLimits, alarm: () => {} }).take(adasOwn, start);
  const rows = await rowsOf(db, 'send_budgets');
  assert.equal(rows.length, 4);
  assert.doesNotMatch(JSON.stringify(rows), /ada|192\.0/);
  for (const row of rows) assert.ok(row.expiresAt instanceof Date);
});
