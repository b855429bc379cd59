import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bindingOf } from '../../src/delivery/code-binding.ts';
import { mailCourier } from '../../src/delivery/couriers.ts';
import { type CodeRequest, type DeliveredCodes, deliveredCodes } from '../../src/delivery/delivered-codes.ts';
import type { OutgoingMail } from '../../src/delivery/mailer.ts';
import { memorySendBudget } from '../support/fakes/protection.ts';

const minute = 60_000;
const request: CodeRequest = {
  holder: { id: 'attempt', browser: 'here' },
  purpose: 'registration',
  courier: 'mail',
  destination: 'ada@example.com',
  view: 'registration-code',
  client: 'App',
  origin: {},
};

function setUp() {
  const clock = { now: new Date('2030-01-01T00:00:00Z') };
  const mails: OutgoingMail[] = [];
  const codes = deliveredCodes({
    // Legible: what was hashed is the hash.
    cipher: {
      mac: (value, context) => `${context}|${value}`,
      matchesMac: (mac, value, context) => mac === `${context}|${value}`,
    },
    sendBudget: memorySendBudget(),
    couriers: {
      mail: mailCourier({
        mailer: {
          async send(mail) {
            mails.push(mail);
          },
        },
        letters: {
          mail: async (view, facts) => ({ subject: view, text: String(facts.code), html: '' }),
          sms: ({ code }) => code,
        },
        places: { of: async () => undefined },
      }),
    },
    digits: 6,
    now: () => clock.now,
  });
  const wait = (milliseconds: number) => {
    clock.now = new Date(clock.now.getTime() + milliseconds);
  };
  return { codes, mails, wait, clock };
}

/** As a page does it: what may not be sent is not. */
async function send(codes: DeliveredCodes, asked: CodeRequest) {
  const prepared = await codes.prepare(asked);
  if (prepared.sendable) await prepared.send();
  return prepared;
}

const adas = {
  holder: { id: 'attempt', browser: 'here', accountId: 'ada' },
  purpose: 'sign-in',
  factorId: 'home',
} as const;

test('the mailed code is the one that matches, for its own account, browser, purpose, factor, courier and destination alone [check 27]', async () => {
  const { codes, mails } = setUp();
  const { deliveredCode } = await send(codes, { ...request, ...adas });
  const code = mails[0]?.text ?? '';
  assert.match(code, /^[0-9]{6}$/);
  const holder = adas.holder;
  assert.equal(await codes.matches(holder, deliveredCode, code), true);
  assert.equal(await codes.matches({ ...holder, id: 'another sign-in' }, deliveredCode, code), true);
  for (const other of [{ browser: 'there' }, { accountId: 'eve' }])
    assert.equal(await codes.matches({ ...holder, ...other }, deliveredCode, code), false, JSON.stringify(other));
  assert.equal(await codes.matches({ id: 'attempt', accountId: 'ada' }, deliveredCode, code), false, 'no browser');
  assert.equal(await codes.matches({ id: 'attempt', browser: 'here' }, deliveredCode, code), false, 'no account');
  const changes = [
    { purpose: 'first-factor' },
    { purpose: 'enrolment' },
    { factorId: 'work' },
    { destination: 'eve@example.com' },
    { id: 'of another code' },
  ] as const;
  for (const change of changes)
    assert.equal(await codes.matches(holder, { ...deliveredCode, ...change }, code), false, JSON.stringify(change));
});

test('where no browser is known a code is good in its own sign-in alone [check 27]', async () => {
  const { codes, mails } = setUp();
  const { deliveredCode } = await send(codes, { ...request, holder: { id: 'attempt' } });
  const code = mails[0]?.text ?? '';
  assert.equal(await codes.matches({ id: 'attempt' }, deliveredCode, code), true);
  assert.equal(await codes.matches({ id: 'other' }, deliveredCode, code), false);
  assert.equal(await codes.matches({ id: 'other', browser: 'attempt' }, deliveredCode, code), false);
});

