import type { Grants } from '../protection/carry-out.ts';
import type { WeakGrants } from '../sign-in/policy/too-weak.ts';
import type { Database } from './connection.ts';
import { lookups } from './oidc-models.ts';
import { oidcRows } from './oidc-rows.ts';

export interface SessionGrants {
  /** Ends what was given in this very account's session. */
  endOf(session: { readonly accountId: string; readonly session: string }): Promise<void>;
}

const tokens = lookups.filter(({ fields }) => fields.includes('grantIdHash')).map(({ model }) => model);

export function mongoGrants({ connection }: Database): Grants & WeakGrants & SessionGrants {
  const grants = oidcRows(connection, 'Grant');
  const given = oidcRows(connection, ...tokens);
  return {
    async endAll(accountId, { keepSession, clientAlone } = {}) {
      const but = keepSession === undefined ? {} : { sessionUidHash: { $ne: keepSession } }; // guard: grants-of-own-session-stay
      const alone = clientAlone === undefined ? {} : { clientId: clientAlone }; // guard: grants-of-other-clients-stay
      await end({ accountId, ...but, ...alone });
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
    const found = await grants.find(which, { projection: { _id: 1 } });
    await grants.deleteMany(which); // guard: grants-end-with-account
    await given.deleteMany({ grantIdHash: { $in: found.map(({ _id }) => _id) } });
  }
}
