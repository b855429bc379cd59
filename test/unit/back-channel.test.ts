import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { createServer } from 'node:https';
import type { AddressInfo, LookupFunction } from 'node:net';
import { suite, type TestContext, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { generate } from 'selfsigned';
import { backChannel } from '../../src/delivery/senders/back-channel.ts';
import { logoutClient } from '../support/logout-client.ts';

/** A resolver that gives these answers, one after the other. */
function resolving(...answers: readonly (readonly string[])[]) {
  const asked: string[] = [];
  const lookup: LookupFunction = (name, _options, callback) => {
    const found = answers[asked.length] ?? [];
    asked.push(name);
    const all = found.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }));
    callback(null, all);
  };
  return { lookup, asked };
}

const timeoutMilliseconds = 1000;

function sender(lookup: LookupFunction | undefined, ...allowedPrivateHosts: readonly string[]) {
  return backChannel({ allowedPrivateHosts, timeoutMilliseconds, ...(lookup ? { lookup } : {}) });
}

const at = (host: string, uri: string) => Object.assign(new URL(uri), { hostname: host }).href;

test('a name that leads into a private network, or also into one, is told nothing [check 75]', async (t) => {
  const client = await logoutClient(t);
  for (const found of [
    ['127.0.0.1'],
    ['10.0.0.1'],
    ['::1'],
    ['169.254.169.254'],
    ['1.1.1.1', '127.0.0.1'],
    ['fd00::1'],
  ]) {
    const { lookup } = resolving(found);
    assert.equal(await sender(lookup, 'localhost')(at('rp.example', client.uri), 'token'), 'address', found.join());
  }
  assert.deepEqual(client.told, []);
});

test('a host that the settings name may be private, and never link-local or a cloud’s own [check 75]', async (t) => {
  const client = await logoutClient(t);
  const uri = at('rp.internal', client.uri);
  const { lookup } = resolving(['127.0.0.1']);
  assert.equal(await sender(lookup, 'rp.internal')(uri, 'token'), 'done');
  assert.equal(client.told[0]?.headers.host, new URL(uri).host);
  for (const found of [['169.254.169.254'], ['168.63.129.16'], ['fe80::1'], ['0.0.0.0']])
    assert.equal(await sender(resolving(found).lookup, 'rp.internal')(uri, 'token'), 'address', found.join());
  assert.equal(client.told.length, 1);
});

test('the address that was judged is the one that is connected to: the name is looked up once [check 75]', async (t) => {
  const client = await logoutClient(t);
  const { lookup, asked } = resolving(['127.0.0.1'], ['169.254.169.254']);
  assert.equal(await sender(lookup, 'rp.internal')(at('rp.internal', client.uri), 'token'), 'done');
  assert.deepEqual(asked, ['rp.internal']);
  assert.equal(client.told.length, 1);
});

test('an address in the place of a name is judged too, in every spelling [check 75]', async (t) => {
  const client = await logoutClient(t);
  const { port } = new URL(client.uri);
  const hosts = [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.1',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '0',
  ];
  for (const host of hosts)
    assert.equal(await sender(undefined, 'localhost')(`http://${host}:${port}/`, 'token'), 'address', host);
  assert.deepEqual(client.told, []);
  assert.equal(await sender(undefined, '127.0.0.1')(`http://127.1:${port}/`, 'token'), 'done', 'as it is read');
});

test('a name that nobody knows, and one that is not answered, are no answer of the client', async () => {
  const unknown: LookupFunction = (_name, _options, callback) => callback(new Error('ENOTFOUND'), []);
  assert.equal(await sender(unknown)('https://rp.example/', 'token'), 'connection');
  assert.equal(await sender(resolving([]).lookup)('https://rp.example/', 'token'), 'connection');
  assert.equal(await sender(() => {})('https://rp.example/', 'token'), 'timeout');
  assert.equal(await sender(undefined)('no address', 'token'), 'connection');
});

test('every status says what became of the token', async (t) => {
  const client = await logoutClient(t);
  const send = sender(undefined, 'localhost');
  const expected = {
    200: 'done',
    204: 'done',
    400: 'refused',
    201: 'status',
    202: 'status',
    302: 'redirect',
    304: 'redirect',
  };
  const later = {
    401: 'status',
    403: 'status',
    404: 'status',
    405: 'status',
    429: 'status',
    500: 'status',
    503: 'status',
  };
  for (const [status, answer] of Object.entries({ ...expected, ...later })) {
    client.answers((given) => given.writeHead(Number(status)).end());
    assert.equal(await send(client.uri, 'token'), answer, status);
  }
});

test('a token goes over whole, as a form', async (t) => {
  const client = await logoutClient(t);
  const token = 'a.b-c_d+e/f=';
  await sender(undefined, 'localhost')(client.uri, token);
  assert.equal(client.told[0]?.token, token);
  assert.equal(client.told[0]?.headers.connection, 'close');
});

suite('over https', () => {
  async function secure(t: TestContext, host: string) {
    const made = await generate([{ name: 'commonName', value: host }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: host }] }],
    });
    const told: string[] = [];
    const server = createServer({ key: made.private, cert: made.cert }, async (request, answer) => {
      told.push(Buffer.concat(await request.toArray()).toString());
      answer.end();
    });
    t.after(() => server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { cert: made.cert, told, uri: `https://localhost:${(server.address() as AddressInfo).port}/` };
  }

  test('a client is told where its certificate is good for its name, and nothing is sent where it is not', async (t) => {
    const before = getCACertificates();
    t.after(() => setDefaultCACertificates(before));
    const [good, other] = [await secure(t, 'localhost'), await secure(t, 'other.example')];
    const send = sender(undefined, 'localhost');
    assert.equal(await send(good.uri, 'token'), 'connection', 'nobody vouches for it');
    setDefaultCACertificates([...before, good.cert, other.cert]);
    assert.equal(await send(good.uri, 'token'), 'done');
    assert.equal(await send(other.uri, 'token'), 'connection', 'another name');
    assert.deepEqual([good.told, other.told], [['logout_token=token'], []]);
  });
});
