import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textCourier, verificationCourier } from '../../src/delivery/couriers.ts';
import { DeliveryError } from '../../src/delivery/mailer.ts';
import { emailKind, smsKind } from '../../src/factors/delivered-kinds.ts';
import { Problem } from '../../src/platform/problem.ts';

const phone = smsKind(['GB']);
const message = { code: '012345', destination: '+447400123456', view: 'sign-in-code', client: 'App', origin: {} };
const letters = {
  mail: async () => ({ subject: '', text: '', html: '' }),
  sms: ({ code, host }: { code: string; host: string }) => `${code}\n\n@${host} #${code}`,
};

test('a mobile number with its country code is taken in one spelling; all that is shown of it are two digits [check 11]', () => {
  assert.deepEqual(phone.read(' +44 (0)7400 123-456 '), { destination: '+447400123456' });
  assert.equal(phone.masked({ data: { destination: '+447400123456' } }).said, '56');
});

test('what is no number, and numbers that nobody may be texted at, are told apart [check 107]', () => {
  for (const typed of ['', '07400 123456', '+44 7400', '+44 20 7946 0018', 'ada@example.com'])
    assert.deepEqual(phone.read(typed), { fault: 'phone_shape' }, typed);
  for (const typed of ['+49 1512 3456789', '+44 909 8790000', '+1 900 234 5678'])
    assert.deepEqual(phone.read(typed), { fault: 'phone_blocked' }, typed);
  assert.deepEqual(smsKind([]).read('+447400123456'), { fault: 'phone_blocked' });
});

test('an address is taken in one spelling, or is told to be none', () => {
  assert.deepEqual(emailKind.read(' Ada@Example.com '), { destination: 'ada@example.com' });
  assert.deepEqual(emailKind.read('ada@'), { fault: 'email_shape' });
});

test('a text of ours ends in the line by which phones offer its code on our pages only', async () => {
  const sent: unknown[] = [];
  const send = async (sms: unknown) => void sent.push(sms);
  const courier = textCourier({ sender: { kind: 'text', send }, letters, host: 'id.example.com' });
  assert.equal(await courier.deliver(message), undefined);
  assert.deepEqual(sent, [{ to: '+447400123456', text: '012345\n\n@id.example.com #012345' }]);
  assert.equal(courier.judge, undefined);
  assert.equal(courier.lifeMilliseconds, 5 * 60_000);
});

test('a service that makes the code judges it, and is sent none of ours', async () => {
  const started: string[] = [];
  const answers = ['right', 'wrong', 'over'] as const;
  for (const answer of answers) {
    const sender = {
      kind: 'verification' as const,
      start: async (to: string) => `verification ${started.push(to)}`,
      check: async () => answer,
    };
    const courier = verificationCourier({ sender });
    assert.match((await courier.deliver(message)) ?? '', /^verification/);
    assert.equal(await courier.judge?.('verification 1', '012345'), answer === 'right');
  }
  assert.deepEqual(new Set(started), new Set(['+447400123456']));
});

test('a service that does not answer is an outage, and no wrong code [check 120]', async () => {
  const check = async () => Promise.reject(new DeliveryError('unreachable', 'timeout'));
  const sender = { kind: 'verification' as const, start: async () => 'verification', check };
  const courier = verificationCourier({ sender });
  await assert.rejects(
    async () => courier.judge?.('verification', '012345'),
    (error) => error instanceof Problem && error.status === 503,
  );
});
