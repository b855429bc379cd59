import { createHash } from 'node:crypto';

/**
 * SHA-256 as base64url: what is stored instead of an id that is itself a bearer's proof. Only for values nobody can guess;
 * throws on anything but a string, so that a missing id can never become a key that matches.
 */
export function hashId(value: string): string {
  if (typeof value !== 'string' || value === '') throw new TypeError('Only a string can be hashed to an id'); // guard: missing-id-no-key
  return createHash('sha256').update(value).digest('base64url'); // guard: proof-ids-hashed
}
