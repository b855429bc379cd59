import type { Accounts, PasswordTry } from '../accounts/account.ts';
import { hashId } from '../platform/hash.ts';
import { judgeTake, type KnownBrowser, noBudget, noGuesses, passwordRule } from '../protection/budgets.ts';
import { type AccountRow, accountRows, leanAccounts, toAccount } from './account-row.ts';
import { type Database, takenField } from './connection.ts';
import { budgetOf, guessUpdate } from './guess-update.ts';
import { exact } from './schema.ts';

/** An update that changes nothing is not journalled and returns sooner: a waiting account would tell that it is one. */
const countTry = { $set: { tries: { $add: [{ $ifNull: ['$tries', 0] }, 1] } } };

export function mongoAccounts({ connection }: Database): Accounts {
  const accounts = leanAccounts(connection);
  const model = accountRows(connection);
  /** At most 4096 rows, shared by all names that nobody has; nothing reads them. */
  const decoys = connection.collection<{ readonly _id: string }>('decoys');

  const findOne = async (filter: Partial<AccountRow>) => {
    const row = await accounts.findOne(filter);
    return row ? toAccount(row) : undefined;
  };

  /** Answers the account as it was before the write: what that budget allowed is what judgeTake says of it. */
  const take = async (id: string, update: object[]) => {
    const row = await accounts.findOneAndUpdate({ _id: id }, update, { returnDocument: 'before' });
    return row ? toAccount(row) : undefined;
  };

  /** What `take` costs where no account has the name: the same command with the same write, waited for in the same way. */
  const takeDecoy = async (identifier: string, update: object[]) => {
    const filter = exact({ _id: hashId(identifier).slice(0, 2) });
    await decoys.findOneAndUpdate(filter, update, { upsert: true, returnDocument: 'before' });
  };

  return {
    find: (id) => findOne({ _id: id }),
    findByEmail: (email) => findOne({ email }),

    async takePasswordGuess({ identifier, known, now }) {
      const named = await accounts.findOne(byIdentifier(identifier), { projection: { _id: 1 } });
      const browser = named ? browserKnownTo(named._id, known) : undefined;
      const path = browser === undefined ? 'guesses.password' : `guesses.browsers.${browser}`;
      const update = [...guessUpdate(path, passwordRule, now), countTry];
      const account = named ? await take(named._id, update) : await takeDecoy(identifier, update);
      if (!account) return undefined;
      const { password, browsers } = account.guesses;
      const before = browser === undefined ? password : budgetOf(browsers, browser);
      return { account, guess: judgeTake(before, passwordRule, now) };
    },

    async create({ id, roles = [], ...given }) {
      const fresh = { roles, active: true, sessionVersion: 0, securityVersion: 0, factors: [], guesses: noGuesses };
      try {
        await model.insertOne({ _id: id, ...given, ...fresh });
        return 'created';
      } catch (error) {
        const field = takenField(error);
        if (field === '_id') return 'exists';
        if (field === 'email') return 'email_taken';
        if (field === 'username') return 'username_taken';
        throw error;
      }
    },

    async rehash({ id, from, to }) {
      await accounts.updateOne({ _id: id, passwordHash: from }, { $set: { passwordHash: to } });
    },

    async refillPassword(id) {
      const given = { 'guesses.password': noBudget, 'guesses.browsers': {} };
      await accounts.updateOne({ _id: id, active: true }, { $set: given });
    },
  };
}

function byIdentifier(
  identifier: PasswordTry['identifier'],
): Pick<AccountRow, 'email'> | { readonly username: string } {
  return identifier.includes('@') ? { email: identifier } : { username: identifier };
}

/** The id becomes part of a path in the update: nothing but our own alphabet may. */
function browserKnownTo(account: string, known: KnownBrowser | undefined): string | undefined {
  if (!known?.accounts.includes(account)) return undefined;
  return /^[A-Za-z0-9_-]{16,64}$/.test(known.id) ? known.id : undefined;
}
