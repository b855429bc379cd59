import { type Administration, administering } from '../../src/accounts/administration.ts';
import { carryingOut } from '../../src/protection/carry-out.ts';
import type { Notice } from '../../src/protection/notices.ts';
import type { FactorPolicy } from '../../src/sign-in/policy.ts';
import { endingTooWeak } from '../../src/sign-in/too-weak.ts';
import { mongoAccounts } from '../../src/storage/accounts.ts';
import { mongoAdministration } from '../../src/storage/administration.ts';
import type { Database } from '../../src/storage/connection.ts';
import { mongoEvents } from '../../src/storage/events.ts';
import { mongoGrants } from '../../src/storage/grants.ts';
import { mongoPendingCodes } from '../../src/storage/pending-codes.ts';
import { mongoSessions } from '../../src/storage/sessions.ts';
import { mongoTraces } from '../../src/storage/traces.ts';

const usual: FactorPolicy = { secondFactor: 'required', roles: [], skips: 0 };

/** An administrator's hands beside a running server, as another process has them. */
export function administrator(
  db: Database,
  policy = usual,
): { readonly does: Administration; readonly notices: readonly Notice[] } {
  const now = () => new Date();
  const notices: Notice[] = [];
  const tell = async (notice: Notice) => void notices.push(notice);
  const sessions = mongoSessions(db);
  const grants = mongoGrants(db);
  const tooWeak = endingTooWeak({ accounts: mongoAccounts(db), sessions, grants, policy, now });
  const ends = { grants, tooWeak, pendingCodes: mongoPendingCodes(db), events: mongoEvents(db) };
  const does = administering({
    accounts: { ...mongoAccounts(db), ...mongoAdministration(db) },
    ...{ sessions, traces: mongoTraces(db), now },
    carryOut: carryingOut({ ...ends, sessions, notices: { tell }, now }),
    passwords: { hash: async () => 'none' },
    rules: { minimum: 8, productName: 'Twofold' },
  });
  return { does, notices };
}

export const byAdministrator = (id: string) => ({ id, actor: 'cli', origin: {} });
