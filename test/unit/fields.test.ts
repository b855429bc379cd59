import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import {
  choice,
  lastingChoice,
  namesOf,
  password,
  restoredOf,
  tooLong,
  typed,
  typedOnce,
  withinLengths,
} from '../../src/platform/fields.ts';

const form = z.object({
  name: typed(4),
  email: typed(),
  stay: lastingChoice(),
  code: typedOnce(),
  password: password(),
  way: choice(),
});

test('the fields of a form are the members of its schema, in their order', () => {
  assert.deepEqual(namesOf(form), ['name', 'email', 'stay', 'code', 'password', 'way']);
});

test('what is typed and what was ticked stays in the form, a code, a password and a choice do not', () => {
  assert.deepEqual(restoredOf(form), ['name', 'email', 'stay']);
});

test('a field that is longer than it may be is told at the field, counted as people count', () => {
  assert.deepEqual(tooLong(form, { name: 'Zoë🦉' }), undefined);
  assert.deepEqual(tooLong(form, { name: 'Zoe\u0308🦉' }), undefined);
  assert.deepEqual(tooLong(form, { name: 'Zoë🦉!', password: 'x'.repeat(257), code: '1'.repeat(257) }), {
    outcome: 'invalid',
    errors: [
      { field: 'name', code: 'too_long', params: { max: 4 } },
      { field: 'password', code: 'password_long', params: { max: 256 } },
      { field: 'code', code: 'too_long', params: { max: 256 } },
    ],
  });
});

test('what nobody types is bounded where it is read, and told nowhere', () => {
  assert.equal(tooLong(form, { way: 'x'.repeat(1024) }), undefined);
});

test('a field that says nothing of itself is typed, and typed again', () => {
  const plain = z.object({ code: z.string().transform((text) => text.trim()) });
  assert.deepEqual(restoredOf(plain), []);
  assert.equal(tooLong(plain, { code: '1'.repeat(257) })?.errors[0]?.code, 'too_long');
});

test('what is too long is left out of what is kept elsewhere than in the page', () => {
  assert.deepEqual(withinLengths(form, { name: 'Grace', email: 'a@example.com', way: 'x'.repeat(300) }), {
    email: 'a@example.com',
    way: 'x'.repeat(300),
  });
});
