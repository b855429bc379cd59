import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { pathOf, send, UnexpectedAnswer } from '../../bench/http.ts';
import { valueIn, visitorOf } from '../../bench/visitor.ts';
import { stopwatch, untimed } from '../../bench/watch.ts';

interface Received {
  readonly port: number;
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A server that keeps what it was sent, and sets a cookie with its number at each request. */
async function listener(t: TestContext, received: Received[]): Promise<number> {
  const server = createServer(async (request, response) => {
    const { port } = server.address() as AddressInfo;
    const { method, url, headers } = request;
    received.push({ port, method, url, headers, body: (await buffer(request)).toString() });
    response.setHeader('set-cookie', [`seen=${received.length}; path=/; httponly`, `at${port}=yes=no; path=/`]);
    response.end('<input type="hidden" name="forgery" value="a-token">');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function listening(t: TestContext, processes = 1) {
  const received: Received[] = [];
  const ports: number[] = [];
  for (let count = 0; count < processes; count += 1) ports.push(await listener(t, received));
  return { received, ports, target: { ports, forgery: true } };
}

test('cookies come back as they were set, the later instead of the earlier', async (t) => {
  const { received, target, ports } = await listening(t);
  const visitor = visitorOf(target, untimed);
  for (const path of ['/one', '/two', '/three']) await visitor.get('GET', path);
  assert.deepEqual(
    received.map(({ url, headers }) => [url, headers.cookie]),
    [
      ['/one', undefined],
      ['/two', `seen=1; at${ports[0]}=yes=no`],
      ['/three', `seen=2; at${ports[0]}=yes=no`],
    ],
  );
});

test('two visitors share no cookie, the same one by another watch does', async (t) => {
  const { received, target } = await listening(t);
  const visitor = visitorOf(target, untimed);
  await visitor.get('GET', '/');
  await visitorOf(target, untimed).get('GET', '/');
  const { time, laps } = stopwatch();
  await visitor.timed(time).get('GET again', '/');
  assert.deepEqual(
    received.map(({ headers }) => headers.cookie?.split(';')[0]),
    [undefined, undefined, 'seen=1'],
  );
  assert.deepEqual(
    laps.map(({ kind }) => kind),
    ['GET again'],
  );
});

test("a form is sent with the token of its page; a floor's has none", async (t) => {
  const { received, target } = await listening(t);
  const visitor = visitorOf(target, untimed);
  const page = await visitor.get('GET', '/form');
  await visitor.post('POST', '/form', { fields: { code: '012 345', name: 'é&' }, page });
  await visitorOf({ ...target, forgery: false }, untimed).post('POST', '/form', { fields: { code: '1' }, page });
  const [, twofold, floor] = received;
  assert.equal(twofold?.body, 'code=012+345&name=%C3%A9%26&forgery=a-token');
  assert.equal(twofold?.headers['content-type'], 'application/x-www-form-urlencoded');
  assert.equal(twofold?.headers['content-length'], String(twofold?.body.length));
  assert.equal(floor?.body, 'code=1');
});

test("what a relying party's server asks has its authorization and no cookie", async (t) => {
  const { received, target } = await listening(t);
  const visitor = visitorOf(target, untimed);
  await visitor.get('GET', '/');
  await visitor.direct('POST /token', '/token', { fields: { code: 'c' }, authorization: 'Basic Yg==' });
  const [, token] = received;
  assert.deepEqual([token?.method, token?.url, token?.body], ['POST', '/token', 'code=c']);
  assert.deepEqual([token?.headers.authorization, token?.headers.cookie], ['Basic Yg==', undefined]);
});

test('each request goes to the next process, under the name of the issuer', async (t) => {
  const { received, target, ports } = await listening(t, 2);
  const visitor = visitorOf(target, untimed);
  for (let count = 0; count < 3; count += 1) await visitor.get('GET', '/');
  await visitor.direct('POST', '/', { fields: {}, authorization: 'Basic Yg==' });
  const [first, second] = ports;
  assert.deepEqual(
    received.map(({ port }) => port),
    [first, second, first, second],
  );
  assert.deepEqual([...new Set(received.map(({ headers }) => headers.host))], [`localhost:${first}`]);
});

test('a hidden field is read by its name', () => {
  const body = '<input type="hidden" name="set" value="b64-url_"><input type="hidden" name="forgery" value="other">';
  assert.equal(valueIn({ body }, 'set'), 'b64-url_');
  assert.equal(valueIn({ body }, 'forgery'), 'other');
  assert.equal(valueIn({ body }, 'code'), '');
});

test('a redirect leads to a path, whether it names the host or not', () => {
  const answer = (location?: string) => ({ status: 303, headers: location ? { location } : {}, body: 'no more' });
  assert.equal(pathOf(answer('/interaction/abc?x=1')), '/interaction/abc');
  assert.equal(pathOf(answer('http://localhost:4103/interaction/abc')), '/interaction/abc');
  assert.throws(() => pathOf(answer()), new UnexpectedAnswer('no redirect', { status: 303, body: 'no more' }));
});

test('a server that hangs up is an error, never an answer', async (t) => {
  const server = createServer((request) => request.socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => void server.close());
  const { port } = server.address() as AddressInfo;
  await assert.rejects(send({ port, host: 'localhost', path: '/' }), { code: 'ECONNRESET' });
});
