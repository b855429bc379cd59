import { generateSecret, generateSync } from 'otplib';
import { createPasswords } from '../../src/accounts/password.ts';
import type { Keys } from '../../src/config.ts';
import { createCipher } from '../../src/platform/cipher.ts';
import { randomId } from '../../src/platform/random.ts';
import { mongoAccounts } from '../../src/storage/accounts.ts';
import type { Database } from '../../src/storage/connection.ts';
import { mongoFirstFactors } from '../../src/storage/second-factor.ts';

export interface NewPerson {
  readonly email?: string;
  readonly username?: string;
  readonly password?: string;
  /** With an authenticator app; true unless said. */
  readonly totp?: boolean;
}

const passwords = createPasswords({ concurrency: 2, queue: 500 });
/** One hash for the usual password: what costs is not what is tested. */
const usualPassword = 'a walrus in the attic';
let usualHash: Promise<string> | undefined;

/** Somebody with an account, and the phone in their pocket. */
export class Person {
  readonly id: string;
  readonly email: string;
  readonly username: string | undefined;
  readonly password: string;
  readonly secret: string;

  constructor(person: Pick<Person, 'id' | 'email' | 'username' | 'password' | 'secret'>) {
    this.id = person.id;
    this.email = person.email;
    this.username = person.username;
    this.password = person.password;
    this.secret = person.secret;
  }

  /** What the app shows now, or so many steps of 30 seconds from now. */
  codeNow(steps = 0): string {
    return codeOf(this.secret, steps);
  }

  /** A code that no step near now has. */
  wrongCode(): string {
    const near = new Set([-2, -1, 0, 1, 2].map((steps) => this.codeNow(steps)));
    const candidates = Array.from({ length: 10 }, (_, digit) => `${digit}`.repeat(6));
    return candidates.find((code) => !near.has(code)) ?? '123456';
  }
}

export function codeOf(secret: string, steps = 0): string {
  return generateSync({ secret, strategy: 'totp', epoch: Math.floor(Date.now() / 1000) + steps * 30 });
}

export async function seedPerson(
  { database, keys }: { readonly database: Database; readonly keys: Keys },
  given: NewPerson = {},
): Promise<Person> {
  const id = randomId();
  const email = given.email ?? `ada-${randomId(6).toLowerCase().replaceAll('_', 'x')}@example.com`;
  const password = given.password ?? usualPassword;
  usualHash ??= passwords.hash(usualPassword);
  const passwordHash = given.password === undefined ? await usualHash : await passwords.hash(given.password);
  const username = given.username === undefined ? {} : { username: given.username };
  await mongoAccounts(database).create({ id, email, passwordHash, createdAt: new Date(), ...username });
  const secret = generateSecret();
  if (given.totp !== false) {
    const factorId = randomId();
    const sealedSecret = createCipher(keys.cipher).seal(secret, `account:${id}:factor:${factorId}`);
    const at = new Date();
    const factor = { id: factorId, kind: 'totp', name: '', sealedSecret, lastStep: 0, createdAt: at, lastUsedAt: at };
    await mongoFirstFactors(database).add({ accountId: id, factor });
  }
  return new Person({ id, email, username: given.username, password, secret });
}