test('what is set up has an id of its own in each sign-in: its code follows to the next one, and to nothing else', async () => {
  const { codes, mails } = setUp();
  const holder = adas.holder;
  const { deliveredCode } = await send(codes, { ...request, holder, purpose: 'enrolment', factorId: 'first' });
  const code = mails[0]?.text ?? '';
  assert.equal(await codes.matches(holder, { ...deliveredCode, factorId: 'second' }, code), true);
  assert.equal(await codes.matches(holder, { ...deliveredCode, purpose: 'sign-in' }, code), false);
});

test('what a code is found by is the same for the same person, browser and destination alone, and stands beside it only once it was sent', async () => {
  const { codes } = setUp();
  const mine = { ...request, ...adas };
  const { deliveredCode } = await send(codes, mine);
  assert.equal(deliveredCode.binding, bindingOf({ ...mine.holder, id: 'another' }, mine));
  const names = [
    bindingOf(mine.holder, mine),
    bindingOf({ ...mine.holder, browser: 'there' }, mine),
    bindingOf({ ...mine.holder, accountId: 'eve' }, mine),
    bindingOf({ id: 'attempt', accountId: 'ada' }, mine),
    bindingOf({ id: 'here', accountId: 'ada' }, mine),
    bindingOf(mine.holder, { ...mine, purpose: 'first-factor' }),
    bindingOf(mine.holder, { ...mine, factorId: 'work' }),
    bindingOf(mine.holder, { ...mine, courier: 'sms' }),
    bindingOf(mine.holder, { ...mine, destination: 'eve@example.com' }),
  ];
  assert.equal(new Set(names).size, names.length);
  assert.equal(codes.awaiting(mine).binding, undefined);
  assert.equal((await send(codes, mine)).deliveredCode.binding, undefined, 'refused by a budget');
});

test('two codes of the same digits have two hashes, and neither counts in the place of the other [check 30]', async () => {
  const { codes, wait } = setUp();
  const first = await send(codes, request);
  wait(minute);
  const second = await send(codes, request);
  assert.notEqual(first.deliveredCode.id, second.deliveredCode.id);
  const digits = /[0-9]{6}$/.exec(first.deliveredCode.hash)?.[0] ?? '';
  const swapped = { ...second.deliveredCode, hash: first.deliveredCode.hash };
  assert.equal(await codes.matches(request.holder, swapped, digits), false);
});

test('where no mail may be sent no code is right: attempts without end are no guesses without end [check 21] [check 28]', async () => {
  const { codes, mails } = setUp();
  await codes.prepare(request);
  const { deliveredCode, sendable } = await send(codes, { ...request, holder: { id: 'second', browser: 'here' } });
  assert.deepEqual([sendable, mails.length, deliveredCode.unsent], [false, 0, true]);
  assert.doesNotMatch(deliveredCode.hash, /\|[0-9]{6}$/);
});

test('registrations mail one address five times a day, after waits that grow; the page is told when the next may go [check 107] [check 108]', async () => {
  const { codes, wait, clock } = setUp();
  for (const minutes of [1, 9, 1, 49, 23 * 60]) {
    assert.equal((await codes.prepare(request)).sendable, true);
    const early = await codes.prepare({ ...request, destination: 'ada+x@example.com' });
    assert.equal(early.sendable, false);
    assert.equal(early.deliveredCode.nextSendAt.getTime() - clock.now.getTime(), minutes * minute);
    wait(minutes * minute);
  }
  assert.equal((await codes.prepare(request)).sendable, true);
});

test('registrations of an address never keep its owner from a code to sign in with [check 107] [check 109]', async () => {
  const { codes, wait } = setUp();
  for (const minutes of [1, 9, 1, 49, 1]) {
    assert.equal((await codes.prepare(request)).sendable, true);
    wait(minutes * minute);
  }
  assert.equal((await codes.prepare(request)).sendable, false);
  assert.equal(
    (await codes.prepare({ ...request, purpose: 'enrolment', holder: { id: 'x', accountId: 'eve' } })).sendable,
    false,
  );
  assert.equal(
    (await codes.prepare({ ...request, purpose: 'sign-in', holder: { id: 'x', accountId: 'ada' } })).sendable,
    true,
  );
  wait(minute);
  assert.equal(
    (await codes.prepare({ ...request, purpose: 'first-factor', holder: { id: 'x', accountId: 'ada' } })).sendable,
    true,
  );
});
