import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { Counters } from '../../src/protection/counters.ts';
import { type Event, type Events, signInRecord } from '../../src/protection/events.ts';
import type { FinishedSignIns } from '../../src/protection/finished-sends.ts';
import type { SentTimes } from '../../src/protection/recipient-rule.ts';
import { sendBudget } from '../../src/protection/send-budget.ts';
import { type Send, type SendLimits, sharedBudgetsOf } from '../../src/protection/shared-budgets.ts';
import type { Database } from '../../src/storage/connection.ts';
import { mongoCounters } from '../../src/storage/counters.ts';
import { mongoEvents } from '../../src/storage/events.ts';
import { mongoFinishedSignIns } from '../../src/storage/finished-sign-ins.ts';
import { mongoSentTimes } from '../../src/storage/send-budgets.ts';
import { minutes, start, together } from '../support/account-stores.ts';
import { openDatabase, rowsOf } from '../support/database.ts';
import {
  memoryCounters,
  memoryEvents,
  memoryFinishedSignIns,
  memorySentTimes,
  wideLimits,
} from '../support/fakes/protection.ts';

interface Stores {
  readonly events: Events;
  readonly finishedSignIns: FinishedSignIns;
  readonly sentTimes: SentTimes;
  readonly counters: Counters;
}

function ofMongo(db: Database) {
  return {
    sentTimes: mongoSentTimes(db),
    counters: mongoCounters(db, 'send_budgets'),
    finishedSignIns: mongoFinishedSignIns(db),
  };
}

const kinds: readonly (readonly [string, (t: TestContext) => Promise<Stores>])[] = [
  [
    'MongoDB',
    async (t) => {
      const db = await openDatabase(t);
      return { ...ofMongo(db), events: mongoEvents(db) };
    },
  ],
  [
    'memory',
    async () => {
      const events = memoryEvents();
      const finishedSignIns = memoryFinishedSignIns(events);
      return { sentTimes: memorySentTimes(), counters: memoryCounters(), events, finishedSignIns };
    },
  ],
];

const day = 24 * 60;
const finishedEvent: Event = { at: start, kind: 'sign_in', result: 'success' };
const yes = { allowed: true } as const;
const notBefore = (minute: number) => ({ allowed: false, retryAt: minutes(minute) });
const refusal = { allowed: false } as const;
const toAda: Send = { courier: 'mail', recipient: 'ada@example.com', by: 'here' };
const adasOwn: Send = { ...toAda, proved: true, accountId: 'ada-id', address: '192.0.2.1' };
const text: Send = { ...adasOwn, courier: 'sms', recipient: '+447700900123' };

/** Twenty at once, and again: more would measure the machine. */
async function inTurns<Taken>(count: number, take: (n: number) => Promise<Taken>): Promise<readonly Taken[]> {
  const taken: Taken[] = [];
  for (let first = 0; first < count; first += 20) taken.push(...(await together(20, (n) => take(first + n))));
  return taken;
}

