import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Level, Proof } from '../../src/factors/factor.ts';
import { isFresh } from '../../src/self-service/fresh-proof.ts';

const now = new Date('2026-01-01T12:00:00Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);
const proof = (kind: string, level: Level, seconds: number): Proof => ({ kind, level, amr: [], at: ago(seconds) });
const password = (seconds = 10) => proof('password', '1fa', seconds);

test('proofs are fresh for five minutes, each by its own time [check 53]', () => {
  const cases: readonly (readonly [readonly Proof[], boolean])[] = [
    [[password(), proof('totp', '2fa', 5)], true],
    [[password(299), proof('email', '2fa-email', 299)], true],
    [[password(300), proof('totp', '2fa', 5)], false],
    [[password(), proof('totp', '2fa', 300)], false],
    [[password()], false],
    [[proof('totp', '2fa', 5)], false],
    [[password(), proof('remembered', 'remembered', 5)], false],
    [[password(), proof('rescue', 'recovery', 5)], false],
    [[proof('passkey', 'phr', 5)], true],
    [[], false],
  ];
  for (const [proofs, fresh] of cases)
    assert.equal(isFresh({ proofs }, '2fa-email', now), fresh, JSON.stringify(proofs));
  assert.equal(isFresh({ proofs: [password()] }, '1fa', now), true);
  assert.equal(isFresh({ proofs: [password(300)] }, '1fa', now), false);
  assert.equal(isFresh({ proofs: [password(), proof('email', '2fa-email', 5)] }, '2fa', now), false);
});
