import { generateSecret, generateSync } from 'otplib';
import { createPasswords } from '../../src/accounts/password.ts';
import type { Keys } from '../../src/config/config.ts';
import type { Level } from '../../src/factors/factor.ts';
import { recoveryCodes } from '../../src/factors/recovery-codes.ts';
import { createCipher } from '../../src/platform/cipher.ts';
import { randomDigits, randomId } from '../../src/platform/random.ts';
import { mongoAccounts } from '../../src/storage/accounts.ts';
import type { Database } from '../../src/storage/connection.ts';
import { mongoRecoverySets } from '../../src/storage/recovery-sets.ts';

export interface NewPerson {
  readonly email?: string;
  readonly username?: string;
  readonly password?: string;
  /** With an authenticator app; true unless said. */
  readonly totp?: boolean;
  /** What is set up, the last used first; an authenticator app unless said. */
  readonly ways?: readonly Way[];
  /** So many recovery codes, saved; none unless said. */
  readonly recovery?: number;
  /** What those are worth: 2fa unless said; 'unmarked': kept before levels were. */
  readonly codesLevel?: Level | 'unmarked';
}

export type Way = 'totp' | 'email' | 'sms';

const passwords = createPasswords({ concurrency: 2, queue: 500 });
/** One hash for the usual password: what costs is not what is tested. */
const usualPassword = 'a walrus in the attic';
let usualHash: Promise<string> | undefined;

type Field = 'id' | 'email' | 'username' | 'password' | 'secret' | 'phone' | 'recoveryCodes';

/** Somebody with an account, and the phone in their pocket. */
export class Person {
  readonly id: string;
  readonly email: string;
  readonly username: string | undefined;
  readonly password: string;
  readonly secret: string;
  /** E.164; theirs alone. */
  readonly phone: string;
  readonly recoveryCodes: readonly string[];

  constructor(person: Pick<Person, Field>) {
    this.id = person.id;
    this.email = person.email;
    this.username = person.username;
    this.password = person.password;
    this.secret = person.secret;
    this.phone = person.phone;
    this.recoveryCodes = person.recoveryCodes;
  }

  /** What the app shows now, or so many steps of 30 seconds from now. */
  codeNow(steps = 0): string {
    return codeOf(this.secret, steps);
  }

  /** A code that no step near now has. */
  wrongCode(): string {
    return wrongCodeOf(this.secret);
  }
}

/** A code that no step near now has, for an app that is being set up. */
export function wrongCodeOf(secret: string): string {
  const near = new Set([-2, -1, 0, 1, 2].map((steps) => codeOf(secret, steps)));
  const candidates = Array.from({ length: 10 }, (_, digit) => `${digit}`.repeat(6));
  return candidates.find((code) => !near.has(code)) ?? '123456';
}

/** Codes of two steps are alike once in a million: what is refused as old, or as another step's, must not be right by chance. */
function secretOfUnlikeCodes(): string {
  const secret = generateSecret();
  const steps = Array.from({ length: 49 }, (_, n) => n - 24);
  return new Set(steps.map((step) => codeOf(secret, step))).size === steps.length ? secret : secretOfUnlikeCodes();
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
  const secret = secretOfUnlikeCodes();
  const phone = `+447400${randomDigits(6)}`;
  const ways: readonly Way[] = given.ways ?? (given.totp === false ? [] : ['totp']);
  const cipher = createCipher(keys.cipher);
  const at = Date.now();
  const factors = ways.map((kind, n) => {
    const factorId = randomId();
    const times = { createdAt: new Date(at), lastUsedAt: new Date(at - n * 60_000) };
    const sealedSecret = () => cipher.seal(secret, `account:${id}:factor:${factorId}`);
    const data =
      kind === 'totp' ? { sealedSecret: sealedSecret(), lastStep: 0 } : { destination: kind === 'sms' ? phone : email };
    return { id: factorId, kind, name: '', ...times, data };
  });
  await database.connection.collection<{ _id: string }>('accounts').updateOne({ _id: id }, { $set: { factors } });
  const recoveryCodes = await seedCodes(
    { database, keys },
    {
      ...{ id, count: given.recovery ?? 0, level: given.codesLevel ?? '2fa' },
    },
  );
  return new Person({ id, email, username: given.username, password, secret, phone, recoveryCodes });
}

/** As the page would make and keep them, but fewer: each costs a slow hash. */
async function seedCodes(
  { database, keys }: { readonly database: Database; readonly keys: Keys },
  { id, count, level }: { readonly id: string; readonly count: number; readonly level: Level | 'unmarked' },
): Promise<readonly string[]> {
  const account = count > 0 ? await mongoAccounts(database).find(id) : undefined;
  if (!account) return [];
  const cipher = createCipher(keys.cipher);
  const made = recoveryCodes({
    sets: mongoRecoverySets(database),
    passwords: { derive: (secrets, salt) => passwords.derive(secrets.slice(0, count), salt) },
    cipher,
    now: () => new Date(),
  });
  const pending = made.begin(account);
  await made.keep(account, pending, level === 'unmarked' ? '2fa' : level);
  if (level === 'unmarked') {
    const accounts = database.connection.collection<{ _id: string }>('accounts');
    await accounts.updateOne({ _id: id }, { $unset: { 'recovery.level': 1 } });
  }
  return made.codes(account, pending).slice(0, count);
}
