import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountChangeAttempt, AttemptChange, SignInAttempt } from '../../src/sign-in/attempt.ts';
import { blank, blanks, type Personal } from '../../src/sign-in/blank.ts';

test('what belongs to one person is taken out whole: a field that is forgotten does not compile [check 78]', () => {
  const { way: _, ...forgetful } = blank;
  // @ts-expect-error: "way" is missing.
  forgetful satisfies Personal<SignInAttempt>;
  const { proofs: __, ...careless } = blank;
  // @ts-expect-error: "proofs" is missing.
  careless satisfies Personal<SignInAttempt>;
  assert.deepEqual(Object.keys(blank).sort(), [
    ...['accountId', 'challenge', 'clockOffSeconds', 'consent', 'deliveredCode', 'enrolment', 'knownBrowser'],
    ...['proofs', 'recovery', 'recoveryLeft', 'registration', 'sessionVersion', 'shown', 'stay', 'way'],
  ]);
});

test('so is what an account change holds of its owner, and a kind of attempt without its blank does not compile [check 78]', () => {
  const { recovery: _, ...forgetful } = blanks.change;
  // @ts-expect-error: "recovery" is missing.
  forgetful satisfies Personal<AccountChangeAttempt>;
  const { change: __, ...without } = blanks;
  // @ts-expect-error: the blank of an account change is missing.
  without satisfies typeof blanks;
  assert.deepEqual(Object.keys(blanks).sort(), ['change', 'reset', 'sign-in']);
  assert.deepEqual(Object.keys(blanks.reset).sort(), [
    ...['accountId', 'challenge', 'clockOffSeconds', 'deliveredCode', 'enrolment', 'proofs'],
    ...['recovery', 'sessionVersion', 'shown', 'way'],
  ]);
  assert.deepEqual(Object.keys(blanks.change).sort(), [
    ...['accountId', 'challenge', 'deliveredCode', 'enrolment', 'proofs', 'recovery', 'sessionVersion', 'shown'],
  ]);
});

test('no attempt takes a field of another kind, nor one that says whose it is: neither compiles', () => {
  // @ts-expect-error: an account change has no consent.
  ({ consent: ['openid'] }) satisfies AttemptChange<AccountChangeAttempt>;
  // @ts-expect-error: not even to take it out.
  ({ registration: undefined }) satisfies AttemptChange<AccountChangeAttempt>;
  // @ts-expect-error: where the kind is open, neither has whoever writes.
  ({ stay: true }) satisfies AttemptChange;
  // @ts-expect-error: a sign-in stays one.
  ({ purpose: 'change' }) satisfies AttemptChange<SignInAttempt>;
  // @ts-expect-error: and stays in its browser.
  ({ browserMark: 'other' }) satisfies AttemptChange<SignInAttempt>;
  // @ts-expect-error: as a change stays in its session.
  ({ sessionId: 'other' }) satisfies AttemptChange<AccountChangeAttempt>;
  const both: AttemptChange = { shown: 'ada@example.com', finishedAt: undefined };
  assert.deepEqual(Object.keys(both), ['shown', 'finishedAt']);
});
