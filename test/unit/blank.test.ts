import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blank, type Personal } from '../../src/sign-in/proceed.ts';

test('what belongs to one person is taken out whole: a field that is forgotten does not compile [check 78]', () => {
  const { way: _, ...forgetful } = blank;
  // @ts-expect-error: "way" is missing.
  forgetful satisfies Personal;
  const { proofs: __, ...careless } = blank;
  // @ts-expect-error: "proofs" is missing.
  careless satisfies Personal;
  assert.deepEqual(Object.keys(blank).sort(), [
    ...['accountId', 'challengeTries', 'clockOffSeconds', 'consent', 'deliveredCode', 'enrolment'],
    ...['proofs', 'recovery', 'recoveryLeft', 'registration', 'sessionVersion', 'shown', 'stay', 'way'],
  ]);
});
