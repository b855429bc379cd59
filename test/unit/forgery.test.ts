import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { Context } from 'koa';
import { createForgery } from '../../src/http/forgery.ts';
import { createCipher } from '../../src/platform/cipher.ts';
import { Problem } from '../../src/platform/problem.ts';

const issuer = 'https://login.example.com';
const key = { id: 1, key: randomBytes(32) };
const forgery = createForgery({ cipher: createCipher([key]), issuer });

function request(headers: Record<string, string>): Context {
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { get: (name: string) => lower.get(name.toLowerCase()) ?? '' } as Context;
}

function passes(
  headers: Record<string, string>,
  token: string | undefined = forgery.token('uid'),
  uid = 'uid',
): boolean {
  try {
    forgery.assert(request(headers), uid, token);
    return true;
  } catch (error) {
    assert.ok(error instanceof Problem);
    assert.deepEqual([error.code, error.status], ['form_old', 403]);
    return false;
  }
}

const sameOrigin = { origin: issuer, 'sec-fetch-site': 'same-origin' };

test('[check 82] a form of this interaction passes; without its token, or with another interaction’s, it does not', () => {
  assert.ok(passes(sameOrigin));
  assert.ok(!passes(sameOrigin, ''));
  assert.ok(!passes(sameOrigin, 'undefined'));
  assert.ok(!passes(sameOrigin, forgery.token('another')));
  assert.ok(!passes(sameOrigin, forgery.token('uid').slice(0, -1)));
  assert.throws(() => forgery.assert(request(sameOrigin), 'uid', undefined), Problem);
});

test('a token made before a key rotation still passes', () => {
  const rotated = createForgery({ cipher: createCipher([{ id: 2, key: randomBytes(32) }, key]), issuer });
  rotated.assert(request(sameOrigin), 'uid', forgery.token('uid'));
});

const origins: [headers: Record<string, string>, passes: boolean][] = [
  [{}, true],
  [{ origin: issuer }, true],
  [{ 'sec-fetch-site': 'same-origin' }, true],
  [{ 'sec-fetch-site': 'none' }, true],
  [{ origin: 'null', 'sec-fetch-site': 'same-origin' }, true],
  [{ origin: 'null' }, true],
  [{ origin: 'null', 'sec-fetch-site': 'none' }, false],
  [{ origin: 'null', 'sec-fetch-site': 'cross-site' }, false],
  [{ origin: 'https://evil.example' }, false],
  [{ origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }, false],
  [{ origin: `${issuer}.evil.example` }, false],
  [{ origin: 'http://login.example.com' }, false],
  [{ origin: `${issuer}:8443` }, false],
  [{ 'sec-fetch-site': 'cross-site' }, false],
  [{ 'sec-fetch-site': 'same-site' }, false],
  [{ origin: issuer, 'sec-fetch-site': 'cross-site' }, false],
];
for (const [headers, expected] of origins) {
  test(`[check 82] a right token with ${JSON.stringify(headers)} ${expected ? 'passes' : 'is refused'}`, () => {
    assert.equal(passes(headers), expected);
  });
}
