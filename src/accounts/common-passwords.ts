import { createRequire } from 'node:module';

/** Shortest password that any policy allows: shorter entries are refused for their length before this list is asked. */
const shortestListed = 8;

let listed: ReadonlySet<string> | undefined;

/**
 * Whether the whole value is one of the 17,950 common passwords of 8 or more characters that
 * `@zxcvbn-ts/language-common` collects (MIT; from published leaks, most frequent first). Expects lower case.
 */
export function isCommonPassword(folded: string): boolean {
  listed ??= loadListed();
  return listed.has(folded);
}

// Loaded with the first new password rather than at start: the list takes some 30 ms to unpack and is kept for good.
function loadListed(): ReadonlySet<string> {
  const require = createRequire(import.meta.url);
  const { dictionary } = require('@zxcvbn-ts/language-common') as typeof import('@zxcvbn-ts/language-common');
  const long = dictionary['passwords-common'].filter((password) => [...password].length >= shortestListed);
  return new Set(long.map((password) => password.toLowerCase()));
}
