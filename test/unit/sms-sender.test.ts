import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeliveryError } from '../../src/delivery/mailer.ts';
import { outbox } from '../../src/delivery/senders/outbox.ts';
import { type SmsSettings, smsSender } from '../../src/delivery/senders/sms-sender.ts';
import { createLog } from '../../src/platform/log.ts';
import { memoryVerifications } from '../support/fakes/verifications.ts';
import { account, twilioServer } from '../support/twilio-server.ts';

const phone = '+447400123456';
const text = '493817 is your Twofold code.';

function build(settings: Partial<SmsSettings>) {
  const lines: string[] = [];
  const log = createLog({ level: 'info', stream: { write: (line) => void lines.push(line) } });
  const box = outbox();
  const around = { outbox: box, openVerifications: memoryVerifications(), log, now: () => new Date() };
  const whole: SmsSettings = { sender: 'outbox', countries: ['GB'], twilio: {}, gateway: {}, ...settings };
  return { sender: smsSender(whole, around), box, lines };
}

function textSender(settings: Partial<SmsSettings>) {
  const { sender, ...others } = build(settings);
  assert.ok(sender?.kind === 'text');
  return { sender, ...others };
}

const told = (reason: string) => (error: unknown) =>
  error instanceof DeliveryError && `${error.failure} ${error.reason}` === `refused ${reason}`;

test('without a sender no phone is ever texted', () => {
  assert.equal(build({ sender: 'none' }).sender, undefined);
});

test('each sender is built from its settings alone', () => {
  const twilio = { ...account, from: '+12025550100' };
  const gateway = { url: 'https://gateway.example.com/', secret: 'x'.repeat(32) };
  assert.equal(build({ sender: 'twilio', twilio }).sender?.kind, 'text');
  assert.equal(build({ sender: 'twilio-verify', twilio }).sender?.kind, 'verification');
  assert.equal(build({ sender: 'gateway', gateway }).sender?.kind, 'text');
});

test('[check 107] before every text the number is judged: another country, a premium number, a fixed line and what is none are refused', async () => {
  const { sender, box } = textSender({ countries: ['GB', 'US'] });
  const refused = {
    '+33612345678': 'country_blocked',
    '+18765551234': 'country_blocked',
    '+881612345678': 'country_blocked',
    '+449098790000': 'premium',
    '+19005551234': 'premium',
    '+442079460958': 'not_a_number',
    '+44 7400 123456': 'not_a_number',
    '07400123456': 'not_a_number',
  };
  for (const [to, reason] of Object.entries(refused)) await assert.rejects(sender.send({ to, text }), told(reason), to);
  assert.deepEqual(box.texts, []);
  await sender.send({ to: phone, text });
  await sender.send({ to: '+12025550123', text });
  assert.equal(box.texts.length, 2);
});

test('[check 107] no country listed means no text at all', async () => {
  const { sender, box } = textSender({ countries: [] });
  await assert.rejects(sender.send({ to: phone, text }), told('country_blocked'));
  assert.deepEqual(box.texts, []);
});

test('[check 107] a service that makes its own codes is asked for listed countries only', async (t) => {
  const { url, asked } = await twilioServer(t);
  const { sender } = build({ sender: 'twilio-verify', twilio: { ...account, baseUrl: url } });
  assert.ok(sender?.kind === 'verification');
  await assert.rejects(sender.start('+33612345678'), told('country_blocked'));
  assert.equal(asked.length, 0);
  await sender.check(await sender.start(phone), '000000');
  assert.equal(asked.length, 2);
});

test('[check 113] a dry run logs that a text would go, and neither to whom nor what', async () => {
  const { sender, lines } = textSender({ sender: 'dry-run' });
  await sender.send({ to: phone, text });
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /"to":"…56".*a text would be sent/);
  assert.doesNotMatch(lines[0] ?? '', /7400|493817/);
});
