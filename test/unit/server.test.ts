import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { httpServer, serverLimits } from '../../src/http/server.ts';
import { createLog } from '../../src/platform/log.ts';

const short = { headersTimeout: 60, requestTimeout: 120, connectionsCheckingInterval: 10 };
const patient = { headersTimeout: 600_000, requestTimeout: 600_000, connectionsCheckingInterval: 10 };

async function serve(
  t: TestContext,
  { limits = patient, listener }: { limits?: object; listener?: RequestListener } = {},
) {
  const lines: string[] = [];
  const log = createLog({ level: 'info', stream: { write: (line: string) => lines.push(line) } });
  const answer: RequestListener = listener ?? ((req, res) => req.resume().on('end', () => res.end('fine')));
  const server = httpServer(answer, { log, limits: { ...patient, ...limits } });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { lines, server, open: () => connect(port, '127.0.0.1').setNoDelay(true) };
}

/** All that comes until the server hangs up. */
async function toEnd(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  await closed(socket);
  return text;
}

/** However it ends: `once` would take a reset for a fault. */
function closed(socket: Socket): Promise<unknown> {
  socket.on('error', () => {});
  return new Promise((resolve) => socket.once('close', resolve));
}

test('headers may take ten seconds and a whole request thirty', () => {
  const { headersTimeout, requestTimeout } = serverLimits;
  assert.deepEqual({ headersTimeout, requestTimeout }, { headersTimeout: 10_000, requestTimeout: 30_000 });
});

test('the limits of the time are the server’s own', async (t) => {
  const { server } = await serve(t, { limits: { headersTimeout: 4_000, requestTimeout: 5_000 } });
  assert.deepEqual([server.headersTimeout, server.requestTimeout], [4_000, 5_000]);
});

const slow: Readonly<Record<string, string>> = {
  'a head that never ends': 'GET / HTTP/1.1\r\nHost: localhost\r\nCookie: __Host-secret=abc',
  'a body that never comes': 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n\r\n',
  'a body that stops midway': 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n\r\npassword=s3cret',
  'a chunked body without its end':
    'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n6\r\ns3cret',
};
for (const [what, sent] of Object.entries(slow)) {
  test(`${what} is answered 408, hung up on and told without its bytes`, { timeout: 10_000 }, async (t) => {
    const { lines, open } = await serve(t, { limits: short });
    const socket = open();
    socket.write(sent);
    assert.match(await toEnd(socket), /^HTTP\/1\.1 408 Request Timeout\r\nConnection: close\r\n/);
    assertOneLine(lines, { code: 'ERR_HTTP_REQUEST_TIMEOUT', status: 408 });
  });
}

const malformed: readonly (readonly [what: string, sent: string, code: string, status: number])[] = [
  ['no HTTP at all', 's3cret\r\n\r\n', 'HPE_INVALID_METHOD', 400],
  ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 'HPE_INVALID_METHOD', 400],
  ['a header line without a colon', 'GET / HTTP/1.1\r\nHost: x\r\ns3cret\r\n\r\n', 'HPE_INVALID_HEADER_TOKEN', 400],
  [
    'two lengths',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\ns3cret',
    'HPE_UNEXPECTED_CONTENT_LENGTH',
    400,
  ],
  [
    'headers of 20 KB',
    `GET / HTTP/1.1\r\nHost: x\r\nCookie: s3cret=${'a'.repeat(20_000)}\r\n\r\n`,
    'HPE_HEADER_OVERFLOW',
    431,
  ],
];
for (const [what, sent, code, status] of malformed) {
  test(`${what}: answered ${status}, closed, and one JSON line without what was sent`, async (t) => {
    const { lines, open } = await serve(t);
    const socket = open();
    socket.write(Buffer.from(sent, 'latin1'));
    const head = (await toEnd(socket)).split('\r\n');
    assert.equal(head[0]?.slice(0, 12), `HTTP/1.1 ${status}`);
    assert.ok(head.includes('Connection: close') && head.includes('Cache-Control: no-store'));
    assertOneLine(lines, { code, status });
  });
}

function assertOneLine(lines: readonly string[], expected: { readonly code: string; readonly status: number }) {
  assert.equal(lines.length, 1);
  const { time: _, ...told } = JSON.parse(lines[0] ?? '');
  const { code: reason, status } = expected;
  assert.deepEqual(told, { level: 'info', reason, status, address: '127.0.0.1', msg: 'malformed' });
}

test('an ordinary request is answered, before and beside a malformed one', async (t) => {
  const { lines, open } = await serve(t);
  const [good, bad] = [open(), open()];
  bad.write('nonsense\r\n\r\n');
  await toEnd(bad);
  good.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  assert.match(await toEnd(good), /^HTTP\/1\.1 200 OK\r\n.*fine/s);
  assert.equal(lines.length, 1);
});

test('half an answer is cut off, and nothing is written into it', async (t) => {
  const { lines, open } = await serve(t, {
    listener: (_, res) => {
      res.writeHead(200, { 'content-length': '100' });
      res.write('half');
    },
  });
  const socket = open();
  socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n');
  await once(socket, 'readable');
  socket.write('not a chunk\r\n');
  const text = await toEnd(socket);
  assert.ok(text.endsWith('half'), text);
  assert.deepEqual(lines, []);
});

test('a connection that its client cuts is no line', async (t) => {
  const { lines, server, open } = await serve(t);
  const socket = open();
  socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n\r\nhalf');
  const [request] = await once(server, 'request');
  const connection: Socket = request.socket;
  const cut = closed(connection);
  socket.on('error', () => {}).resetAndDestroy();
  await cut;
  assert.deepEqual(lines, []);
});
