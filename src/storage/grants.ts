import type { Grants } from '../protection/carry-out.ts';
import type { WeakGrants } from '../sign-in/policy/too-weak.ts';
import type { Database } from './connection.ts';
import { lookups } from './oidc-models.ts';
import { exact } from './schema.ts';

interface GrantRow {
  /** SHA-256 of the grant's id, as its tokens name it too. */
  readonly _id: string;
  readonly accountId: string;
  /** The id of the record of the session it was given in. One without it was given before sessions were noted. */
  readonly sessionUidHash?: string;
  readonly level?: string;
}

export interface SessionGrants {
  /** Ends what was given in this very account's session. */
  endOf(session: { readonly accountId: string; readonly session: string }): Promise<void>;
}

const tokens = lookups.filter(({ fields }) => fields.includes('grantIdHash')).map(({ collection }) => collection);

export function mongoGrants({ connection }: Database): Grants & WeakGrants & SessionGrants {
  const grants = connection.collection<GrantRow>('oidc_grant');
  return {
    async endAll(accountId, { keepSession } = {}) {
      await end({ accountId, ...(keepSession === undefined ? {} : { sessionUidHash: { $ne: keepSession } }) }); // guard: grants-of-own-session-stay
    },

    async endOf({ accountId, session }) {
      await end({ accountId, sessionUidHash: session }); // guard: grants-end-with-session
    },

    async endWeaker({ accountId, enough, keepSessions }) {
      await end({ accountId, level: { $nin: enough }, sessionUidHash: { $nin: keepSessions } }); // guard: grants-strong-enough-stay, grants-put-off-stay
    },
  };

  /** The grants first: a token without its grant is worth nothing, whether its own row is gone yet or not, and one issued in this moment neither. */
  async function end(which: { readonly accountId: string; readonly [field: string]: unknown }): Promise<void> {
    const found = await grants.find(exact(which)).project<Pick<GrantRow, '_id'>>({ _id: 1 }).toArray();
    const ids = { $in: found.map(({ _id }) => _id) };
    await grants.deleteMany(exact(which)); // guard: grants-end-with-account
    const granted = exact({ grantIdHash: ids });
    await Promise.all(tokens.map((collection) => connection.collection(collection).deleteMany(granted)));
  }
}
