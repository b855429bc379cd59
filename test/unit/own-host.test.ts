import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Middleware } from 'koa';
import { clientAddress } from '../../src/http/client-address.ts';
import { ownHost } from '../../src/http/own-host.ts';
import { serveApp } from '../support/served-app.ts';

const issuer = 'https://login.example.com';

const tellAll: Middleware = (ctx) => {
  const again = ctx.app.createContext(ctx.req, ctx.res);
  const told = [ctx, again].map(({ host, hostname, protocol, secure, href, URL }) => ({
    ...{ host, hostname, protocol, secure, href, url: URL.href },
  }));
  ctx.body = { told, originalHost: ctx.state.originalHost, address: clientAddress(ctx) };
};

const forgeries: Record<string, { target?: string; headers?: Record<string, string | string[]> }> = {
  'a foreign Host': { headers: { host: 'evil.example' } },
  'a foreign Host with a port': { headers: { host: 'login.example.com:8443' } },
  'a Host with user information': { headers: { host: 'evil.com:x@good' } },
  'a list of hosts': { headers: { host: 'evil.example, login.example.com' } },
  'X-Forwarded-Host': { headers: { host: 'login.example.com', 'x-forwarded-host': 'evil.example' } },
  'X-Forwarded-Host twice': { headers: { 'x-forwarded-host': ['evil.example', 'evil2.example'] } },
  'X-Forwarded-Proto': { headers: { 'x-forwarded-proto': 'http' } },
  'X-Forwarded-Port and -Prefix': { headers: { 'x-forwarded-port': '1', 'x-forwarded-prefix': '/evil' } },
  Forwarded: { headers: { forwarded: 'for=1.2.3.4;host=evil.example;proto=http' } },
  'an absolute request target': { target: 'http://evil.example/path?x=1' },
  'an absolute request target without a path': { target: 'http://evil.example?x=1' },
};
for (const trustedProxies of [0, 1]) {
  for (const [what, forged] of Object.entries(forgeries)) {
    test(`[check 88] ${what} changes no address, behind ${trustedProxies} proxies`, async (t) => {
      const app = await serveApp(t, [ownHost({ issuer, trustedProxies }), tellAll], trustedProxies);
      const { text } = await app.ask({ target: '/path?x=1', ...forged });
      assert.ok(!JSON.stringify(JSON.parse(text).told).includes('evil'), text);
      for (const told of JSON.parse(text).told) {
        const { href, url, ...host } = told;
        assert.deepEqual(host, {
          ...{ host: 'login.example.com', hostname: 'login.example.com' },
          ...{ protocol: 'https', secure: true },
        });
        assert.match(href, /^https:\/\/login\.example\.com\/(path)?\?x=1$/);
        assert.equal(url, href);
      }
    });
  }
}

test('the Host that the browser used is kept for the check against DNS rebinding', async (t) => {
  const app = await serveApp(t, [ownHost({ issuer, trustedProxies: 0 }), tellAll]);
  const { text } = await app.ask({ headers: { host: 'rebound.example:3000' } });
  assert.equal(JSON.parse(text).originalHost, 'rebound.example:3000');
});

const addresses: [trustedProxies: number, headers: Record<string, string>, expected: string][] = [
  [0, {}, '127.0.0.1'],
  [0, { 'x-forwarded-for': '203.0.113.9' }, '127.0.0.1'],
  [0, { 'x-real-ip': '203.0.113.9', forwarded: 'for=203.0.113.9' }, '127.0.0.1'],
  [1, { 'x-forwarded-for': '203.0.113.9' }, '203.0.113.9'],
  [1, { 'x-forwarded-for': '198.51.100.1, 203.0.113.9' }, '203.0.113.9'],
  [2, { 'x-forwarded-for': '6.6.6.6, 198.51.100.1, 203.0.113.9' }, '198.51.100.1'],
  [1, { 'x-forwarded-for': '6.6.6.6, not-an-address' }, '127.0.0.1'],
  [1, { 'x-forwarded-for': '$ne' }, '127.0.0.1'],
  [1, { 'x-forwarded-for': '::FFFF:203.0.113.9' }, '203.0.113.9'],
  [1, { 'x-forwarded-for': '2001:DB8::1' }, '2001:db8::1'],
];
for (const [trustedProxies, headers, expected] of addresses) {
  const claimed = Object.values(headers).join(' and ') || 'nothing';
  test(`[check 85] [check 106] behind ${trustedProxies} proxies, a client that claims ${claimed} has the address ${expected}`, async (t) => {
    const app = await serveApp(t, [ownHost({ issuer, trustedProxies }), tellAll], trustedProxies);
    assert.equal(JSON.parse((await app.ask({ headers })).text).address, expected);
  });
}

const forms: Readonly<Record<string, string>> = {
  '203.0.113.7:40000': '203.0.113.7',
  '203.0.113.7:_port': '203.0.113.7',
  '"203.0.113.7:40000"': '203.0.113.7',
  'for=203.0.113.7': '203.0.113.7',
  'For="203.0.113.7:47011";proto=https': '203.0.113.7',
  'proto=https;for=203.0.113.7;by=10.0.0.1': '203.0.113.7',
  '[2001:db8::1]:443': '2001:db8::1',
  '[2001:DB8:0:0::1]': '2001:db8::1',
  '2001:0db8:0000::0001': '2001:db8::1',
  '"[2001:db8::1]"': '2001:db8::1',
  'for="[2001:db8:cafe::17]:4711"': '2001:db8:cafe::17',
  '::ffff:203.0.113.7': '203.0.113.7',
  '[::ffff:203.0.113.7]:40000': '203.0.113.7',
  unknown: 'unknown',
  Unknown: 'unknown',
  'for=unknown': 'unknown',
  _hidden: 'unknown',
  'for="_SEVKISEK"': 'unknown',
  '_hidden:4711': 'unknown',
  '203.0.113.7:40000:1': '127.0.0.1',
  '203.0.113.256:40000': '127.0.0.1',
  '203.0.113': '127.0.0.1',
  '0xcb.0x0.0x71.7': '127.0.0.1',
  '3405803783': '127.0.0.1',
  '[203.0.113.7': '127.0.0.1',
  '[unknown]': '127.0.0.1',
  'for=': '127.0.0.1',
  '"': '127.0.0.1',
};
for (const [entry, expected] of Object.entries(forms)) {
  test(`the entry ${entry} of a proxy is the client ${expected}, whatever stands to its left`, async (t) => {
    const app = await serveApp(t, [ownHost({ issuer, trustedProxies: 1 }), tellAll], 1);
    for (const left of ['', '198.51.100.1:80, ', 'for=198.51.100.2, _other, ']) {
      const { text } = await app.ask({ headers: { 'x-forwarded-for': `${left}${entry}` } });
      assert.equal(JSON.parse(text).address, expected);
    }
  });
}

test('a socket that tells an IPv4 address as IPv6 is the same client', () => {
  const req = { socket: { remoteAddress: '::ffff:192.0.2.7' } };
  assert.equal(clientAddress({ ip: '', req }), '192.0.2.7');
  assert.equal(clientAddress({ ip: '192.0.2.7', req }), '192.0.2.7');
});
