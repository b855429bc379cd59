import type { Context } from 'koa';
import type { default as Provider } from 'oidc-provider';
import type { Account, Accounts } from '../accounts/account.ts';
import { meets } from '../accounts/level.ts';
import type { Config } from '../config/config.ts';
import type { SessionRecord, Sessions } from '../sign-in/sessions.ts';
import { outageAsProblem } from './interactions.ts';
import { sessionSeconds } from './lifetimes.ts';
import { type LeastLevel, validSession } from './valid-session.ts';

/** Whom a browser's session names, as the policy at /auth would judge it now. */
export interface SignedIn {
  readonly account: Account;
  readonly record: SessionRecord;
}

interface Deps {
  readonly provider: Provider;
  readonly config: Config;
  readonly accounts: Pick<Accounts, 'find'>;
  readonly sessions: Sessions;
  readonly leastLevel: LeastLevel;
  readonly now: () => Date;
}

/** Sooner again, the session is not written: a request at /auth at the same time would lose what it has just added. */
const renewalSeconds = 60;

/** The account area's own look at the session. There is one definition of a good one: account, record, level, idle and absolute end. */
export function signedInFinder(deps: Deps): (ctx: Context) => Promise<SignedIn | undefined> {
  return (ctx) =>
    outageAsProblem(async () => {
      const session = await deps.provider.Session.get(ctx);
      const account = session.accountId === undefined ? undefined : await deps.accounts.find(session.accountId);
      const found = account && (await validSession(deps, session.uid, account)); // guard: area-judges-session
      if (!account || !found) return undefined;
      const least = deps.leastLevel(account, { proofs: found.record.proofs, fresh: false });
      if (!meets(found.level, least)) return undefined; // guard: area-judges-level
      await keepWarm(deps.config, session);
      return { account, record: found.record };
    });
}

/** A request here counts as one at /auth: the idle time begins anew. */
async function keepWarm(config: Config, session: Awaited<ReturnType<Provider['Session']['get']>>): Promise<void> {
  const seconds = sessionSeconds(config.session, session);
  const left = (session.exp ?? 0) - Math.floor(Date.now() / 1000);
  if (seconds - left >= renewalSeconds) await session.save(seconds);
}
