import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Middleware } from 'koa';
import { requestTarget } from '../../src/http/request-target.ts';
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
