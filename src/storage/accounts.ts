import type { Accounts, PasswordTry } from '../accounts/account.ts';
import { judgeTake, type KnownBrowser, noGuesses, passwordRule } from '../protection/budgets.ts';
import { type AccountRow, accountRows, toAccount } from './account-row.ts';
import { type Database, takenField } from './connection.ts';
import { budgetOf, guessUpdate } from './guess-update.ts';
import { exact } from './schema.ts';

export function mongoAccounts({ connection }: Database): Accounts {
  const accounts = accountRows(connection);

  const findOne = async (filter: Partial<AccountRow>) => {
    const row = await accounts.findOne(filter).lean<AccountRow>();
    return row ? toAccount(row) : undefined;
  };

  /** Answers the account as it was before the write: what that budget allowed is what judgeTake says of it. */
  const take = async (filter: object, path: string, now: Date) => {
    const update = guessUpdate(path, passwordRule, now);
    const row = await accounts.collection.findOneAndUpdate(exact(filter), update, { returnDocument: 'before' });
    return row ? toAccount(row as unknown as AccountRow) : undefined;
  };

  return {
    find: (id) => findOne({ _id: id }),
    findByEmail: (email) => findOne({ email }),

    async takePasswordGuess({ identifier, known, now }) {
      const named = byIdentifier(identifier);
      if (known && isBrowserId(known.id) && known.accounts.length > 0) {
        const own = { ...named, _id: { $in: [...known.accounts] } };
        const account = await take(own, `guesses.browsers.${known.id}`, now);
        if (account)
          return { account, guess: judgeTake(budgetOf(account.guesses.browsers, known.id), passwordRule, now) };
      }
      const account = await take(named, 'guesses.password', now);
      return account && { account, guess: judgeTake(account.guesses.password, passwordRule, now) };
    },

    async create({ id, ...given }) {
      const fresh = { roles: [], active: true, sessionVersion: 0, securityVersion: 0, factors: [], guesses: noGuesses };
      try {
        await accounts.insertOne({ _id: id, ...given, ...fresh });
        return 'created';
      } catch (error) {
        const field = takenField(error);
        if (field === 'email') return 'email_taken';
        if (field === 'username') return 'username_taken';
        throw error;
      }
    },

    async rehash({ id, from, to }) {
      await accounts.updateOne({ _id: id, passwordHash: from }, { $set: { passwordHash: to } });
    },

    async refill(id) {
      await accounts.updateOne({ _id: id, active: true }, { $set: { guesses: noGuesses } });
    },
  };
}

function byIdentifier(
  identifier: PasswordTry['identifier'],
): Pick<AccountRow, 'email'> | { readonly username: string } {
  return identifier.includes('@') ? { email: identifier } : { username: identifier };
}

/** The id becomes part of a path in the update: nothing but our own alphabet may. */
function isBrowserId(id: KnownBrowser['id']): boolean {
  return /^[A-Za-z0-9_-]{16,64}$/.test(id);
}
