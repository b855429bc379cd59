import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CodeRequest, deliveredCodes } from '../../src/accounts/addresses.ts';
import { mailCourier } from '../../src/accounts/couriers.ts';
import type { OutgoingMail } from '../../src/accounts/mailer.ts';
import { createCipher } from '../../src/platform/cipher.ts';
import { memorySendBudget } from '../support/fakes/protection.ts';

const minute = 60_000;
const request: CodeRequest = {
  flowId: 'attempt',
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

test('the mailed code is the one that matches, in its own flow, for its own purpose and destination [check 27]', async () => {
  const { codes, mails } = setUp();
  const { deliveredCode, send } = await codes.prepare(request);
  await send();
  const code = mails[0]?.text ?? '';
  assert.match(code, /^[0-9]{6}$/);
  assert.equal(await codes.matches('attempt', deliveredCode, code), true);
  assert.equal(await codes.matches('other', deliveredCode, code), false);
  assert.equal(await codes.matches('attempt', { ...deliveredCode, purpose: 'first-factor' }, code), false);
  assert.equal(await codes.matches('attempt', { ...deliveredCode, destination: 'eve@example.com' }, code), false);
});

test('where no mail may be sent no code is right: attempts without end are no guesses without end [check 21] [check 28]', async () => {
  const { codes, mails } = setUp();
  await codes.prepare(request);
  const { deliveredCode, sendable, send } = await codes.prepare({ ...request, flowId: 'second' });
  await send();
  assert.deepEqual([sendable, mails.length], [false, 0]);
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
  assert.equal((await codes.prepare({ ...request, purpose: 'enrolment', accountId: 'eve' })).sendable, false);
  assert.equal((await codes.prepare({ ...request, purpose: 'sign-in', accountId: 'ada' })).sendable, true);
  wait(minute);
  assert.equal((await codes.prepare({ ...request, purpose: 'first-factor', accountId: 'ada' })).sendable, true);
});

test('the kept hash is keyed and bound to its flow: one code in two flows has two [check 30]', async () => {
  const cipher = createCipher([{ id: 1, key: Buffer.alloc(32, 7) }]);
  assert.notEqual(
    cipher.mac('123456', 'delivered-code:a:registration:x'),
    cipher.mac('123456', 'delivered-code:b:registration:x'),
  );
});
