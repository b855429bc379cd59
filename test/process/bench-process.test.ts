import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { offer } from '../../bench/offered.ts';
import { type People, peopleOf } from '../../bench/people.ts';
import { openPost } from '../../bench/post.ts';
import { cpuMilliseconds, residentMiB, start } from '../../bench/process.ts';
import { smtpMailer } from '../../src/delivery/senders/smtp-mailer.ts';
import { freePort } from '../support/free-port.ts';

const healthy = `
import { createServer } from 'node:http';
const kept = [];
createServer(({ url }, response) => {
  if (url === '/keep') kept.push(Array.from({ length: 500_000 }, (_, index) => index + 0.5));
  if (url === '/drop') kept.length = 0;
  response.statusCode = url.startsWith('/auth') || url === '/jwks' ? 503 : 200;
  response.end('ok');
}).listen(Number(process.env.PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
`;

async function started(t: TestContext, { source = healthy, watched = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'twofold-bench-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const program = join(folder, 'server.mjs');
  writeFileSync(program, source);
  const port = await freePort();
  const server = await start({ program, port, env: { PORT: String(port) }, watched });
  t.after(() => server.stop());
  return { server, port };
}

test('a server is started once it answers, and its costs are those of its own process', async (t) => {
  const { server } = await started(t);
  assert.notEqual(server.pid, process.pid);
  assert.ok(server.startSeconds > 0);
  assert.ok(cpuMilliseconds(server.pid) > 0);
  assert.ok(residentMiB(server.pid) > 1);
});

test('a server that ends instead of answering is told', async (t) => {
  await assert.rejects(started(t, { source: 'process.exit(3)' }), { message: 'it ended with 3' });
});

test('the heap of a watched server is what it holds on to, not what it once used', async (t) => {
  const { server, port } = await started(t, { watched: true });
  const call = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  const before = await server.heap();
  await call('/keep');
  const holding = await server.heap();
  await call('/drop');
  const after = await server.heap();
  const fourMiB = 4 * 1024 * 1024;
  assert.ok(holding - before > 0.9 * fourMiB * 0.9, `${before} -> ${holding}`);
  assert.ok(after < holding - 0.9 * fourMiB * 0.9, `${holding} -> ${after}`);
});

test('an offered rate is begun whole, whatever becomes of it, and the other addresses are asked before and meanwhile', async (t) => {
  const { port } = await started(t);
  const people: People = peopleOf(100);
  const target = { ports: [port], forgery: false };
  const came = await offer(target, people, { perSecond: 20, seconds: 1, quietMilliseconds: 200 });
  assert.deepEqual([came.begun, came.finished, came.failed, came.unfinished], [20, 0, { 503: 20 }, 0]);
  for (const probed of [came.quiet, came.loaded]) {
    assert.deepEqual(Object.keys(probed), ['/jwks', '/health']);
    const { p50Ms = 0, p95Ms = 0, failed } = probed['/health'] ?? {};
    assert.ok(p50Ms > 0 && p95Ms >= p50Ms);
    assert.equal(failed, 0);
    assert.ok(Number(probed['/jwks']?.failed) > 0, 'an answer that is none is told as such');
  }
});

test('a mailbox hands out the code of a mail that came or will come; a notice has none', async (t) => {
  const post = await openPost();
  const smtp = { host: '127.0.0.1', port: post.port, secure: false };
  const mailer = smtpMailer({ from: 'no-reply@example.com', smtp }, { timeoutMilliseconds: 30_000 });
  t.after(() => {
    mailer.close();
    return post.close();
  });
  const mail = (to: string, text: string) => mailer.send({ to, subject: 'A mail', text, html: `<p>${text}</p>` });
  const awaited = post.codeFor('ada@example.com');
  await mail('ada@example.com', 'An app was added.');
  await mail('ada@example.com', 'Your code:\n\n123456\n\nFor ten minutes.');
  await mail('grace@example.com', 'Your code:\n\n654321\n');
  assert.equal(await awaited, '123456');
  assert.equal(await post.codeFor('grace@example.com'), '654321');
});
