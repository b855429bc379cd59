import { randomBytes } from 'node:crypto';
import argon2 from 'argon2';
import { createHashQueue } from './hash-queue.ts';

export interface Argon2Parameters {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

export interface Passwords {
  /** PHC string of a new password; the caller has asked password-rules first. Full queue: Problem('busy', 503). */
  hash(password: string): Promise<string>;
  /**
   * One hash is computed whatever is given: a missing or unreadable one costs what a wrong password costs, and is false. It is
   * read only once there is a place in the queue: reading takes a guess, and who is told to come back has lost none.
   */
  verify(stored: () => Promise<string | undefined>, password: string): Promise<boolean>;
  /** argon2id of each secret with one salt, as base64url: for secrets that are looked up among their set's. Full queue: Problem('busy', 503). */
  derive(secrets: readonly string[], salt: Buffer): Promise<readonly string[]>;
  /** True when a verified hash was not made with today's parameters. */
  needsRehash(hash: string): boolean;
}

/** OWASP's first choice (ASVS 5.0 appendix C); the package's own defaults would do 8 hashes a second on two cores. */
export const argon2Parameters: Argon2Parameters = { memoryKib: 19_456, passes: 2, lanes: 1 }; // guard: argon2-owasp-cost

const saltBytes = 16;
const digestBytes = 32;

/** argon2id version 1.3 and nothing else: salt of 8 bytes or more, digest of 16 or more. The package writes m, p, t; others m, t, p. */
const phcShape =
  /^\$argon2id\$v=19\$([mtp]=\d{1,7},[mtp]=\d{1,7},[mtp]=\d{1,7})\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,86}$/;

export function createPasswords(options: {
  readonly concurrency: number;
  readonly queue: number;
  readonly parameters?: Argon2Parameters;
}): Passwords {
  const parameters = options.parameters ?? argon2Parameters;
  const queue = createHashQueue(options);
  const decoy = decoyHash(parameters);
  const costs = {
    type: argon2.argon2id,
    memoryCost: parameters.memoryKib,
    timeCost: parameters.passes,
    parallelism: parameters.lanes,
    hashLength: digestBytes,
  } as const;

  return {
    hash: (password) => {
      if (!judgeable(password)) return Promise.reject(new TypeError('A password is text of at least one character.'));
      return queue.admit((turn) =>
        turn(() => argon2.hash(comparable(password), { ...costs, salt: randomBytes(saltBytes) })),
      );
    },

    verify: (stored, password) =>
      queue.admit(async (turn) => {
        // guard: guess-after-queue-place
        const hash = await stored();
        const judged =
          judgeable(password) && hash !== undefined && readParameters(hash) !== undefined ? hash : undefined; // guard: absurd-hash-not-judged
        const matched = await turn(() => argon2.verify(judged ?? decoy, comparable(password))); // guard: unknown-hash-same-cost
        return judged !== undefined && matched;
      }), // guard: guess-after-queue-place-too

    derive: (secrets, salt) =>
      queue.admit(async (turn) => {
        const derived: string[] = [];
        for (const secret of secrets) {
          const digest = await turn(() => argon2.hash(secret, { ...costs, salt, raw: true }));
          derived.push(digest.toString('base64url'));
        }
        return derived;
      }),

    needsRehash(hash) {
      const made = readParameters(hash);
      return (
        made?.memoryKib !== parameters.memoryKib || made.passes !== parameters.passes || made.lanes !== parameters.lanes // guard: older-hash-renewed
      );
    },
  };
}

/** NIST SP 800-63B-4 section 3.1.1.2: the same accent typed on two keyboards is one password; nothing else is changed. */
function comparable(password: string): string {
  return password.normalize('NFC');
}

/** Text that is not well formed would be hashed with replacement characters: two different passwords would be one. */
function judgeable(password: string): boolean {
  return password !== '' && password.isWellFormed(); // guard: malformed-text-no-password
}

function readParameters(hash: string): Argon2Parameters | undefined {
  const [, written = ''] = phcShape.exec(hash) ?? [];
  const read = new Map(written.split(',').map((parameter) => [parameter.charAt(0), Number(parameter.slice(2))]));
  const { m = 0, t = 0, p = 0 } = Object.fromEntries(read);
  // RFC 9106 section 3.1, with an upper end: no stored value makes one sign-in take minutes or gigabytes.
  const sane = t >= 1 && t <= 100 && p >= 1 && p <= 16 && m >= 8 * p && m <= 1_048_576;
  return sane ? { memoryKib: m, passes: t, lanes: p } : undefined;
}

/** Costs what a real hash costs and is made without computing one; its digest is random, so no password is known for it. */
function decoyHash({ memoryKib, passes, lanes }: Argon2Parameters): string {
  const part = (bytes: number) => randomBytes(bytes).toString('base64').replaceAll('=', '');
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${lanes}$${part(saltBytes)}$${part(digestBytes)}`;
}
