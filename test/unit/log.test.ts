import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../../src/platform/log.ts';
import { Problem } from '../../src/platform/problem.ts';

function record() {
  const lines: string[] = [];
  const log = createLog({ level: 'info', stream: { write: (line: string) => void lines.push(line) } });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '') };
}

test('a line is one JSON object with its level by name and its time in UTC', () => {
  const { log, last } = record();
  log.info({ path: '/health' }, 'request');
  const { time, ...rest } = last();
  assert.deepEqual(rest, { level: 'info', path: '/health', msg: 'request' });
  assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test('[check 113] secrets are not written, whatever their depth and spelling', () => {
  const { log, lines } = record();
  const secret = 'hunter2-hunter2';
  for (const name of [
    'password',
    'code',
    'cookie',
    'authorization',
    'set-cookie',
    'secret',
    'token',
    'client_secret',
  ]) {
    log.info({ [name]: secret });
    log.info({ headers: { [name]: secret } });
    log.info({ a: { b: [{ [name.toUpperCase()]: secret }] } });
    log.child({ [name]: secret }).warn('child');
  }
  assert.equal(lines.length, 32);
  assert.ok(lines.every((line) => !line.includes(secret)));
});

test('[check 113] a value with line breaks and markup stays inside its line', () => {
  const { log, lines } = record();
  log.info({ path: '/\r\n{"level":"info","msg":"forged"}' });
  assert.equal(lines.length, 1);
  assert.equal(lines[0]?.trimEnd().split('\n').length, 1);
});

test('an error is told with its stack and its causes, and with nothing else that hangs on it', () => {
  const { log, lines, last } = record();
  const cause = Object.assign(new Error('socket closed'), {
    code: 'ECONNRESET',
    document: { mail: 'ada@example.com' },
  });
  log.error(new Problem('unavailable', 503, { cause }));
  const { err } = last();
  assert.equal(err.type, 'Problem');
  assert.equal(err.code, 'unavailable');
  assert.match(err.stack, /log\.test\.ts/);
  assert.equal(err.cause.message, 'socket closed');
  assert.equal(err.cause.code, 'ECONNRESET');
  assert.ok(!lines.join('').includes('ada@example.com'));
});

test('an object that holds itself is cut, not a crash', () => {
  const { log, last } = record();
  const loop: Record<string, unknown> = { name: 'loop' };
  loop.self = loop;
  log.info({ loop });
  assert.equal(last().loop.self.name, 'loop');
});
