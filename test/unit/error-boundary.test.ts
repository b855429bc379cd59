import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Context } from 'koa';
import { errorBoundary, type ProblemAnswer } from '../../src/http/error-boundary.ts';
import { requestLog } from '../../src/http/request-log.ts';
import { createLog } from '../../src/platform/log.ts';
import { Problem } from '../../src/platform/problem.ts';
import { type RawRequest, serveApp } from '../support/served-app.ts';

class Outage extends Error {}

function recorded(renderProblem: (ctx: Context, answer: ProblemAnswer) => Promise<void>) {
  const lines: string[] = [];
  const log = createLog({ level: 'info', stream: { write: (line: string) => void lines.push(line) } });
  const boundary = errorBoundary({ renderProblem, isOutage: (error) => error instanceof Outage, log });
  const entries = () => lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg !== 'request');
  return { entries, edge: [requestLog({ log }), boundary] };
}

const asJson = async (ctx: Context, answer: ProblemAnswer) => {
  ctx.body = answer;
};

type Failing = (ctx: Context) => unknown;

async function fail(t: Parameters<typeof serveApp>[0], failing: Failing, asked: RawRequest = {}) {
  const { entries, edge } = recorded(asJson);
  const app = await serveApp(t, [...edge, failing]);
  const answer = await app.ask(asked);
  return { ...answer, entries: entries(), told: JSON.parse(answer.text) as ProblemAnswer };
}

function throwing(error: unknown): Failing {
  return () => {
    throw error;
  };
}

const httpError = (status: number, expose: boolean) =>
  Object.assign(new Error('db.users.find({name})'), { status, expose });

const roads: Record<string, [error: unknown, status: number, code: string]> = {
  'a problem': [new Problem('form_old', 403), 403, 'form_old'],
  'an outage': [new Outage('connect ECONNREFUSED 10.0.0.1:27017'), 503, 'unavailable'],
  'an exposed 503 of a library': [httpError(503, true), 503, 'unavailable'],
  'an exposed 413': [httpError(413, true), 413, 'too_large'],
  'an exposed 404': [httpError(404, true), 404, 'not_found'],
  'an exposed 400': [httpError(400, true), 400, 'bad_request'],
  'a hidden 400': [httpError(400, false), 500, 'server_error'],
  'an exposed 500': [httpError(500, true), 500, 'server_error'],
  'a bug': [new TypeError("Cannot read properties of undefined (reading 'secret')"), 500, 'server_error'],
  'a thrown text': ['text', 500, 'server_error'],
  'a thrown nothing': [undefined, 500, 'server_error'],
};
for (const [what, [error, status, code]] of Object.entries(roads)) {
  test(`${what} is answered ${status} ${code} with the request's id as reference`, async (t) => {
    const { status: answered, told, headers } = await fail(t, throwing(error));
    assert.equal(answered, status);
    assert.deepEqual(told, { code, status, reference: headers['x-request-id'] });
    assert.equal(headers['cache-control'], 'no-store');
  });
}

test('[check 98] the cause stands in the log alone, under the reference', async (t) => {
  const cause = new Error('E11000 duplicate key { email: "ada@example.com" }');
  const { text, headers, entries } = await fail(t, throwing(new Problem('unavailable', 503, { cause })));
  assert.ok(!text.includes('E11000'));
  assert.equal(entries.length, 1);
  assert.equal(entries[0].requestId, headers['x-request-id']);
  assert.equal(entries[0].level, 'error');
  assert.match(entries[0].err.cause.message, /E11000/);
});

test('what is the client’s fault is logged as information, not as an error', async (t) => {
  const { entries } = await fail(t, throwing(new Problem('bad_request', 400, { field: 'code' })));
  assert.equal(entries[0].level, 'info');
  assert.equal(entries[0].problem, 'bad_request');
});

test('a problem’s field, params and client reach the page; a wait becomes Retry-After', async (t) => {
  const details = { field: 'code', params: { minutes: 2 }, clientId: 'shop', retryAfterSeconds: 120 };
  const { told, headers } = await fail(t, throwing(new Problem('busy', 503, details)));
  const { reference: _, ...rest } = told;
  assert.deepEqual(rest, { code: 'busy', status: 503, field: 'code', params: { minutes: 2 }, clientId: 'shop' });
  assert.equal(headers['retry-after'], '120');
});

test('[check 120] an outage asks to come back soon', async (t) => {
  assert.equal((await fail(t, throwing(new Outage()))).headers['retry-after'], '5');
});

test('a path without a route is not found, and a method without one is refused', async (t) => {
  const missing = await fail(t, () => {});
  assert.deepEqual([missing.status, missing.told.code], [404, 'not_found']);
  const refused = await fail(t, (ctx) => {
    ctx.status = 405;
  });
  assert.deepEqual([refused.status, refused.told.code], [405, 'bad_request']);
});

test('an answer that a route gave stays as it is, a 404 with a body too', async (t) => {
  const { entries, edge } = recorded(asJson);
  const app = await serveApp(t, [
    ...edge,
    (ctx) => {
      ctx.status = 404;
      ctx.body = 'mine';
    },
  ]);
  const { status, text } = await app.ask();
  assert.deepEqual([status, text, entries()], [404, 'mine', []]);
});

test('a half-made answer leaves nothing behind in the problem', async (t) => {
  const { headers, status } = await fail(t, (ctx) => {
    ctx.body = '<svg/>';
    ctx.set({ 'Content-Type': 'image/svg+xml', ETag: '"1"', 'Cache-Control': 'public, max-age=60' });
    throw new Error('late');
  });
  assert.equal(status, 500);
  assert.match(String(headers['content-type']), /json/);
  assert.equal(headers.etag, undefined);
  assert.equal(headers['cache-control'], 'no-store');
});

test('when the problem page itself fails, a bare text still tells the reference and both causes are logged', async (t) => {
  const { entries, edge } = recorded(async () => {
    throw new Error('template broken');
  });
  const app = await serveApp(t, [...edge, throwing(new Error('first'))]);
  const { status, text, headers } = await app.ask();
  assert.equal(status, 500);
  assert.equal(text, `Something went wrong. Reference ${headers['x-request-id']}\n`);
  assert.deepEqual(
    entries().map(({ err }) => err.message),
    ['first', 'template broken'],
  );
});

test('an answer that fails half-way is cut off rather than finished', async (t) => {
  const { edge } = recorded(asJson);
  const app = await serveApp(t, [
    ...edge,
    (ctx) => {
      ctx.respond = false;
      ctx.res.writeHead(200);
      ctx.res.write('half');
      throw new Error('late');
    },
  ]);
  await assert.rejects(app.ask());
});
