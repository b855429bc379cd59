import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Context } from 'koa';
import { z } from 'zod';
import { hostCookie, ownCookie } from '../../src/http/cookies/own-cookie.ts';
import { createCipher } from '../../src/platform/cipher.ts';

const cipher = createCipher([{ id: 1, key: Buffer.alloc(32, 1) }]);
const content = z.object({ word: z.string().max(20) });
const https = { issuer: 'https://login.example.com', name: 'twofold_word', cipher, content };

/** A browser that keeps what it is told to keep, and the flags that it was told with. */
function browser() {
  const jar = new Map<string, string>();
  const flags: object[] = [];
  const set = (name: string, value: string | null, given: object) => {
    flags.push(given);
    if (value === null) jar.delete(name);
    else jar.set(name, value);
  };
  const ctx = { cookies: { get: (name: string) => jar.get(name), set } } as unknown as Context;
  return { ctx, jar, flags };
}

test('under https a cookie is Secure and named so that no sibling host plants it; on localhost it is neither [check 56]', () => {
  const shared = { signed: false, httpOnly: true, sameSite: 'lax', path: '/', overwrite: true };
  assert.deepEqual(hostCookie({ name: 'twofold_word', issuer: 'https://login.example.com' }), {
    name: '__Host-twofold_word',
    flags: { ...shared, secure: true },
  });
  assert.deepEqual(hostCookie({ name: 'twofold_word', issuer: 'http://localhost:3000' }), {
    name: 'twofold_word',
    flags: { ...shared, secure: false },
  });
});

test('what was written is read again, as often as it is asked for, until it is cleared', () => {
  const { ctx, jar } = browser();
  const cookie = ownCookie(https);
  assert.equal(cookie.read(ctx, 'here'), undefined);
  cookie.write(ctx, { word: 'walrus' }, 'here');
  assert.deepEqual([...jar.keys()], ['__Host-twofold_word']);
  assert.deepEqual(cookie.read(ctx, 'here'), { word: 'walrus' });
  assert.deepEqual(cookie.read(ctx, 'here'), { word: 'walrus' });
  cookie.clear(ctx);
  assert.equal(jar.size, 0);
  assert.equal(cookie.read(ctx, 'here'), undefined);
});

test('nobody reads the content in the cookie, and no other context opens it [check 78]', () => {
  const { ctx, jar } = browser();
  const cookie = ownCookie(https);
  cookie.write(ctx, { word: 'walrus' }, 'session of ada');
  assert.doesNotMatch(String([...jar.values()]), /walrus/);
  assert.equal(cookie.read(ctx, 'session of eve'), undefined);
  assert.deepEqual(cookie.read(ctx, 'session of ada'), { word: 'walrus' });
});

test('what is foreign reads as nothing: planted, of another key, of another shape, no JSON', () => {
  const { ctx, jar } = browser();
  const cookie = ownCookie(https);
  const other = createCipher([{ id: 1, key: Buffer.alloc(32, 2) }]);
  const sealed = (plain: string, by = cipher) => by.seal(plain, 'here');
  for (const planted of [
    '',
    'x',
    '1.AAAA',
    JSON.stringify({ word: 'walrus' }),
    sealed(JSON.stringify({ word: 'walrus' }), other),
    sealed(JSON.stringify({ word: 'x'.repeat(21) })),
    sealed(JSON.stringify({ number: 1 })),
    sealed('null'),
    sealed('walrus'),
  ]) {
    jar.set('__Host-twofold_word', planted);
    assert.equal(cookie.read(ctx, 'here'), undefined, planted);
  }
  jar.set('__Host-twofold_word', sealed(JSON.stringify({ word: 'walrus' })));
  assert.deepEqual(cookie.read(ctx, 'here'), { word: 'walrus' });
});

test('a life is told to the browser in seconds; without one it ends with the browser', () => {
  const { ctx, flags } = browser();
  const kept = hostCookie(https).flags;
  ownCookie({ ...https, seconds: 1800 }).write(ctx, { word: 'walrus' }, 'here');
  ownCookie(https).write(ctx, { word: 'walrus' }, 'here');
  assert.deepEqual(flags, [{ ...kept, maxAge: 1_800_000 }, kept]);
});

test('it is cleared with the flags that it was written with, and only where the browser sent one', () => {
  const { ctx, flags } = browser();
  const cookie = ownCookie({ ...https, seconds: 1800 });
  cookie.clear(ctx);
  assert.deepEqual(flags, []);
  cookie.write(ctx, { word: 'walrus' }, 'here');
  cookie.clear(ctx);
  assert.deepEqual(flags.at(-1), hostCookie(https).flags);
});
