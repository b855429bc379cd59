import type { Event, NamedEvent } from '../protection/events.ts';
import type { GivenApplication, GivenApplications } from '../self-service/applications.ts';
import type { Database } from './connection.ts';
import { type ConsentRow, consentRows } from './consents.ts';
import { eventRows } from './events.ts';
import { oidcRows } from './oidc-rows.ts';
import { waitingEvents } from './told-events.ts';

const signedIn = { kind: 'sign_in', clientId: { $exists: true } } as const;

/** What clients hold or were allowed, put together from what is written anyway. */
export function mongoApplications(db: Database): GivenApplications {
  const { connection } = db;
  const consents = consentRows(connection);
  const events = eventRows(connection);
  const waiting = waitingEvents(db);
  const grants = oidcRows(connection, 'Grant');
  const refreshTokens = oidcRows(connection, 'RefreshToken');

  return {
    async list({ accountId, since, now }) {
      const [allowed, given, signIns, told] = await Promise.all([
        consents.find({ accountId }),
        granted(accountId, now),
        events.find({ accountId, at: { $gte: since }, ...signedIn }, { projection: { clientId: 1, at: 1 } }),
        waiting(accountId),
      ]);
      const used = [...signIns, ...told.flatMap(signInOf)].flatMap(ofSignIn);
      return [...allowed.map(ofConsent), ...given, ...used];
    },
  };

  /** What was given in each session, and when; a refresh token that was rotated tells when it was used. */
  async function granted(accountId: string, now: Date): Promise<GivenApplication[]> {
    const live = { accountId, expiresAt: { $gt: now } }; // guard: over-grants-unlisted
    const rows = await grants.find(live, { projection: { clientId: 1, givenAt: 1, usedAt: 1 } });
    const consumed = { grantIdHash: { $in: rows.map(({ _id }) => _id) }, consumedAt: { $exists: true } };
    const used = await refreshTokens.find(consumed, { projection: { grantIdHash: 1, consumedAt: 1 } });
    return rows.flatMap(({ _id, clientId, givenAt = now, usedAt = givenAt }) => {
      const times = used.flatMap(({ grantIdHash, consumedAt }) =>
        grantIdHash === _id && consumedAt ? [consumedAt] : [],
      );
      return clientId ? [{ clientId, since: givenAt, lastUsedAt: latest([usedAt, ...times]), holds: true }] : [];
    });
  }
}

function ofConsent({ clientId, scopes, at, since = at }: ConsentRow): GivenApplication {
  return { clientId, scopes, since, holds: true };
}

function ofSignIn({ clientId, at }: Pick<Event, 'clientId' | 'at'>): GivenApplication[] {
  return clientId === undefined ? [] : [{ clientId, since: at, lastUsedAt: at, holds: false }];
}

function signInOf({ event }: NamedEvent): Event[] {
  return event.kind === signedIn.kind ? [event] : [];
}

function latest(times: readonly Date[]): Date {
  return new Date(Math.max(...times.map((time) => time.getTime())));
}
