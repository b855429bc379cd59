import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defined } from '../../src/platform/defined.ts';

test('members that are undefined are left out, in whatever order they stand', () => {
  const name: string | undefined = undefined;
  const left = defined({ name, email: 'ada@example.com', phone: undefined });
  assert.deepEqual(Object.keys(left), ['email']);
});

test('null, zero, false and the empty text are values', () => {
  assert.deepEqual(defined({ a: null, b: 0, c: false, d: '' }), { a: null, b: 0, c: false, d: '' });
});

test('what may be undefined is optional afterwards, and what may not is not', () => {
  const given: { readonly id: string; readonly name: string | undefined } = { id: '1', name: undefined };
  const left: { readonly id: string; readonly name?: string } = defined(given);
  assert.equal('name' in left, false);
});
