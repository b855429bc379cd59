import type { Account, Accounts } from '../accounts/account.ts';
import { type AccountRow, toAccount } from './account-row.ts';
import type { Database } from './connection.ts';
import { type OidcRow, oidcRows } from './oidc-rows.ts';
import { notEnding } from './sessions.ts';

interface Options {
  readonly db: Database;
  readonly now: () => Date;
  /** The request that is under way, if what it asks may be read before it asks. */
  readonly request: () => object | undefined;
}

/** Each is one row or none. */
interface CodeWithItsOwn extends OidcRow {
  readonly grant: readonly OidcRow[];
  readonly session: readonly OidcRow[];
  readonly account: readonly AccountRow[];
}

type ReadRow = OidcRow | AccountRow | undefined;

export type RedeemedCodes = ReturnType<typeof redeemedCodes>;

/** A code is read with what its redemption asks for next, its grant, its session and its account: one question for four. */
export function redeemedCodes({ db, now, request }: Options) {
  const codes = oidcRows(db.connection, 'AuthorizationCode');
  const byRequest = new WeakMap<object, Map<string, ReadRow>>();

  /** Once: whoever asks again is told what is so by then. Undefined: it was not read. */
  function take<Row>(kind: string, id: string | undefined): { readonly row: Row | undefined } | undefined {
    const of = request();
    const read = of && byRequest.get(of);
    const key = `${kind} ${id}`;
    if (!read?.has(key)) return undefined;
    const row = read.get(key) as Row | undefined;
    read.delete(key); // guard: read-ahead-once
    return { row };
  }

  return {
    async find(which: object): Promise<OidcRow | null> {
      const of = request();
      if (!of) return codes.findOne(which);
      const [found] = await codes.aggregate<CodeWithItsOwn>(which, itsOwn(now()));
      if (!found) return null;
      const { grant, session, account, ...code } = found;
      const read = new Map<string, ReadRow>();
      if (code.grantIdHash) read.set(`Grant ${code.grantIdHash}`, grant[0]);
      if (code.sessionUidHash) read.set(`Session ${code.sessionUidHash}`, session[0]);
      if (code.accountId) read.set(`Account ${code.accountId}`, account[0]);
      byRequest.set(of, read);
      return code;
    },

    take: (kind: string, id: string | undefined) => take<OidcRow>(kind, id),

    /** What a redemption asks of accounts. */
    accounts(accounts: Accounts): Accounts {
      const find = async (id: string): Promise<Account | undefined> => {
        const read = take<AccountRow>('Account', id);
        if (!read) return accounts.find(id);
        return read.row && toAccount(read.row);
      };
      return { ...accounts, find };
    },
  };
}

const itsOwn = (now: Date) => [
  joined('grant', 'grantIdHash', { model: 'Grant', expiresAt: { $not: { $lte: now } } }), // guard: read-ahead-grant-live
  joined('session', 'sessionUidHash', { model: 'Session', libraryEndsAt: { $gt: now }, ...notEnding }), // guard: read-ahead-session-live
  { $lookup: { from: 'accounts', localField: 'accountId', foreignField: '_id', as: 'account' } },
];

function joined(as: string, localField: string, live: object) {
  return { $lookup: { from: 'oidc', localField, foreignField: '_id', pipeline: [{ $match: live }], as } };
}
