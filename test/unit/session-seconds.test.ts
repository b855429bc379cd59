import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sessionSeconds } from '../../src/oidc/lifetimes.ts';

const rules = { idleSeconds: 3_600, absoluteSeconds: 86_400, staySignedInSeconds: 2_592_000 };
const now = new Date('2030-01-01T00:00:00Z');
const signedIn = (secondsAgo: number) => now.getTime() / 1000 - secondsAgo;

test('a session lives for the idle time, and never past its absolute end [check 57]', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now });
  const within = (kept: object) => sessionSeconds(rules, { accountId: 'ada', ...kept });
  assert.equal(within({ loginTs: signedIn(60), transient: true }), 3_600);
  assert.equal(within({ loginTs: signedIn(86_000), transient: true }), 400);
  assert.equal(within({ loginTs: signedIn(86_400) }), 2_505_600);
});

test('what is over is told as one second, never less: the library would answer 500 with a live code in its Location', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now });
  for (const transient of [true, undefined])
    assert.equal(sessionSeconds(rules, { accountId: 'ada', loginTs: signedIn(3_000_000), transient }), 1);
});
