import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import { DeliveryError } from '../../src/delivery/mailer.ts';
import { outbox } from '../../src/delivery/senders/outbox.ts';
import { smsGateway } from '../../src/delivery/senders/sms-gateway.ts';
import { twilioMessages } from '../../src/delivery/senders/sms-twilio.ts';
import type { OutgoingSms, TextSender } from '../../src/delivery/sms.ts';
import { account, twilioServer } from '../support/twilio-server.ts';

const now = () => new Date('2030-01-01T00:00:00.900Z');
const from = '+12025550100';
const secret = 'a secret between Twofold and its gateway';
const sms: OutgoingSms = { to: '+447400123456', text: '493817 is your Twofold code.\n\n@login.example.com #493817' };

interface Post {
  readonly sender: TextSender;
  arrived(): readonly OutgoingSms[];
}

async function errorOf(sending: Promise<unknown>): Promise<DeliveryError> {
  const error = await sending.then(
    () => assert.fail('was sent'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof DeliveryError, String(error));
  const told = inspect(error, { depth: 9, showHidden: true });
  for (const hidden of [sms.to, sms.to.slice(1), '493817', account.authToken, secret, 'Basic '])
    assert.ok(!told.includes(hidden), told);
  return error;
}

async function reasonOf(sending: Promise<unknown>): Promise<string> {
  const { failure, reason } = await errorOf(sending);
  return `${failure} ${reason}`;
}

async function openTwilio(t: TestContext, { timeoutMilliseconds = 30_000 } = {}) {
  const server = await twilioServer(t);
  const sender = twilioMessages({ ...account, from, baseUrl: server.url, timeoutMilliseconds });
  const arrived = () => server.texts.map(({ to, body }) => ({ to, text: body }));
  return { server, sender, arrived };
}

interface Request {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

async function openGateway(
  t: TestContext,
  answer: (response: ServerResponse) => void = (response) => response.writeHead(202).end('queued'),
  { timeoutMilliseconds = 30_000 } = {},
) {
  const requests: Request[] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    requests.push({ headers: request.headers, body });
    answer(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/texts`;
  const sender = smsGateway({ url, secret, timeoutMilliseconds }, { now });
  const arrived = () =>
    requests.map(({ body }) => JSON.parse(body) as OutgoingSms).map(({ to, text }) => ({ to, text }));
  return { sender, arrived, requests, url };
}

const posts: Record<string, (t: TestContext) => Promise<Post>> = {
  'Twilio Messages': (t) => openTwilio(t),
  'the gateway': (t) => openGateway(t),
  'the outbox': async () => {
    const { phone, texts } = outbox();
    return { sender: phone, arrived: () => texts.map(({ to, text }) => ({ to, text })) };
  },
};
for (const [name, open] of Object.entries(posts)) {
  test(`${name}: a text reaches its one phone word by word`, async (t) => {
    const { sender, arrived } = await open(t);
    await sender.send(sms);
    assert.deepEqual(arrived(), [sms]);
  });

  test(`${name}: 20 texts at once each arrive once`, async (t) => {
    const { sender, arrived } = await open(t);
    const numbers = Array.from({ length: 20 }, (_, index) => `+4474001234${index + 10}`);
    await Promise.all(numbers.map((to) => sender.send({ ...sms, to })));
    assert.deepEqual(
      arrived()
        .map(({ to }) => to)
        .sort(),
      numbers,
    );
  });
}

test('Twilio Messages: a text is asked for in its own form, from our number, and is void before its code is', async (t) => {
  const { server, sender } = await openTwilio(t);
  await sender.send(sms);
  const path = `/2010-04-01/Accounts/${account.accountSid}/Messages.json`;
  const form = { To: sms.to, Body: sms.text, From: from, ValidityPeriod: '300' };
  assert.deepEqual(
    server.asked.map((request) => ({ ...request })),
    [{ path, form }],
  );
});

test('Twilio Messages: a messaging service may choose the number', async (t) => {
  const { url, asked } = await twilioServer(t);
  const messagingServiceSid = `MG${'c3'.repeat(16)}`;
  await twilioMessages({ ...account, messagingServiceSid, baseUrl: url }).send(sms);
  assert.equal(asked[0]?.form.MessagingServiceSid, messagingServiceSid);
  assert.equal(asked[0]?.form.From, undefined);
});

test('Twilio Messages: an API key signs for the account', async (t) => {
  const key = { apiKey: `SK${'d4'.repeat(16)}`, apiKeySecret: 'the secret of a key' };
  const { url, texts } = await twilioServer(t, { username: key.apiKey, password: key.apiKeySecret });
  await twilioMessages({ accountSid: account.accountSid, ...key, from, baseUrl: url }).send(sms);
  assert.equal(texts.length, 1);
});

test('Twilio Messages: wrong credentials are told as such and nothing is sent', async (t) => {
  const { url, texts } = await twilioServer(t);
  const sender = twilioMessages({ ...account, authToken: 'of somebody else', from, baseUrl: url });
  assert.equal(await reasonOf(sender.send(sms)), 'refused credentials');
  assert.equal(texts.length, 0);
});

const answers: Record<number, string> = {
  21211: 'refused not_a_number',
  21408: 'refused country_blocked',
  21610: 'refused opted_out',
  20429: 'later rate_limited',
  20500: 'unreachable http_5xx',
  20503: 'later http_5xx',
  60410: 'refused country_blocked',
  21604: 'refused http_4xx',
};
for (const [number, told] of Object.entries(answers)) {
  test(`Twilio Messages: error ${number} is ${told}, said without number, text and code [check 113]`, async (t) => {
    const { server, sender } = await openTwilio(t);
    server.instead({ error: Number(number) });
    const error = await errorOf(sender.send(sms));
    assert.equal(`${error.failure} ${error.reason}`, told);
    assert.equal((error.cause as { code?: unknown }).code, Number(number));
    assert.equal(server.asked.length, 1);
  });
}

test('Twilio Messages: an answer that is not its own is judged by its status', async (t) => {
  const { server, sender } = await openTwilio(t);
  server.instead({ answer: [502, '<html>493817</html>'] }, { answer: [307, {}] }, { answer: [404, ''] });
  assert.equal(await reasonOf(sender.send(sms)), 'unreachable http_5xx');
  assert.equal(await reasonOf(sender.send(sms)), 'refused http_3xx');
  assert.match(await reasonOf(sender.send(sms)), /^refused http_4xx|^unreachable/);
});

for (const [how, told] of [
  ['stall', 'unreachable timeout'],
  ['drip', 'unreachable timeout'],
  ['drop', 'unreachable connection'],
] as const) {
  test(`[check 120] Twilio Messages: a server that should ${how} is given up on, and nothing is sent again`, {
    timeout: 60_000,
  }, async (t) => {
    // What drops says so by itself.
    const { server, sender } = await openTwilio(t, how === 'drop' ? {} : { timeoutMilliseconds: 2_000 });
    server.instead(how);
    assert.equal(await reasonOf(sender.send(sms)), told);
    assert.equal(server.asked.length, 1);
    assert.equal(server.texts.length, 0);
  });
}

test('[check 120] a server that is not there is unreachable', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise((closed) => server.close(closed));
  assert.equal(await reasonOf(twilioMessages({ ...account, from, baseUrl: url }).send(sms)), 'unreachable connection');
  assert.equal(await reasonOf(smsGateway({ url, secret }, { now }).send(sms)), 'unreachable connection');
});

test('the gateway: a text is signed with its time, and its id is new each time', async (t) => {
  const { sender, requests } = await openGateway(t);
  await sender.send(sms);
  await sender.send(sms);
  const [first, second] = requests;
  assert.ok(first && second);
  assert.equal(first.headers['twofold-timestamp'], '1893456000');
  const expected = createHmac('sha256', secret).update(`1893456000.${first.body}`).digest('hex');
  assert.equal(first.headers['twofold-signature'], expected);
  assert.equal(first.headers['content-type'], 'application/json');
  const ids = [first, second].map(({ body }) => String((JSON.parse(body) as { id?: unknown }).id));
  assert.equal(new Set(ids).size, 2);
  for (const id of ids) assert.match(id, /^[\w-]{22}$/);
});

test('the gateway: any answer of success means handed over, every other is told by its status', async (t) => {
  let status = 0;
  const { sender, requests } = await openGateway(t, (response) => response.writeHead(status).end(`no: ${sms.text}`));
  for (status of [200, 201, 202, 204]) await sender.send(sms);
  const told: Record<number, string> = {
    400: 'refused http_4xx',
    401: 'refused credentials',
    403: 'refused credentials',
    429: 'later rate_limited',
    500: 'unreachable http_5xx',
    503: 'later http_5xx',
  };
  for (const [answer, reason] of Object.entries(told)) {
    status = Number(answer);
    assert.equal(await reasonOf(sender.send(sms)), reason);
  }
  assert.equal(requests.length, 10);
});

test('the gateway: a redirect is not followed, so that no code goes where the answer points', async (t) => {
  const elsewhere = await openGateway(t);
  const address = `http://127.0.0.1:${new URL(elsewhere.url).port}/`;
  const { sender } = await openGateway(t, (response) => response.writeHead(307, { location: address }).end());
  assert.equal(await reasonOf(sender.send(sms)), 'refused http_3xx');
  assert.deepEqual(elsewhere.arrived(), []);
});

test('[check 120] the gateway: silence and a dropped connection are given up on, and nothing is sent again', {
  timeout: 60_000,
}, async (t) => {
  const silent = await openGateway(t, () => {}, { timeoutMilliseconds: 2_000 });
  assert.equal(await reasonOf(silent.sender.send(sms)), 'unreachable timeout');
  const dropping = await openGateway(t, (response) => response.destroy());
  assert.equal(await reasonOf(dropping.sender.send(sms)), 'unreachable connection');
  assert.deepEqual([silent.requests.length, dropping.requests.length], [1, 1]);
});

test('the outbox keeps the last 200 texts and when they were sent', async () => {
  const box = outbox({ now });
  for (let count = 0; count < 201; count += 1) await box.phone.send({ ...sms, text: String(count) });
  assert.deepEqual([box.texts.length, box.texts[0]?.text, box.texts[0]?.sentAt], [200, '1', now()]);
  assert.deepEqual(box.mails, []);
});
