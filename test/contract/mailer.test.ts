import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { DeliveryError, type DeliveryFailure, type Mailer, type OutgoingMail } from '../../src/delivery/mailer.ts';
import { outbox } from '../../src/delivery/senders/outbox.ts';
import { smtpMailer } from '../../src/delivery/senders/smtp-mailer.ts';

interface Arrived {
  /** What the mailer called itself (EHLO). */
  readonly greeting?: string;
  readonly to: readonly string[];
  readonly source: string;
}

interface Post {
  readonly mailer: Mailer;
  arrived(): readonly Arrived[];
}

const mail: OutgoingMail = {
  to: 'ada@example.com',
  subject: 'Your code for Twofold',
  text: 'Your code:\n\n493817\n',
  html: '<p>Your code:</p><p>493817</p>',
};

interface Names {
  readonly issuer?: string;
  readonly name?: string;
}

function overSmtp(port: number, timeoutMilliseconds = 30_000, { name, ...issuer }: Names = {}) {
  const smtp = { host: '127.0.0.1', port, secure: false, ...(name === undefined ? {} : { name }) };
  return smtpMailer({ from: 'no-reply@example.com', senderName: 'Twofold', smtp, ...issuer }, { timeoutMilliseconds });
}

async function smtpPost(
  t: TestContext,
  options: SMTPServerOptions & { readonly names?: Names } = {},
  timeoutMilliseconds = 30_000,
): Promise<Post> {
  const { names = {}, ...serving } = options;
  const mails: Arrived[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    async onData(stream, session, callback) {
      const source = Buffer.concat(await stream.toArray()).toString();
      const to = session.envelope.rcptTo.map(({ address }) => address);
      mails.push({ to, source, greeting: session.hostNameAppearsAs });
      callback();
    },
    ...serving,
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const mailer = overSmtp((server.server.address() as AddressInfo).port, timeoutMilliseconds, names);
  t.after(async () => {
    mailer.close();
    await new Promise<void>((closed) => server.close(closed));
  });
  return { mailer, arrived: () => mails };
}

function outboxPost(): Post {
  const mailer = outbox();
  const source = ({ to, subject, text, html }: OutgoingMail) =>
    `To: ${to}\r\nSubject: ${subject}\r\n\r\n${text}${html}`;
  return { mailer, arrived: () => mailer.mails.map((sent) => ({ to: [sent.to], source: source(sent) })) };
}

async function errorOf(sending: Promise<void>): Promise<DeliveryError> {
  const error = await sending.then(
    () => assert.fail('was sent'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof DeliveryError, String(error));
  return error;
}

async function failureOf(sending: Promise<void>): Promise<DeliveryFailure> {
  return (await errorOf(sending)).failure;
}

async function reasonOf(sending: Promise<void>): Promise<string> {
  const { failure, reason } = await errorOf(sending);
  return `${failure} ${reason}`;
}

const posts: Record<string, (t: TestContext) => Promise<Post>> = {
  'mail by SMTP': (t) => smtpPost(t),
  'the outbox': async () => outboxPost(),
};
for (const [name, open] of Object.entries(posts)) {
  test(`${name}: a mail reaches its one recipient with subject and both bodies`, async (t) => {
    const { mailer, arrived } = await open(t);
    await mailer.send(mail);
    const [first, ...others] = arrived();
    assert.deepEqual(others, []);
    assert.deepEqual(first?.to, ['ada@example.com']);
    for (const part of [mail.subject, '493817', mail.html]) assert.ok(first?.source.includes(part), part);
  });

  test(`${name}: [check 91] a malformed recipient is refused before anything leaves`, async (t) => {
    const { mailer, arrived } = await open(t);
    const malformed = [
      ...[
        '',
        'ada@example.com,eve@evil.example',
        '"eve@evil.example"@example.com',
        'ada＠example.com',
        'Ada <ada@example.com>',
      ],
      ...[
        'ada@example.com\r\nBcc: eve@evil.example',
        'ada@example.com>\r\nRCPT TO:<eve@evil.example',
        'ada@bücher.example',
      ],
    ];
    for (const to of malformed) assert.equal(await failureOf(mailer.send({ ...mail, to })), 'refused', to);
    assert.deepEqual(arrived(), []);
  });

  test(`${name}: 20 mails at once each arrive once`, async (t) => {
    const { mailer, arrived } = await open(t);
    const recipients = Array.from({ length: 20 }, (_, index) => `person${index}@example.com`);
    await Promise.all(recipients.map((to) => mailer.send({ ...mail, to })));
    const reached = arrived().flatMap(({ to }) => to);
    assert.deepEqual(reached.sort(), recipients.sort());
  });
}

test('mail by SMTP: line breaks in a subject make no header', async (t) => {
  const { mailer, arrived } = await smtpPost(t);
  await mailer.send({ ...mail, subject: 'Hello\r\nBcc: eve@evil.example\r\n\r\nbody' });
  const [first] = arrived();
  assert.deepEqual(first?.to, ['ada@example.com']);
  assert.doesNotMatch(first?.source ?? '', /^Bcc:/m);
});

test('mail by SMTP: the sender has the address and the name that were configured', async (t) => {
  const { mailer, arrived } = await smtpPost(t);
  await mailer.send(mail);
  assert.match(arrived()[0]?.source ?? '', /^From: Twofold <no-reply@example\.com>\r$/m);
});

test('mail by SMTP: the server is greeted by the issuer’s host name, or by the name that was set (RFC 5321 section 4.1.3)', async (t) => {
  const greetings: readonly (readonly [Names, string])[] = [
    [{ issuer: 'https://login.example.com' }, 'login.example.com'],
    [{ issuer: 'https://login.example.com:8443' }, 'login.example.com'],
    [{ issuer: 'https://login.example.com', name: 'relay.example.com' }, 'relay.example.com'],
    [{ issuer: 'https://192.0.2.7' }, '[192.0.2.7]'],
    // The server of the tests writes it small.
    [{ issuer: 'https://[2001:db8::7]' }, '[ipv6:2001:db8::7]'],
  ];
  for (const [names, expected] of greetings) {
    const { mailer, arrived } = await smtpPost(t, { names });
    await mailer.send(mail);
    assert.equal(arrived()[0]?.greeting, expected);
  }
});

test('mail by SMTP: a mail says that a machine made it, so that no machine answers (RFC 3834 section 5)', async (t) => {
  const { mailer, arrived } = await smtpPost(t);
  await mailer.send(mail);
  const [headers = ''] = arrived()[0]?.source.split('\r\n\r\n') ?? [];
  assert.match(headers, /^Auto-Submitted: auto-generated$/m);
  assert.match(headers, /^X-Auto-Response-Suppress: All$/m);
});

function answering(responseCode: number): SMTPServerOptions {
  return { onRcptTo: (_address, _session, callback) => callback(Object.assign(new Error('no'), { responseCode })) };
}

test('mail by SMTP: a final refusal and a request to come back are told apart', async (t) => {
  assert.equal(await reasonOf((await smtpPost(t, answering(550))).mailer.send(mail)), 'refused smtp_5xx');
  assert.equal(await reasonOf((await smtpPost(t, answering(451))).mailer.send(mail)), 'later smtp_4xx');
});

test('mail by SMTP: an error says at what command and with what codes, and never to whom [check 113]', async (t) => {
  const refusal = Object.assign(new Error('5.1.1 <ada@example.com>: unknown, 493817'), { responseCode: 550 });
  const { mailer } = await smtpPost(t, { onRcptTo: (_address, _session, callback) => callback(refusal) });
  const error = await errorOf(mailer.send(mail));
  assert.match(String(error.cause), /SMTP EENVELOPE at RCPT TO 550 5\.1\.1$/);
  assert.doesNotMatch(inspect(error, { depth: 9, showHidden: true }), /ada@|493817/);
});

test('mail by SMTP: a server that is not there is unreachable', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  const mailer = overSmtp(port);
  t.after(() => mailer.close());
  assert.equal(await reasonOf(mailer.send(mail)), 'unreachable connection');
});

test('mail by SMTP: a server that accepts and says nothing is given up on', { timeout: 60_000 }, async (t) => {
  const server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const mailer = overSmtp((server.address() as AddressInfo).port, 100);
  t.after(() => {
    mailer.close();
    server.close();
  });
  assert.equal(await reasonOf(mailer.send(mail)), 'unreachable timeout');
});

test('mail by SMTP: a server that stalls after the mail is given up on, and the mail is not sent again', {
  timeout: 60_000,
}, async (t) => {
  let tries = 0;
  const stalling: SMTPServerOptions = {
    onData(stream) {
      tries += 1;
      stream.resume();
    },
  };
  const { mailer } = await smtpPost(t, stalling, 2_000);
  assert.equal(await failureOf(mailer.send(mail)), 'unreachable');
  assert.equal(tries, 1);
});

/** A server that answers as it is told to, for what an orderly one never does; undefined drops the connection. */
async function scripted(t: TestContext, answer: (command: string, taken: number) => string | undefined) {
  const commands: string[] = [];
  let taken = 0;
  const server = createServer((socket) => {
    let body = false;
    socket.on('error', () => {});
    socket.write('220 ready\r\n');
    socket.on('data', (data) => {
      const text = String(data);
      const whole = !body || text.endsWith('\r\n.\r\n');
      if (!whole) return;
      const reply = answer(body ? '.' : text, taken);
      if (body) taken += 1;
      else commands.push(text);
      body = reply?.startsWith('354') ?? false;
      if (reply === undefined) socket.destroy();
      else socket.write(`${reply}\r\n`);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const sent = (start: string) => commands.filter((command) => command.startsWith(start)).length;
  return { port: (server.address() as AddressInfo).port, sent };
}

test('mail by SMTP: a connection that drops in the middle of a mail is no second try', {
  timeout: 60_000,
}, async (t) => {
  const server = await scripted(t, (command) => {
    if (command.startsWith('DATA')) return '354 go on';
    return command === '.' ? undefined : '250 ok';
  });
  const mailer = overSmtp(server.port);
  t.after(() => mailer.close());
  assert.equal(await failureOf(mailer.send(mail)), 'unreachable');
  assert.equal(server.sent('DATA'), 1);
});

test('mail by SMTP: a kept connection that was dropped meanwhile costs no mail', { timeout: 60_000 }, async (t) => {
  let dropped = false;
  const server = await scripted(t, (command, taken) => {
    if (command.startsWith('DATA')) return '354 go on';
    if (!command.startsWith('MAIL') || taken === 0 || dropped) return '250 ok';
    dropped = true;
    return undefined;
  });
  const mailer = overSmtp(server.port);
  t.after(() => mailer.close());
  await mailer.send(mail);
  await mailer.send(mail);
  assert.deepEqual([dropped, server.sent('EHLO'), server.sent('DATA')], [true, 2, 2]);
});

test('[check 120] mail by SMTP: beyond loopback nothing is sent in the clear', { timeout: 60_000 }, async (t) => {
  const server = await scripted(t, (command) => (command.startsWith('STARTTLS') ? '502 not implemented' : '250 ok'));
  // An address that reaches this machine without being called loopback.
  const smtp = { host: '0.0.0.0', port: server.port, secure: false };
  const mailer = smtpMailer({ from: 'no-reply@example.com', smtp }, { timeoutMilliseconds: 30_000 });
  t.after(() => mailer.close());
  await failureOf(mailer.send(mail));
  assert.deepEqual([server.sent('STARTTLS'), server.sent('MAIL')], [1, 0]);
});

test('the outbox keeps the last 200 mails and when they were sent', async () => {
  const sentAt = new Date('2030-01-01T00:00:00Z');
  const box = outbox({ now: () => sentAt });
  for (let count = 0; count < 201; count += 1) await box.send({ ...mail, subject: String(count) });
  assert.equal(box.mails.length, 200);
  assert.equal(box.mails[0]?.subject, '1');
  assert.equal(box.mails.at(-1)?.sentAt, sentAt);
});
