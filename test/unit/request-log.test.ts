import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Middleware } from 'koa';
import { ownHost } from '../../src/http/own-host.ts';
import { requestLog, shownPath } from '../../src/http/request-log.ts';
import { createLog } from '../../src/platform/log.ts';
import { serveApp } from '../support/served-app.ts';

const answerOk: Middleware = (ctx) => {
  ctx.body = 'ok';
};

function recorded() {
  const lines: string[] = [];
  const log = createLog({ level: 'info', stream: { write: (line: string) => void lines.push(line) } });
  const edge = [ownHost({ issuer: 'http://localhost:3000', trustedProxies: 0 }), requestLog({ log })];
  return { lines, edge, entries: () => lines.map((line) => JSON.parse(line)) };
}

test('each request is one line with its id, which the answer carries too', async (t) => {
  const { edge, entries } = recorded();
  const app = await serveApp(t, [...edge, answerOk]);
  const { headers } = await app.ask({ target: '/health' });
  const [entry, ...others] = entries();
  assert.deepEqual(others, []);
  const { time: _, milliseconds, ...rest } = entry;
  assert.ok(milliseconds >= 0);
  assert.deepEqual(rest, {
    ...{ level: 'info', requestId: headers['x-request-id'], method: 'GET', path: '/health' },
    ...{ status: 200, address: '127.0.0.1', msg: 'request' },
  });
});

test('a request cannot choose its id', async (t) => {
  const { edge, entries } = recorded();
  const app = await serveApp(t, edge);
  const answers = [
    await app.ask({ headers: { 'x-request-id': 'mine' } }),
    await app.ask({ headers: { 'x-request-id': 'mine' } }),
  ];
  const ids = answers.map(({ headers }) => headers['x-request-id']);
  assert.equal(new Set([...ids, 'mine']).size, 3);
  assert.deepEqual(
    entries().map(({ requestId }) => requestId),
    ids,
  );
});

test('[check 113] queries, uids, cookies and headers stay out of the log', async (t) => {
  const { edge, lines } = recorded();
  const app = await serveApp(t, edge);
  const headers = { cookie: 'session=s3cret', authorization: 'Basic s3cret' };
  await app.ask({ target: '/auth/s3cret?code=s3cret&state=s3cret', headers });
  await app.ask({ target: '/interaction/s3cret/factor?token=s3cret', headers });
  assert.equal(lines.length, 2);
  assert.ok(!lines.join('').includes('s3cret'), lines.join(''));
});

test('what a middleware writes carries the id of its request', async (t) => {
  const { edge, entries } = recorded();
  const app = await serveApp(t, [...edge, (ctx) => ctx.log.warn('look')]);
  const { headers } = await app.ask();
  assert.deepEqual(
    entries().map(({ msg, requestId }) => [msg, requestId]),
    [
      ['look', headers['x-request-id']],
      ['request', headers['x-request-id']],
    ],
  );
});

test('a uid is shown in no other spelling of its address [check 113]', () => {
  const spellings = ['/Interaction/abc', '//AUTH//abc/', '/x/../auth/./abc', '/%69nteraction/abc', '/auth/%61bc/x'];
  assert.deepEqual(spellings.map(shownPath), [
    ...['/Interaction/:uid', '//AUTH//:uid/', '/x/../auth/./:uid', '/…', '/auth/:uid'],
  ]);
});

test('the token of a mailed link is shown in no spelling of its address, nor a piece of it [check 113]', () => {
  const token = 'aB3_-'.repeat(9).slice(0, 43);
  const spelled = [
    `/link/reset/${token}`,
    `/LINK/reset/${token}`,
    `//link//reset/${token}/`,
    `/link/${token.slice(9)}`,
  ];
  for (const path of [...spelled, `/x/link/./reset/${token}/y`, `/link.${token}`])
    assert.ok(!/aB3/.test(shownPath(path)), shownPath(path));
  assert.equal(shownPath(`/link/reset/${token}`), '/link/reset/:token');
  assert.equal(shownPath('/link/email_undo/begin'), '/link/email_undo/begin');
});

test('a path is shown without its uid and not at any length', () => {
  assert.equal(shownPath('/interaction/abc'), '/interaction/:uid');
  assert.equal(shownPath('/interaction/abc/factor'), '/interaction/:uid/factor');
  assert.equal(shownPath('/auth/abc'), '/auth/:uid');
  assert.equal(shownPath('/auth'), '/auth');
  assert.equal(shownPath(`/${'x'.repeat(5000)}`).length, 200);
});