for (const [kind, openStores] of kinds) {
  async function open(t: TestContext, limits: Partial<SendLimits> = {}) {
    const stores = await openStores(t);
    const events = memoryEvents();
    const alarms: string[] = [];
    const deps = { ...stores, events, limits: { ...wideLimits, ...limits } };
    const finish = (signIn: string) => stores.events.appendOnce(signInRecord(signIn), finishedEvent);
    return { ...stores, events, alarms, finish, budget: sendBudget({ ...deps, alarm: (limit) => alarms.push(limit) }) };
  }

  suite(`send budgets (${kind})`, () => {
    test('of 20 sends at once to one recipient one is allowed [check 107]', async (t) => {
      for (const who of [toAda, adasOwn]) {
        const { budget } = await open(t);
        const taken = await together(20, () => budget.take(who, start));
        assert.equal(taken.filter(({ allowed }) => allowed).length, 1);
        assert.deepEqual(
          taken.find(({ allowed }) => !allowed),
          notBefore(1),
        );
        assert.deepEqual(await budget.take({ ...who, recipient: 'eve@example.com' }, start), yes);
      }
    });

    test('an owner waits for what a stranger set off; a stranger is answered as if the owner had been sent nothing', async (t) => {
      const { budget } = await open(t);
      const eve = { ...toAda, by: 'eve' };
      assert.deepEqual(await budget.take(adasOwn, start), yes);
      assert.deepEqual(await budget.take(eve, start), yes, 'at the same moment');
      assert.deepEqual(await budget.take(eve, new Date(start.getTime() + 59_999)), notBefore(1));
      assert.deepEqual(await budget.take(toAda, new Date(start.getTime() + 59_999)), refusal, 'began elsewhere');
      assert.deepEqual(await budget.take(adasOwn, new Date(start.getTime() + 59_999)), notBefore(1));
      assert.deepEqual(await budget.take({ ...adasOwn, by: 'thief' }, new Date(start.getTime() + 59_999)), refusal);
      assert.deepEqual(await budget.take(adasOwn, minutes(1)), yes);
      assert.deepEqual(
        await budget.take(adasOwn, minutes(2)),
        refusal,
        'the third in ten minutes was not set off here',
      );
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

    /** One message for each sign-in, ten minutes apart: the first that is refused. */
    async function firstRefused(
      { budget, finish }: Awaited<ReturnType<typeof open>>,
      { most, finishes, ways = 1 }: { most: number; finishes: (n: number) => boolean; ways?: number },
    ): Promise<number | undefined> {
      for (let n = 1; n <= most; n++) {
        const own = { ...adasOwn, recipient: `ada${n % ways}@example.com`, signIn: `sign-in ${n}` };
        if (!(await budget.take(own, minutes(n * 11))).allowed) return n;
        if (finishes(n)) await finish(own.signIn);
      }
      return undefined;
    }

    test('whoever finishes every sign-in is never shut out in a day, whoever finishes none after the tenth, and what fails counts beside what does not [check 107]', async (t) => {
      assert.equal(await firstRefused(await open(t), { most: 120, finishes: () => true }), undefined);
      assert.equal(await firstRefused(await open(t), { most: 120, finishes: () => false }), 11);
      assert.equal(await firstRefused(await open(t), { most: 120, finishes: (n) => n % 2 === 0 }), 20);
    });

    test('finished sign-ins are given back to the account too, whatever way they went; failures use it up [check 107]', async (t) => {
      assert.equal(await firstRefused(await open(t), { most: 100, ways: 3, finishes: () => true }), undefined);
      assert.equal(await firstRefused(await open(t), { most: 100, ways: 3, finishes: () => false }), 21);
    });

    test('a finished sign-in gives back nothing of the short windows, of what strangers have, or of what others share [check 107] [check 108]', async (t) => {
      const { budget, finish, counters, sentTimes } = await open(t);
      const own = (n: number): Send => ({ ...adasOwn, signIn: `sign-in ${n}` });
      for (const n of [0, 1, 2]) {
        assert.deepEqual(await budget.take(own(n), minutes(n)), yes);
        await finish(`sign-in ${n}`);
        assert.deepEqual(
          await budget.take(own(9), new Date(minutes(n + 1).getTime() - 1)),
          notBefore(n === 2 ? 10 : n + 1),
        );
      }
      assert.deepEqual(await budget.take(own(9), minutes(3)), notBefore(10));
      await sentTimes.settle(adasOwn.recipient, { signIns: ['sign-in 0', 'sign-in 1', 'sign-in 2'], as: 'finished' });
      assert.deepEqual(await budget.take(own(9), minutes(3)), notBefore(10), 'marked, and in ten minutes all the same');
      assert.equal((await sentTimes.sentTo(adasOwn.recipient)).length, 3, 'and none is kept that was refused');
      const taken = await counters.take('mail_day', { limit: 100, milliseconds: 60_000 }, minutes(3));
      assert.equal(taken.within && taken.count, 4);
      for (const minute of [10, 21, 32, 43, 104]) {
        const stranger = { ...toAda, signIn: `sign-in ${minute}` };
        assert.deepEqual(await budget.take(stranger, minutes(minute)), yes, `${minute}`);
        await finish(stranger.signIn);
      }
      assert.equal((await budget.take(toAda, minutes(400))).allowed, false, 'five a day');
    });

    test('of 20 at once at the end of a day each finished sign-in is given back once [check 107]', async (t) => {
      const { budget, finish, sentTimes, counters } = await open(t);
      const account = { key: 'account:ada-id', limit: 20, milliseconds: day * 60_000 };
      for (let n = 0; n < 10; n++) {
        await budget.take({ ...adasOwn, signIn: `${n}` }, minutes(n * 11));
        if (n % 2) await finish(`${n}`);
      }
      for (let n = 0; n < 10; n++) await counters.take(account.key, account, minutes(110));
      const settled = await together(20, () =>
        sentTimes.settle(adasOwn.recipient, { signIns: ['1', '3'], as: 'refunded' }),
      );
      assert.deepEqual(
        settled
          .flat()
          .map(({ signIn }) => signIn)
          .sort(),
        ['1', '3'],
      );
      const sends = await together(20, (n) => budget.take({ ...adasOwn, signIn: `new ${n}` }, minutes(120)));
      assert.equal(sends.filter(({ allowed }) => allowed).length, 1);
      const room = await together(20, () => counters.take(account.key, account, minutes(121)));
      assert.equal(
        room.filter(({ within }) => within).length,
        2,
        'three of five were not marked before, one of them is used',
      );
    });

    test('a stranger keeps the owner waiting for a minute at most [check 109]', async (t) => {
      const { budget } = await open(t);
      for (const minute of [0, 1]) assert.deepEqual(await budget.take(toAda, minutes(minute)), yes);
      assert.deepEqual(await budget.take(toAda, minutes(2)), notBefore(10));
      assert.deepEqual(await budget.take(adasOwn, minutes(2)), yes);
    });

    const narrow = { mailsPerDay: 12, smsPerDay: 14, smsPerCountryPerDay: 12, perAddressPerHour: 8 };
    const wide = { milliseconds: 60_000 };
    const names = sharedBudgetsOf({ ...text, proved: false }, narrow).map(({ key }) => key);
    for (const [position, full] of names.entries()) {
      test(`of 20 at once that ${full} has no room for it refuses all but its limit, and every other budget gets back what was taken`, async (t) => {
        const { budget, counters, sentTimes } = await open(t, narrow);
        const shared = sharedBudgetsOf({ ...text, proved: false }, narrow)[position] ?? assert.fail();
        const room = shared.share ?? shared.limit;
        for (let spent = 0; spent < room - 1; spent++) await counters.take(shared.key, shared, start);
        const number = (n: number) => `+4477009${String(n).padStart(5, '0')}`;
        const sends = await together(20, (n) => budget.take({ ...text, proved: false, recipient: number(n) }, start));
        assert.equal(sends.filter(({ allowed }) => allowed).length, 1);
        for (const other of sharedBudgetsOf({ ...text, proved: false }, narrow)) {
          const { count } = { count: 0, ...(await counters.take(other.key, { ...wide, limit: 1_000 }, start)) };
          assert.equal(count, (other.key === full ? room : 1) + 1, other.key);
          const shares = await together(20, () => counters.take(other.key, { ...wide, limit: 1_000, share: 9 }, start));
          const before = other.share === undefined ? 0 : other.key === full ? room : 1;
          assert.equal(shares.filter(({ within }) => within).length, 9 - before, `${other.key}, strangers`);
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
      const from = (n: number): Send => ({ ...adasOwn, recipient: `${n}@example.com`, address: `2001:db8::${n}:1` });
      const sends = await together(10, (n) => budget.take(from(n), start));
      assert.equal(sends.filter(({ allowed }) => allowed).length, 3);
    });

    test('strangers set off at most half of the day, and owners are still sent their codes [check 107]', async (t) => {
      const { budget, events, alarms } = await open(t, { mailsPerDay: 10 });
      const to = (n: number, send: Send) => ({ ...send, recipient: `${n}@example.com`, address: `192.0.2.${n}` });
      const strangers = await together(20, (n) => budget.take({ ...to(n, toAda), address: `192.0.${n}.1` }, start));
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

    test('fifteen accounts that a stranger made leave half of a country and of an address to those who sign in [check 107]', async (t) => {
      const { budget, alarms } = await open(t, { smsPerCountryPerDay: 60, perAddressPerHour: 40 });
      const number = (n: number) => `+4477009${String(n).padStart(5, '0')}`;
      const setUp = (n: number, address: string): Send => ({
        ...text,
        proved: false,
        recipient: number(n),
        address,
        accountId: `${n % 15}`,
      });
      const same = await inTurns(40, (n) => budget.take(setUp(n, '198.51.100.1'), start));
      assert.equal(same.filter(({ allowed }) => allowed).length, 8, 'a quarter of what strangers have of the country');
      const many = await inTurns(60, (n) => budget.take(setUp(100 + n, `198.51.${n % 40}.1`), start));
      assert.equal(many.filter(({ allowed }) => allowed).length, 22);
      assert.deepEqual([...new Set(alarms)].sort(), ['sms_country_44_strangers', 'sms_day_network']);
      const owner = (n: number): Send => ({
        ...text,
        recipient: number(400 + n),
        accountId: `owner${n}`,
        address: '198.51.100.1',
      });
      const owners = await inTurns(40, (n) => budget.take(owner(n), start));
      assert.equal(owners.filter(({ allowed }) => allowed).length, 30, 'the other half');
    });

    test('strangers of one address have half of what it may set off', async (t) => {
      const { budget } = await open(t, { perAddressPerHour: 10 });
      const from = (n: number, who: Send): Send => ({ ...who, recipient: `${n}@example.com`, address: '192.0.2.1' });
      const strangers = await together(20, (n) => budget.take(from(n, toAda), start));
      assert.equal(strangers.filter(({ allowed }) => allowed).length, 5);
      assert.deepEqual(await budget.take(from(30, toAda), start), notBefore(60), 'their own address may be told of');
      const owners = await together(20, (n) => budget.take({ ...from(50 + n, adasOwn), accountId: `${n}` }, start));
      assert.equal(owners.filter(({ allowed }) => allowed).length, 5);
    });

    test('whoever takes all addresses of a network in turn uses up a quarter of what strangers have, and each network that does is told once [check 107] [check 114]', async (t) => {
      const { budget, alarms, events } = await open(t, { mailsPerDay: 80 });
      const from = (n: number, address: string): Send => ({ ...toAda, recipient: `${n}@example.com`, address });
      const old = await inTurns(40, (n) => budget.take(from(n, `198.51.100.${n}`), start));
      assert.equal(old.filter(({ allowed }) => allowed).length, 10);
      const six = await inTurns(40, (n) => budget.take(from(100 + n, `2001:db8:7:${n}::1`), minutes(1)));
      assert.equal(six.filter(({ allowed }) => allowed).length, 10);
      assert.deepEqual(await budget.take(from(200, '198.51.100.200'), minutes(2)), refusal);
      assert.deepEqual(await budget.take(from(300, '203.0.113.1'), minutes(2)), yes);
      assert.deepEqual(alarms, ['mail_day_network', 'mail_day_network']);
      assert.equal(events.all.length, 2);
    });

    test('what a wide budget refuses a stranger is forgotten without the message that the owner was sent at the same moment', async (t) => {
      const { budget } = await open(t, { perAddressPerHour: 1 });
      await budget.take({ ...toAda, recipient: 'eve@example.com', address: '198.51.100.1' }, start);
      assert.deepEqual(await budget.take(adasOwn, minutes(1)), yes);
      assert.equal((await budget.take({ ...toAda, address: '198.51.100.1' }, minutes(1))).allowed, false);
      const again = { ...adasOwn, address: '192.0.2.2' };
      assert.deepEqual(await budget.take(again, new Date(minutes(2).getTime() - 1)), notBefore(2));
    });

    test('only a wait of the own address is told by a budget that others share', async (t) => {
      const to = (n: number): Send => ({ ...adasOwn, recipient: `ada${n}@example.com` });
      for (const limits of [{ mailsPerDay: 1 }, { perAddressPerHour: 1 }]) {
        const { budget } = await open(t, limits);
        await budget.take(to(1), start);
        assert.deepEqual(await budget.take(to(2), start), limits.mailsPerDay ? refusal : notBefore(60));
      }
      const { budget } = await open(t);
      for (let n = 0; n < 20; n++) await budget.take(to(n), start);
      assert.deepEqual(await budget.take(to(20), start), refusal, 'of the account: when its owner was sent the first');
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
      assert.deepEqual(await counters.take('a', rule, start), { within: false, endsAt: minutes(1), full: 'limit' });
      assert.deepEqual(await counters.take('a', rule, minutes(1)), { within: true, count: 1, endsAt: minutes(2) });
      await counters.giveBack('a', { endsAt: minutes(1), shared: false });
      assert.deepEqual(await counters.take('a', rule, minutes(1)), { within: true, count: 2, endsAt: minutes(2) });
      await together(5, () => counters.giveBack('a', { endsAt: minutes(2), shared: false }));
      assert.deepEqual(await counters.take('a', rule, minutes(1)), { within: true, count: 1, endsAt: minutes(2) });
    });

    test('a share is counted beside the whole: of 50 at once it lets through its own, the others have the rest, and what is given back is open to all again', async (t) => {
      const { counters } = await open(t);
      const [all, some] = [
        { limit: 7, milliseconds: 60_000 },
        { limit: 7, milliseconds: 60_000, share: 3 },
      ];
      const taken = await together(50, () => counters.take('a', some, start));
      assert.equal(taken.filter(({ within }) => within).length, 3);
      assert.deepEqual(await counters.take('a', some, start), { within: false, endsAt: minutes(1), full: 'share' });
      const others = await together(50, () => counters.take('a', all, start));
      assert.equal(others.filter(({ within }) => within).length, 4);
      assert.deepEqual(await counters.take('a', some, start), { within: false, endsAt: minutes(1), full: 'limit' });
      await counters.giveBack('a', { endsAt: minutes(1), shared: false });
      assert.deepEqual(await counters.take('a', some, start), { within: false, endsAt: minutes(1), full: 'share' });
      await counters.giveBack('a', { endsAt: minutes(1), shared: true });
      assert.deepEqual(await counters.take('a', some, start), { within: true, count: 6, endsAt: minutes(1) });
      assert.deepEqual(await counters.take('a', some, minutes(1)), { within: true, count: 1, endsAt: minutes(2) });
      const anew = await together(50, () => counters.take('a', some, minutes(1)));
      assert.equal(anew.filter(({ within }) => within).length, 2, 'a share begins anew with its time');
      assert.equal((await counters.take('a', all, minutes(2))).within, true);
      const later = await together(50, () => counters.take('a', some, minutes(2)));
      assert.equal(later.filter(({ within }) => within).length, 3, 'whoever begins it');
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
  await sendBudget({ ...ofMongo(db), events: memoryEvents(), limits: wideLimits, alarm: () => {} }).take(
    adasOwn,
    start,
  );
  const rows = await rowsOf(db, 'send_budgets');
  assert.equal(rows.length, 4);
  assert.doesNotMatch(JSON.stringify(rows), /ada|192\.0/);
  for (const row of rows) assert.ok(row.expiresAt instanceof Date);
});
