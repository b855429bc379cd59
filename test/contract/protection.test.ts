import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { Event } from '../../src/protection/events.ts';
import type { Send, SendBudget } from '../../src/protection/send-budget.ts';
import { mongoEvents } from '../../src/storage/events.ts';
import { mongoSendBudget } from '../../src/storage/send-budgets.ts';
import { minutes, start, together } from '../support/account-stores.ts';
import { openDatabase, rowsOf } from '../support/database.ts';
import { memoryEvents, memorySendBudget } from '../support/fakes/protection.ts';

const event: Event = { at: start, kind: 'sign_in', result: 'success', accountId: 'ada-id', requestId: 'r1' };

const toAda: Send = { courier: 'mail', recipient: 'ada@example.com' };

const budgets: readonly (readonly [string, (t: TestContext) => Promise<SendBudget>])[] = [
  ['MongoDB', async (t) => mongoSendBudget(await openDatabase(t))],
  ['memory', async () => memorySendBudget()],
];

test('each event is one more record of exactly its fields [check 112]', async (t) => {
  const db = await openDatabase(t);
  const events = mongoEvents(db);
  const fake = memoryEvents();
  for (const one of [events, fake]) await together(3, () => one.append(event));
  const rows = await rowsOf(db, 'events');
  assert.deepEqual(
    rows.map(({ _id, ...rest }) => rest),
    [event, event, event],
  );
  assert.deepEqual(fake.all, [event, event, event]);
});

test('an event of one name is one record, of 20 at once too', async (t) => {
  const db = await openDatabase(t);
  const fake = memoryEvents();
  for (const one of [mongoEvents(db), fake]) {
    await together(20, () => one.appendOnce('first', event));
    await one.appendOnce('second', event);
  }
  assert.equal((await rowsOf(db, 'events')).length, 2);
  assert.equal(fake.all.length, 2);
});

test('a field that no event has is refused and nothing is recorded [check 113]', async (t) => {
  const db = await openDatabase(t);
  const leaky: Event & { readonly code: string } = { ...event, code: '123456' };
  await assert.rejects(mongoEvents(db).append(leaky), /not in schema/);
  assert.deepEqual(await rowsOf(db, 'events'), []);
});

for (const [kind, openStore] of budgets) {
  suite(`send budgets (${kind})`, () => {
    test('of 20 sends at once to one recipient one is allowed [check 107]', async (t) => {
      const budget = await openStore(t);
      const taken = await together(20, () => budget.take(toAda, start));
      assert.equal(taken.filter(({ allowed }) => allowed).length, 1);
      const refused = taken.find(({ allowed }) => !allowed);
      assert.deepEqual(refused, { allowed: false, retryAt: minutes(1) });
      assert.deepEqual(await budget.take({ ...toAda, recipient: 'eve@example.com' }, start), { allowed: true });
    });

    test('after a minute the next is allowed, and the five of a day are not used up by refusals [check 107]', async (t) => {
      const budget = await openStore(t);
      for (let sent = 0; sent < 5; sent++) {
        assert.deepEqual(await budget.take(toAda, minutes(sent)), { allowed: true });
        const early = new Date(minutes(sent + 1).getTime() - 1);
        for (let again = 0; again < 10 && sent < 4; again++) {
          assert.deepEqual(await budget.take(toAda, early), { allowed: false, retryAt: minutes(sent + 1) });
        }
      }
      const dayLater = minutes(24 * 60);
      assert.deepEqual(await budget.take(toAda, minutes(5)), { allowed: false, retryAt: dayLater });
      assert.deepEqual(await budget.take(toAda, dayLater), { allowed: true });
      const next = { allowed: false, retryAt: minutes(24 * 60 + 1) };
      assert.deepEqual(await budget.take(toAda, dayLater), next);
    });
  });
}

test('the budgets hold no address in clear, and each row knows when it may go', async (t) => {
  const db = await openDatabase(t);
  await mongoSendBudget(db).take(toAda, start);
  const [row, ...others] = await rowsOf(db, 'send_budgets');
  assert.equal(others.length, 0);
  assert.equal(JSON.stringify(row).includes('ada'), false);
  assert.deepEqual(row?.expiresAt, minutes(24 * 60));
});
