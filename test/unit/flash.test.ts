import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Context } from 'koa';
import { flashes } from '../../src/http/cookies/flash.ts';
import { createCipher } from '../../src/platform/cipher.ts';

/** A browser that keeps what it is told to keep. */
function browser() {
  const jar = new Map<string, string>();
  const set = (name: string, value: string | null) => (value === null ? jar.delete(name) : jar.set(name, value));
  return { cookies: { get: (name: string) => jar.get(name), set } } as unknown as Context;
}

test('a status line is told once, and only in the session that it was for [check 78]', () => {
  const cipher = createCipher([{ id: 1, key: Buffer.alloc(32, 1) }]);
  const told = flashes({ cipher, issuer: 'https://login.example.com' });
  const ctx = browser();
  told.keep(ctx, 'session of ada', { code: 'sessions_ended' });
  assert.equal(told.take(ctx, 'session of eve'), undefined);
  told.keep(ctx, 'session of ada', { code: 'sessions_ended' });
  assert.deepEqual(told.take(ctx, 'session of ada'), { code: 'sessions_ended' });
  assert.equal(told.take(ctx, 'session of ada'), undefined);
});
