import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorBoundary } from '../../src/http/error-boundary.ts';
import { ownHost } from '../../src/http/own-host.ts';
import { securityHeaders } from '../../src/http/security-headers.ts';
import { createLog } from '../../src/platform/log.ts';
import { serveApp } from '../support/served-app.ts';

function edge(issuer: string) {
  const renderProblem = async () => {
    throw new Error('no pages here');
  };
  const boundary = errorBoundary({ renderProblem, isOutage: () => false, log: createLog({ level: 'silent' }) });
  return [ownHost({ issuer, trustedProxies: 0 }), securityHeaders({ issuer }), boundary];
}

test('[check 94] [check 96] [check 97] every answer, errors included, carries the headers', async (t) => {
  const app = await serveApp(t, [
    ...edge('https://login.example.com'),
    (ctx) => {
      if (ctx.path === '/fail') throw new Error('fail');
      if (ctx.path === '/page') ctx.body = 'page';
    },
  ]);
  for (const [target, status] of [
    ['/page', 200],
    ['/none', 404],
    ['/fail', 500],
  ] as const) {
    const answer = await app.ask({ target });
    const { headers } = answer;
    assert.equal(answer.status, status);
    const policy = new Set(String(headers['content-security-policy']).split(';'));
    const wanted = [
      "object-src 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "default-src 'none'",
      "script-src 'self'",
    ];
    for (const directive of wanted) assert.ok(policy.has(directive), directive);
    assert.equal(headers['strict-transport-security'], 'max-age=31536000; includeSubDomains');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
    assert.equal(headers['referrer-policy'], 'same-origin');
    assert.equal(headers['x-frame-options'], 'DENY');
    assert.equal(headers['cache-control'], 'no-store');
    assert.match(String(headers['permissions-policy']), /camera=\(\)/);
    assert.equal(headers['x-powered-by'], undefined);
  }
});

const openers: readonly (readonly [target: string, kept: boolean])[] = [
  ['/auth', true],
  ['/auth?client_id=x', true],
  ['/auth/x', true],
  ['/interaction/x', true],
  ['/interaction/x/sign-in', true],
  ['/session/end', true],
  ['/session/end/confirm', true],
  ['/session/end/success', true],
  ['/', false],
  ['/account', false],
  ['/account/ways/x/rename', false],
  ['/authors', false],
  ['/session', false],
  ['/outbox', false],
];
for (const [target, kept] of openers) {
  test(`${target} ${kept ? 'leaves the window that opened it alone' : 'is cut off from whoever opened it'}`, async (t) => {
    const app = await serveApp(t, edge('https://login.example.com'));
    const { headers } = await app.ask({ target });
    assert.equal(headers['cross-origin-opener-policy'], kept ? undefined : 'same-origin');
  });
}

test('form-action is absent, which would stop the redirect to the client', async (t) => {
  const app = await serveApp(t, edge('https://login.example.com'));
  const { headers } = await app.ask();
  assert.ok(!String(headers['content-security-policy']).includes('form-action'));
  assert.ok(!String(headers['content-security-policy']).includes('unsafe'));
});

test('an http issuer promises no https', async (t) => {
  const app = await serveApp(t, edge('http://localhost:3000'));
  assert.equal((await app.ask()).headers['strict-transport-security'], undefined);
});

test('[check 95] nothing is stored by default; assets and later middlewares say for themselves', async (t) => {
  const app = await serveApp(t, [
    ...edge('http://localhost:3000'),
    (ctx) => {
      ctx.body = 'x';
      if (ctx.path === '/jwks') ctx.set('Cache-Control', 'public, max-age=60');
    },
  ]);
  assert.equal((await app.ask({ target: '/interaction/x' })).headers['cache-control'], 'no-store');
  assert.equal((await app.ask({ target: '/jwks' })).headers['cache-control'], 'public, max-age=60');
  assert.equal((await app.ask({ target: '/assets/style.css' })).headers['cache-control'], undefined);
});
