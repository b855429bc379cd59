import { createPasswords } from '../src/accounts/password.ts';
import type { Keys } from '../src/config.ts';
import { createCipher } from '../src/platform/cipher.ts';
import { randomId } from '../src/platform/random.ts';
import { noGuesses } from '../src/protection/budgets.ts';
import { connect } from '../src/storage/connection.ts';
import { createIndexes } from '../src/storage/indexes.ts';
import { emailOf, people, person, secretOf } from './people.ts';

/** Many accounts with an authenticator app each, all with one password: the hash is what is slow to make, not what is measured. */
export async function seed({ uri, keys }: { readonly uri: string; readonly keys: Keys }): Promise<void> {
  const database = await connect({ uri, databaseName: 'twofold_bench' });
  await database.connection.dropDatabase();
  await createIndexes(database);
  const cipher = createCipher(keys.cipher);
  const passwordHash = await createPasswords({ concurrency: 1, queue: 1 }).hash(person.password);
  const createdAt = new Date();
  const rows = Array.from({ length: people }, (_, number) => {
    const [id, factorId, email] = [randomId(), randomId(), emailOf(number)];
    const sealedSecret = cipher.seal(secretOf(email), `account:${id}:factor:${factorId}`);
    const factor = {
      id: factorId,
      kind: 'totp',
      name: '',
      sealedSecret,
      lastStep: 0,
      createdAt,
      lastUsedAt: createdAt,
    };
    const versions = { sessionVersion: 0, securityVersion: 0 };
    return {
      _id: id as never,
      email,
      passwordHash,
      roles: [],
      active: true,
      ...versions,
      factors: [factor],
      guesses: noGuesses,
      createdAt,
    };
  });
  await database.connection.collection('accounts').insertMany(rows);
  await database.close();
}
