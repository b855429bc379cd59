import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import { DeliveryError } from '../../src/delivery/mailer.ts';
import type { OpenVerifications } from '../../src/delivery/open-verifications.ts';
import { twilioVerify } from '../../src/delivery/senders/sms-twilio-verify.ts';
import { mongoVerifications } from '../../src/storage/verifications.ts';
import { minutes, start, together } from '../support/account-stores.ts';
import { openDatabase } from '../support/database.ts';
import { memoryVerifications } from '../support/fakes/verifications.ts';
import { meetAfterReading } from '../support/race.ts';
import { account, twilioServer } from '../support/twilio-server.ts';

const phone = '+447400123456';

async function openVerify(
  t: TestContext,
  { open = memoryVerifications() as OpenVerifications, timeoutMilliseconds = 30_000 } = {},
) {
  const server = await twilioServer(t);
  let at = start;
  const sender = twilioVerify({ ...account, baseUrl: server.url, timeoutMilliseconds }, { open, now: () => at });
  const lastCode = () => /\d{6}$/.exec(server.texts.at(-1)?.body ?? '')?.[0] ?? assert.fail('no text');
  return {
    server,
    sender,
    lastCode,
    wrongCode: () => (lastCode() === '000000' ? '000001' : '000000'),
    travelTo: (time: Date) => {
      at = time;
    },
  };
}

async function reasonOf(asking: Promise<unknown>, hidden = phone.slice(1)): Promise<string> {
  const error = await asking.then(
    () => assert.fail('was answered'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof DeliveryError, String(error));
  assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes(hidden));
  return `${error.failure} ${error.reason}`;
}

test('Twilio Verify: a code is asked for by SMS, checked by its own id, and right once [check 28]', async (t) => {
  const { server, sender, lastCode, wrongCode } = await openVerify(t);
  const reference = await sender.start(phone);
  assert.equal(await sender.check(reference, wrongCode()), 'wrong');
  assert.equal(await sender.check(reference, lastCode()), 'right');
  assert.equal(await sender.check(reference, lastCode()), 'over');

  const root = `/v2/Services/${account.verifyServiceSid}`;
  assert.deepEqual(server.asked[0], { path: `${root}/Verifications`, form: { To: phone, Channel: 'sms' } });
  const check = { path: `${root}/VerificationCheck`, form: { VerificationSid: reference, Code: lastCode() } };
  assert.deepEqual(server.asked.at(-1), check);
  assert.equal(server.asked.length, 3);
});

test('Twilio Verify: of 20 right answers at once one is right, though Twilio approves each [check 29]', async (t) => {
  const { server, sender, lastCode } = await openVerify(t, { open: mongoVerifications(await openDatabase(t)) });
  const reference = await sender.start(phone);
  const code = lastCode();
  const approved = { answer: [200, { sid: reference, status: 'approved', valid: true }] } as const;
  server.instead(...Array.from({ length: 20 }, () => approved));
  const answers = await together(20, () => sender.check(reference, code));
  assert.equal(answers.filter((answer) => answer === 'right').length, 1);
  assert.equal(answers.filter((answer) => answer === 'over').length, 19);
});

test('Twilio Verify: two sign-ins of one phone never share a code: the newer ends the older [check 27] [check 28]', async (t) => {
  const { server, sender, lastCode } = await openVerify(t);
  const older = await sender.start(phone);
  const olderCode = lastCode();
  const newer = await sender.start(phone);
  assert.notEqual(newer, older);
  assert.deepEqual(server.asked[1]?.form, { Status: 'canceled' });
  const asked = server.asked.length;
  assert.equal(await sender.check(older, olderCode), 'over');
  assert.equal(await sender.check(older, lastCode()), 'over');
  assert.equal(server.asked.length, asked);
  assert.equal(await sender.check(newer, lastCode()), 'right');
});

test('Twilio Verify: a newer one that begins while an older answer is judged wins [check 28]', async (t) => {
  const open = memoryVerifications();
  const { server, sender, lastCode } = await openVerify(t, { open });
  const older = await sender.start(phone);
  const code = lastCode();
  const holds = open.holds;
  t.mock.method(open, 'holds', async (reference: string, now: Date) => {
    const held = await holds(reference, now);
    await open.replace({ number: phone, earlier: older, reference: 'VEnewer', expiresAt: minutes(10), now });
    return held;
  });
  assert.equal(await sender.check(older, code), 'over');
  assert.equal(server.asked.length, 2);
});

