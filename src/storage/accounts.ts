import type { Accounts, PasswordTry } from '../accounts/account.ts';
import { usernameSkeleton } from '../accounts/identifier.ts';
import { hashId } from '../platform/hash.ts';
import { judgeTake, type KnownBrowser, noGuesses, noStrangers, passwordRule } from '../protection/budgets.ts';
import { takeAsStranger } from '../protection/stranger-guesses.ts';
import { type AccountRow, accountRows, toAccount } from './account-row.ts';
import { type Database, takenField } from './connection.ts';
import { budgetOf, guessUpdate } from './guess-update.ts';
import { exact } from './schema.ts';
import { strangerUpdate } from './stranger-update.ts';

/** An update that changes nothing is not journalled and returns sooner: a waiting account would tell that it is one. */
const countTry = { $set: { tries: { $add: [{ $ifNull: ['$tries', 0] }, 1] } } };

export function mongoAccounts({ connection }: Database): Accounts {
  const accounts = accountRows(connection);
  /** At most 4096 rows, shared by all names that nobody has; nothing reads them. */
  const decoys = connection.collection<{ readonly _id: string }>('decoys');

  const findOne = async (filter: Partial<AccountRow>) => {
    const row = await accounts.findOne(filter);
    return row ? toAccount(row) : undefined;
  };

  /** Answers the account as it was before the write: what its budgets allowed is what the rule says of them. */
  const take = async (id: string, update: object[]) => {
    const row = await accounts.findOneAndUpdate({ _id: id }, update, { returnDocument: 'before' });
    return row ? toAccount(row) : undefined;
  };

  /** What `take` costs where no account has the name: the same command with the same write, waited for in the same way. */
  const takeDecoy = async (identifier: string, update: object[]) => {
    const filter = exact({ _id: hashId(identifier).slice(0, 2) }); // guard: unknown-name-keeps-slot
    await decoys.findOneAndUpdate(filter, update, { upsert: true, returnDocument: 'before' }); // guard: unknown-name-same-write
  };

  return {
    find: (id) => findOne({ _id: id }),
    findByEmail: (email) => findOne({ email }),
    findByIdentifier: (identifier) => findOne(byIdentifier(identifier)),

    async takePasswordGuess({ identifier, known, network, now }) {
      const named = await accounts.findOne(byIdentifier(identifier), { projection: { _id: 1 } });
      const browser = named ? browserKnownTo(named._id, known) : undefined;
      const taking =
        browser === undefined
          ? strangerUpdate(network, now)
          : guessUpdate(`guesses.browsers.${browser}`, passwordRule, now);
      const update = [...taking, countTry]; // guard: every-try-majority
      const account = named ? await take(named._id, update) : await takeDecoy(identifier, update);
      if (!account) return undefined;
      const { guesses, toldOfGuesses: warnedAt = {} } = account;
      if (browser === undefined) {
        const { guess, dayFull, tell } = takeAsStranger({ guesses: guesses.password, warnedAt }, network, now);
        return { account, guess, dayFull, tell };
      }
      const guess = judgeTake(budgetOf(guesses.browsers, browser), passwordRule, now);
      return { account, guess, dayFull: false, tell: [] };
    },

    async create({ id, roles = [], ...given }) {
      const fresh = { roles, active: true, sessionVersion: 0, securityVersion: 0, factors: [], guesses: noGuesses };
      try {
        await accounts.insertOne({ _id: id, ...given, ...looksOf(given), ...fresh });
        return 'created';
      } catch (error) {
        const field = takenField(error);
        if (field === '_id') return 'exists';
        if (field === 'email') return 'email_taken';
        if (field === 'username' || field === 'usernameSkeleton') return 'username_taken';
        throw error;
      }
    },

    async rehash({ id, from, to }) {
      await accounts.updateOne({ _id: id, passwordHash: from }, { $set: { passwordHash: to } }); // guard: hash-replaced-as-verified
    },

    async refillPassword(id) {
      const given = { 'guesses.password': noStrangers, 'guesses.browsers': {} }; // guard: password-refills-password-alone
      await accounts.updateOne({ _id: id, active: true }, { $set: given }); // guard: refill-active-account
    },
  };
}

function looksOf({ username }: Pick<AccountRow, 'username'>) {
  return username === undefined ? {} : { usernameSkeleton: usernameSkeleton(username) };
}

function byIdentifier(
  identifier: PasswordTry['identifier'],
): Pick<AccountRow, 'email'> | { readonly username: string } {
  return identifier.includes('@') ? { email: identifier } : { username: identifier };
}

/** The id becomes part of a path in the update: nothing but our own alphabet may. */
function browserKnownTo(account: string, known: KnownBrowser | undefined): string | undefined {
  if (!known?.accounts.includes(account)) return undefined; // guard: foreign-browser-stranger
  return /^[A-Za-z0-9_-]{16,64}$/.test(known.id) ? known.id : undefined; // guard: browser-id-no-path
}
