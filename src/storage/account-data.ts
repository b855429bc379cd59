import type { AccountData } from '../accounts/administration.ts';
import { emptiedAttempt } from './attempts.ts';
import type { Database } from './connection.ts';
import { mongoGrants } from './grants.ts';
import { endLibrarySessions } from './oidc-adapter.ts';
import { exact } from './schema.ts';

export function mongoAccountData(db: Database): AccountData {
  const grants = mongoGrants(db);
  const rowsOf = (collection: string) => db.connection.collection(collection);
  return {
    async erase(accountId, now) {
      const own = exact({ accountId });
      await grants.endAll(accountId);
      // Tombstones of the library's sessions hold no account any more.
      await endLibrarySessions(db, { accountId }, now);
      await rowsOf('sessions').deleteMany(own);
      await rowsOf('consents').deleteMany(own);
      const over = { $set: { expiresAt: { $min: ['$expiresAt', now] } } };
      await rowsOf('attempts').updateMany(own, [...emptiedAttempt, over]);
      // A code that waits in a sign-in that nobody is named in any more.
      await rowsOf('attempts').updateMany(exact({ 'deliveredCode.accountId': accountId }), [...emptiedAttempt, over]);
    },
  };
}
