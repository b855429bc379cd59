import type { AccountData } from '../accounts/administration.ts';
import { eventMover } from './attempt-events.ts';
import { attemptRows, emptiedAttempt } from './attempts.ts';
import type { Database } from './connection.ts';
import { consentRows } from './consents.ts';
import { endingSessions } from './ended-sessions.ts';
import { mongoGrants } from './grants.ts';
import { linkRows } from './links.ts';
import { oidcRows } from './oidc-rows.ts';
import { deviceRows } from './remembered-devices.ts';

export function mongoAccountData(db: Database): AccountData {
  const grants = mongoGrants(db);
  const attempts = attemptRows(db.connection);
  const moveEvents = eventMover(db);
  const endings = endingSessions(db, oidcRows(db.connection, 'Session'));
  const consents = consentRows(db.connection);
  const links = linkRows(db.connection);
  const devices = deviceRows(db.connection);
  return {
    async erase(accountId, now) {
      const own = { accountId };
      await grants.endAll(accountId);
      await endings.endAll(own, now);
      await consents.deleteMany(own);
      await devices.deleteMany(own); // guard: erased-account-devices
      await moveEvents(own); // guard: erased-account-events-first
      await links.deleteMany(own);
      const over = { $set: { expiresAt: { $min: ['$expiresAt', now] } } };
      await attempts.updateMany(own, [...emptiedAttempt, over]);
      // A code that waits in a sign-in that nobody is named in any more.
      await attempts.updateMany({ 'deliveredCode.accountId': accountId }, [...emptiedAttempt, over]);
    },
  };
}
