import assert from 'node:assert/strict';
import { test } from 'node:test';
import { issuerHost } from '../../src/http/issuer-host.ts';
import { ownHost } from '../../src/http/own-host.ts';
import { createLog } from '../../src/platform/log.ts';
import { serveApp } from '../support/served-app.ts';

const issuer = 'https://login.example.com:8443';

function chain(lines: string[] = []) {
  const log = createLog({ level: 'trace', stream: { write: (line: string) => lines.push(line) } });
  return [
    ownHost({ issuer, trustedProxies: 0 }),
    issuerHost({ issuer, log }),
    (ctx: { body: unknown }) => {
      ctx.body = 'here';
    },
  ];
}

const led: readonly (readonly [host: string, target: string, location: string])[] = [
  ['www.example.com', '/', '/?twofold_host=issuer'],
  ['www.example.com', '/auth?client_id=app&state=a%20b', '/auth?client_id=app&state=a%20b&twofold_host=issuer'],
  ['www.example.com:8443', '/account', '/account?twofold_host=issuer'],
  ['127.0.0.1', '/account/recovery-codes', '/account/recovery-codes?twofold_host=issuer'],
  ['[::1]:8443', '/session/end?client_id=app', '/session/end?client_id=app&twofold_host=issuer'],
  ['login.example.com.', '/account', '/account?twofold_host=issuer'],
  ['login.example.com.evil.example', '/account', '/account?twofold_host=issuer'],
];
for (const [host, target, location] of led) {
  test(`${target} under ${host} is led to the issuer’s name, once`, async (t) => {
    const app = await serveApp(t, chain());
    const answer = await app.ask({ target, headers: { host, 'x-forwarded-host': 'evil.example' } });
    assert.deepEqual([answer.status, answer.headers.location], [303, `${issuer}${location}`]);
    assert.equal(answer.text, '', 'what was asked stands in no page');
    const again = await app.ask({ target: location, headers: { host } });
    assert.deepEqual([again.status, again.text], [200, 'here'], 'whatever a proxy makes of Host');
  });
}

const left: readonly (readonly [host: string, target: string, method?: string])[] = [
  ['login.example.com:8443', '/auth?client_id=app'],
  // A proxy that drops the port, or adds its own.
  ['login.example.com', '/auth'],
  ['login.example.com:3000', '/account'],
  ['LOGIN.example.COM', '/'],
  ['127.0.0.1', '/token', 'POST'],
  ['127.0.0.1', '/session/end', 'POST'],
  ['127.0.0.1', '/account/x', 'POST'],
  ['127.0.0.1', '/jwks'],
  ['127.0.0.1', '/me'],
  ['127.0.0.1', '/health'],
  ['127.0.0.1', '/.well-known/openid-configuration'],
  ['127.0.0.1', '/interaction/x'],
  ['127.0.0.1', '/auth/x'],
  ['127.0.0.1', '/authors'],
  ['127.0.0.1', '/assets/style.css'],
  ['not a host', '/account'],
];
for (const [host, target, method = 'GET'] of left) {
  test(`${method} ${target} under ${host} is answered where it is asked`, async (t) => {
    const app = await serveApp(t, chain());
    const answer = await app.ask({ method, target, headers: { host } });
    assert.deepEqual([answer.status, answer.text], [200, 'here']);
  });
}

test('a proxy that does not pass Host on is told to the log, once', async (t) => {
  const lines: string[] = [];
  const app = await serveApp(t, chain(lines));
  const headers = { host: '127.0.0.1:3000' };
  await app.ask({ target: '/account', headers });
  assert.deepEqual(lines, []);
  for (let round = 0; round < 3; round += 1) await app.ask({ target: '/account?twofold_host=issuer', headers });
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /does not pass Host on/);
});
