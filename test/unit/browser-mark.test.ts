import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { browserMarks } from '../../src/http/cookies/browser-mark.ts';

interface Sent {
  readonly name: string;
  readonly value: string;
  readonly flags: object;
}

function request(cookie?: string) {
  const sent: Sent[] = [];
  const set = (name: string, value: string, flags: object) => sent.push({ name, value, flags });
  return { req: { headers: cookie === undefined ? {} : { cookie } }, cookies: { set }, sent };
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');
const [one, two] = ['a'.repeat(43), 'b'.repeat(43)];

test('a browser without a mark gets one of 256 random bits, that no sibling host can plant', () => {
  const marks = browserMarks({ issuer: 'https://login.example.com' });
  const values = new Set<string>();
  for (let round = 0; round < 50; round += 1) {
    const asked = request('__Secure-twofold_interaction=x');
    const hash = marks.begun(asked);
    const [{ name, value, flags } = { name: '', value: '', flags: {} }, ...more] = asked.sent;
    assert.deepEqual(more, []);
    assert.match(name, /^__Host-twofold_mark_[\w-]{8}$/);
    assert.match(value, /^[\w-]{43}$/);
    assert.deepEqual(flags, {
      ...{ signed: false, secure: true, httpOnly: true, sameSite: 'lax', path: '/', overwrite: true },
    });
    assert.equal(hash, sha256(value));
    assert.ok(marks.holds(request(`${name}=${value}`), hash));
    values.add(value);
  }
  assert.equal(values.size, 50);
});

test('a mark is kept for good, and of two that were made at once both count', () => {
  const marks = browserMarks({ issuer: 'http://localhost:3000' });
  const asked = request(`a=b; twofold_mark_11111111=${one}; twofold_mark_22222222=${two}; c=d`);
  assert.equal(marks.begun(asked), sha256(one));
  assert.deepEqual(asked.sent, []);
  assert.ok(marks.holds(asked, sha256(one)));
  assert.ok(marks.holds(asked, sha256(two)));
  assert.ok(!marks.holds(asked, sha256('c'.repeat(43))));
});

test('no mark, another one, a shorter hash, an attempt without one: nobody’s', () => {
  const marks = browserMarks({ issuer: 'https://login.example.com' });
  const hash = sha256(one);
  const name = '__Host-twofold_mark_11111111';
  const refused: readonly (readonly [string | undefined, string | undefined])[] = [
    [undefined, hash],
    ['', hash],
    [`${name}=${two}`, hash],
    [`${name}=${one}`, undefined],
    [`${name}=${one}`, ''],
    [`${name}=${one}`, hash.slice(1)],
    [undefined, undefined],
    // What a sibling host may name.
    [`twofold_mark_11111111=${one}`, hash],
    [`__Secure-twofold_mark_11111111=${one}`, hash],
    [`x${name}=${one}`, hash],
    [`${name}=${one}x`, hash],
  ];
  for (const [cookie, told] of refused) assert.equal(marks.holds(request(cookie), told), false, `${cookie} ${told}`);
});