test('Twilio Verify: of starts at the same moment one counts, and the others have to ask again [check 27]', async (t) => {
  const database = await openDatabase(t);
  const { sender, lastCode } = await openVerify(t, { open: mongoVerifications(database) });
  meetAfterReading(t, database, { collection: 'verifications', method: 'findOne', readers: 3 });
  const started = await Promise.allSettled([sender.start(phone), sender.start(phone), sender.start(phone)]);
  const [won, ...more] = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const [lost] = started.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  assert.deepEqual(more, []);
  assert.equal(await reasonOf(Promise.reject(lost)), 'later overtaken');
  assert.equal(await sender.check(won ?? '', lastCode()), 'right');
});

test('Twilio Verify: where Twilio does not say that the older is ended no newer begins [check 120]', async (t) => {
  const { server, sender } = await openVerify(t);
  await sender.start(phone);
  server.instead({ error: 20500 });
  assert.equal(await reasonOf(sender.start(phone)), 'unreachable http_5xx');
  assert.equal(server.texts.length, 1);
});

test('Twilio Verify: an older one that Twilio has forgotten is no hindrance', async (t) => {
  const { server, sender } = await openVerify(t);
  await sender.start(phone);
  server.instead({ error: 20404 });
  await sender.start(phone);
  assert.equal(server.texts.length, 2);
});

test('Twilio Verify: after five wrong codes it is over, and so is one that Twilio has deleted [check 29]', async (t) => {
  const { server, sender, lastCode, wrongCode } = await openVerify(t);
  const reference = await sender.start(phone);
  for (let tries = 0; tries < 5; tries += 1) assert.equal(await sender.check(reference, wrongCode()), 'wrong');
  assert.equal(await sender.check(reference, lastCode()), 'over');
  const next = await sender.start(phone);
  server.instead({ error: 20404 });
  assert.equal(await sender.check(next, lastCode()), 'over');
  for (const status of ['expired', 'canceled', 'max_attempts_reached', 'failed']) {
    server.instead({ answer: [200, { sid: next, status, valid: false }] });
    assert.equal(await sender.check(next, lastCode()), 'over');
  }
});

test('Twilio Verify: ten minutes later nobody is asked any more [check 26]', async (t) => {
  const { server, sender, lastCode, travelTo } = await openVerify(t);
  const reference = await sender.start(phone);
  travelTo(minutes(10));
  assert.equal(await sender.check(reference, lastCode()), 'over');
  assert.equal(server.asked.length, 1);
});

test('Twilio Verify: what Twilio refuses to start is told by its reason [check 113]', async (t) => {
  const { server, sender } = await openVerify(t);
  const told: Record<number, string> = {
    60200: 'refused not_a_number',
    60203: 'later rate_limited',
    60410: 'refused country_blocked',
    20003: 'refused credentials',
    20429: 'later rate_limited',
    20503: 'later http_5xx',
  };
  for (const [number, reason] of Object.entries(told)) {
    server.instead({ error: Number(number) });
    assert.equal(await reasonOf(sender.start(phone)), reason);
  }
  assert.deepEqual(server.texts, []);
});

test('Twilio Verify: a code that Twilio cannot read is wrong', async (t) => {
  const { server, sender } = await openVerify(t);
  const reference = await sender.start(phone);
  server.instead({ error: 60200 });
  assert.equal(await sender.check(reference, '123456'), 'wrong');
});

test('[check 120] Twilio Verify: while Twilio is silent or down no code is right', { timeout: 60_000 }, async (t) => {
  const { server, sender, lastCode } = await openVerify(t, { timeoutMilliseconds: 2_000 });
  const reference = await sender.start(phone);
  for (const instead of ['stall', 'drip', 'drop', { error: 20500 }, { error: 20003 }, { error: 20429 }] as const) {
    server.instead(instead);
    await reasonOf(sender.check(reference, lastCode()), lastCode());
  }
  assert.equal(await sender.check(reference, lastCode()), 'right');
});
