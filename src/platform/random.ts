import { randomBytes, randomInt } from 'node:crypto';

/** A name nobody can guess: `bytes` random bytes (16 = 128 bits) as base64url. */
export function randomId(bytes = 16): string {
  // guard: id-128-bits
  return randomBytes(bytes).toString('base64url');
}

/** Uniform decimal digits, leading zeros kept. Digit by digit, because `randomInt` bounds its range at 2^48. */
export function randomDigits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join(''); // guard: code-random
}
