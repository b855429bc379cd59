import type { Grants } from '../protection/carry-out.ts';
import type { Database } from './connection.ts';
import { lookups } from './oidc-models.ts';
import { exact } from './schema.ts';

interface GrantRow {
  /** SHA-256 of the grant's id, as its tokens name it too. */
  readonly _id: string;
  readonly accountId: string;
}

const tokens = lookups.filter(({ fields }) => fields.includes('grantIdHash')).map(({ collection }) => collection);

export function mongoGrants({ connection }: Database): Grants {
  const grants = connection.collection<GrantRow>('oidc_grant');
  return {
    /** The grants first: a token without its grant is worth nothing, whether its own row is gone yet or not, and one issued in this moment neither. */
    async endAll(accountId) {
      const found = await grants.find(exact({ accountId })).project<Pick<GrantRow, '_id'>>({ _id: 1 }).toArray();
      await grants.deleteMany(exact({ accountId }));
      const granted = exact({ grantIdHash: { $in: found.map(({ _id }) => _id) } });
      await Promise.all(tokens.map((collection) => connection.collection(collection).deleteMany(granted)));
    },
  };
}
