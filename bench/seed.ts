import type { EnrolledFactor } from '../src/accounts/account.ts';
import { createPasswords } from '../src/accounts/password.ts';
import type { Keys } from '../src/config/config.ts';
import type { DeliveredData } from '../src/factors/delivered-data.ts';
import { email as mailKind, totp } from '../src/factors/kinds.ts';
import type { TotpData } from '../src/factors/totp-data.ts';
import { createCipher } from '../src/platform/cipher.ts';
import { randomId } from '../src/platform/random.ts';
import { type AccountRow, accountRows } from '../src/storage/account-row.ts';
import { mongoAccounts } from '../src/storage/accounts.ts';
import { connect, type Database } from '../src/storage/connection.ts';
import { createIndexes } from '../src/storage/indexes.ts';
import { emailOf, mailedEmailOf, person, secretOf } from './people.ts';

export const databaseName = 'twofold_bench';

const perBatch = 2_000;

export interface Seeded {
  readonly accounts: number;
  readonly seedSeconds: number;
}

export interface Population {
  readonly keys: Keys;
  /** How many have an authenticator app, and how many codes by mail. */
  readonly apps: number;
  readonly mailed: number;
}

/** Empties the bench's database and fills it. */
export async function seed({ uri, ...population }: Population & { readonly uri: string }): Promise<Seeded> {
  const database = await connect({ uri, databaseName });
  await database.connection.dropDatabase();
  await createIndexes(database);
  const seeded = await seedAccounts(database, population);
  await database.close();
  return seeded;
}

/** All have one password: its hash is slow to make, and not what is measured. */
export async function seedAccounts(database: Database, { keys, apps, mailed }: Population): Promise<Seeded> {
  const begun = performance.now();
  const passwordHash = await createPasswords({ concurrency: 1, queue: 1 }).hash(person.password);
  const like = await exampleRow(database, passwordHash);
  const appOf = appFactors(keys);
  await insertAll(database, apps, (number) => accountLike(like, emailOf(number), appOf));
  await insertAll(database, mailed, (number) => accountLike(like, mailedEmailOf(number), mailFactor));
  return { accounts: apps + mailed, seedSeconds: (performance.now() - begun) / 1000 };
}

/** A row as Twofold's own store makes it: what others have alike is copied, not known here. */
async function exampleRow(database: Database, passwordHash: string): Promise<AccountRow> {
  const id = randomId();
  const email = 'example@example.com';
  await mongoAccounts(database).create({ id, email, passwordHash, createdAt: new Date() });
  const rows = accountRows(database.connection);
  const row = await rows.findOne({ _id: id });
  await rows.deleteOne({ _id: id });
  if (!row) throw new Error('the account that was made is not there');
  return row;
}

type FactorOf = (email: string, accountId: string) => Pick<EnrolledFactor, 'id' | 'kind' | 'data'>;

function accountLike(like: AccountRow, email: string, factorOf: FactorOf): AccountRow {
  const id = randomId();
  const { createdAt } = like;
  const factor = { name: '', createdAt, lastUsedAt: createdAt, ...factorOf(email, id) };
  return { ...like, _id: id, email, factors: [factor] };
}

function appFactors(keys: Keys): FactorOf {
  const cipher = createCipher(keys.cipher);
  return (email, accountId) => {
    const id = randomId();
    // As factors/totp seals it: one that is sealed otherwise opens for nobody, and the first sign-in says so.
    const sealedSecret = cipher.seal(secretOf(email), `account:${accountId}:factor:${id}`);
    return { id, kind: totp.kind, data: { sealedSecret, lastStep: 0 } satisfies TotpData };
  };
}

const mailFactor: FactorOf = (destination) => ({
  id: randomId(),
  kind: mailKind.kind,
  data: { destination } satisfies DeliveredData,
});

async function insertAll(database: Database, count: number, rowOf: (number: number) => AccountRow): Promise<void> {
  const rows = accountRows(database.connection);
  for (let first = 0; first < count; first += perBatch) {
    const length = Math.min(perBatch, count - first);
    await rows.insertMany(Array.from({ length }, (_, index) => rowOf(first + index)));
  }
}
