import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Middleware } from 'koa';
import { isOwnSpelling, requestTarget } from '../../src/http/request-target.ts';
import { Problem } from '../../src/platform/problem.ts';
import { serveApp } from '../support/served-app.ts';

const tellStatus: Middleware = async (ctx, next) => {
  await next().catch((error: unknown) => {
    ctx.status = error instanceof Problem ? error.status : 500;
  });
};
const taken: Middleware = (ctx) => {
  ctx.body = 'taken';
};

test('a request target of 8000 octets is taken, and one more is refused before anything reads it [check 111]', async (t) => {
  const app = await serveApp(t, [tellStatus, requestTarget(), taken]);
  const longest = `/auth?state=${'x'.repeat(8_000 - '/auth?state='.length)}`;
  assert.deepEqual(
    [(await app.ask({ target: longest })).status, (await app.ask({ target: `${longest}x` })).status],
    [200, 414],
  );
});

test('an address in another spelling does not exist, and nothing behind the edge sees it [check 68]', async (t) => {
  const app = await serveApp(t, [tellStatus, requestTarget(), taken]);
  for (const target of ['/token/', '/TOKEN', '/Token?x=1', '/t%6fken', '//token', '/./token', '/token/.', '/token;x'])
    assert.equal((await app.ask({ target, method: 'POST' })).status, 404, target);
  assert.equal((await app.ask({ target: '/token?X=/Y/', method: 'POST' })).status, 200);
});

test('capitals are part of ids and of the names of files, and of nothing else', () => {
  const own = [
    ...['/', '/auth', '/token', '/.well-known/openid-configuration', '/session/end/success', '/favicon.ico'],
    ...['/interaction/a-B_9', '/interaction/-B/factor', '/auth/_aB', '/assets/Logo.svg', '/account/ways/aB/rename'],
    ...['/link/reset', '/link/reset/aB_-9', '/link/email_undo/aB'],
  ];
  const others = [
    ...['', '/Auth', '/AUTH/aB', '/Interaction/aB', '/interaction/aB/', '/interaction/aB/Factor', '/interaction//aB'],
    ...['/auth/aB/', '/auth/a%42', '/auth/..', '/assets/', '/account/', '/account/Ways/aB', '/account/ways/aB/Rename'],
    ...['/link/Reset/aB', '/link/reset/aB/', '/Link/reset/aB', '/link/reset/aB/Go'],
    ...['/session/End', '/x/../auth/aB', '/auth/a\u00e9', '/.Well-Known/openid-configuration', '/jwks//'],
  ];
  assert.deepEqual(
    own.filter((path) => !isOwnSpelling(path)),
    [],
  );
  assert.deepEqual(others.filter(isOwnSpelling), []);
});
