import { createPasswords } from '../src/accounts/password.ts';
import type { Keys } from '../src/config.ts';
import { createCipher } from '../src/platform/cipher.ts';
import { randomId } from '../src/platform/random.ts';
import { noGuesses } from '../src/protection/budgets.ts';
import { connect } from '../src/storage/connection.ts';
import { createIndexes } from '../src/storage/indexes.ts';
import { emailOf, mailedEmailOf, people, person, secretOf } from './people.ts';

/** Many accounts, half with an authenticator app and half with codes by mail, all with one password: the hash is what is slow to make, not what is measured. */
export async function seed({ uri, keys }: { readonly uri: string; readonly keys: Keys }): Promise<void> {
  const database = await connect({ uri, databaseName: 'twofold_bench' });
  await database.connection.dropDatabase();
  await createIndexes(database);
  const cipher = createCipher(keys.cipher);
  const passwordHash = await createPasswords({ concurrency: 1, queue: 1 }).hash(person.password);
  const appOf = (email: string, accountId: string) => {
    const id = randomId();
    const sealedSecret = cipher.seal(secretOf(email), `account:${accountId}:factor:${id}`);
    return { id, kind: 'totp', data: { sealedSecret, lastStep: 0 } };
  };
  const mailOf = (email: string) => ({ id: randomId(), kind: 'email', data: { destination: email } });
  const rows = Array.from({ length: people }, (_, number) => {
    const [app, mailed] = [emailOf(number), mailedEmailOf(number)];
    return [rowOf(app, { passwordHash, factorOf: appOf }), rowOf(mailed, { passwordHash, factorOf: mailOf })];
  });
  await database.connection.collection('accounts').insertMany(rows.flat());
  await database.close();
}

interface Given {
  readonly passwordHash: string;
  readonly factorOf: (email: string, accountId: string) => object;
}

function rowOf(email: string, { passwordHash, factorOf }: Given) {
  const id = randomId();
  const createdAt = new Date();
  return {
    _id: id as never,
    email,
    passwordHash,
    roles: [],
    active: true,
    sessionVersion: 0,
    securityVersion: 0,
    factors: [{ name: '', createdAt, lastUsedAt: createdAt, ...factorOf(email, id) }],
    guesses: noGuesses,
    createdAt,
  };
}
