import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Account, Accounts, EnrolledFactor } from '../../src/accounts/account.ts';
import type { AdministeredAccounts } from '../../src/accounts/administration.ts';
import type { TotpData } from '../../src/factors/totp-data.ts';
import type { SecondFactorGuesses } from '../../src/protection/budgets.ts';
import type { Database } from '../../src/storage/connection.ts';
import { stores } from '../../src/wiring/stores.ts';
import { openDatabase } from './database.ts';
import { type MemoryAccounts, memoryAccounts } from './fakes/accounts.ts';

export const start = new Date('2030-01-01T00:00:00Z');
export const browserId = '0123456789abcdefghij_-';
/** The key of the network that strangers try from unless told otherwise. */
export const network = 'home-network';
export const minutes = (count: number) => new Date(start.getTime() + count * 60_000);
export const together = <T>(times: number, act: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: times }, (_, n) => act(n)));

export const totp = (change: Partial<EnrolledFactor> = {}, data: Partial<TotpData> = {}): EnrolledFactor => ({
  id: 'f1',
  kind: 'totp',
  name: 'Phone',
  createdAt: start,
  lastUsedAt: start,
  data: { sealedSecret: 'sealed', lastStep: 100, ...data },
  ...change,
});

interface Store
  extends Pick<
    MemoryAccounts,
    'totpSteps' | 'firstFactors' | 'furtherFactors' | 'factorChanges' | 'recoverySets' | 'passes' | 'rescues'
  > {
  readonly accounts: Accounts & AdministeredAccounts;
  readonly secondFactorGuesses: SecondFactorGuesses;
  change(id: string, change: Partial<Account>): Promise<void>;
}

/** A store that holds the account `ada`, by e-mail and username, when asked to. */
type OpenStore = (t: TestContext, holding?: 'ada') => Promise<Store & { readonly ada: Account }>;

async function mongoStore(t: TestContext): Promise<Store> {
  const db = await openDatabase(t);
  const { accounts, administered, timeSteps, guesses, ...ports } = stores(db);
  return {
    ...ports,
    accounts: { ...accounts, ...administered },
    totpSteps: timeSteps,
    secondFactorGuesses: guesses,
    async change(id, change) {
      await db.connection.collection<{ _id: string }>('accounts').updateOne({ _id: id }, { $set: change });
    },
  };
}

async function memoryStore(): Promise<Store> {
  const accounts = memoryAccounts();
  return { ...accounts, accounts };
}

const holding =
  (open: (t: TestContext) => Promise<Store>): OpenStore =>
  async (t, name) => {
    const store = await open(t);
    const email = 'ada@example.com';
    if (name)
      await store.accounts.create({ id: 'ada-id', email, username: name, passwordHash: 'hash', createdAt: start });
    const found = await store.accounts.findByEmail(email);
    return { ...store, ada: found ?? ({} as Account) };
  };

/** The fake and the real store pass the same suite. */
export const accountStores: readonly (readonly [string, OpenStore])[] = [
  ['MongoDB', holding(mongoStore)],
  ['memory', holding(memoryStore)],
];

/** An account that has an app and nothing else, in a database that others ask as well. */
export async function adaWithApp(db: Database) {
  const rows = db.connection.collection<{ _id: string }>('accounts');
  const { accounts } = stores(db);
  await accounts.create({ id: 'ada', email: 'ada@example.com', createdAt: start });
  const change = async (to: Partial<Account>) => {
    await rows.updateOne({ _id: 'ada' }, { $set: to });
  };
  await change({ factors: [totp()] });
  return { change, ada: async () => (await accounts.find('ada')) ?? assert.fail() };
}
