import type { FindAccount, KoaContextWithOIDC, Account as LibraryAccount } from 'oidc-provider';
import type { Account, Accounts } from '../accounts/account.ts';
import { defined } from '../platform/defined.ts';
import type { Sessions } from '../sign-in/sessions.ts';
import { allowedClaims } from './allowed-claims.ts';
import type { Shield } from './faults.ts';
import { isUnrevoked, type OwnGrant } from './grants.ts';
import { type Redeemed, refuseOverCode, sessionOfCode } from './redemption.ts';
import type { LeastLevel } from './valid-session.ts';

/** What the library asks of an account, with the account itself for our own checks in the same request. */
export interface KnownAccount extends LibraryAccount {
  readonly stored: Account;
}

interface Deps {
  readonly accounts: Accounts;
  readonly sessions: Pick<Sessions, 'find'>;
  readonly leastLevel: LeastLevel;
  readonly shield: Shield;
  readonly now: () => Date;
}

/**
 * A disabled account is found nowhere: not at /auth, not at /token, not at userinfo. Nor is one for the code of a session that is
 * over, nor for what a client holds whose access was taken away.
 */
export function accountFinder(deps: Deps): FindAccount {
  return (ctx, id, token) =>
    deps.shield(async () => {
      const redeemed = redeemedBy(ctx, token);
      const [stored, record] = await Promise.all([deps.accounts.find(id), sessionOfCode(deps, ctx, redeemed)]);
      if (!stored?.active) return undefined; // guard: disabled-account-not-found
      if (!isUnrevoked(grantOf(ctx), stored)) return undefined; // guard: revoked-client-gets-nothing
      refuseOverCode(deps, redeemed, { account: stored, record });
      return known(stored, allowedClaims(ctx.oidc.client), grantOf(ctx).rememberedSince);
    });
}

function redeemedBy(ctx: KoaContextWithOIDC, token: Parameters<FindAccount>[2]): Redeemed {
  const { kind, sessionUid } = (token ?? {}) as { readonly kind?: string; readonly sessionUid?: string };
  return { kind, sessionUid, grantLevel: grantOf(ctx).level };
}

/** What the grant of this request was given with (grants.ts); where there is none, nothing. */
function grantOf(ctx: KoaContextWithOIDC): OwnGrant {
  return (ctx.oidc.entities.Grant as OwnGrant | undefined) ?? {};
}

/** `allowed`: a token that was given when the client had more scopes tells no more than one that is given now. */
function known(stored: Account, allowed: readonly string[], rememberedSince: number | undefined): KnownAccount {
  const about: Readonly<Record<string, unknown>> = {
    email: stored.email,
    // No account is made before its address was proved by a code.
    email_verified: true,
    ...defined({ preferred_username: stored.username }),
  };
  const released = Object.fromEntries(Object.entries(about).filter(([name]) => allowed.includes(name))); // guard: wider-token-narrowed
  // Of the sign-in, as acr and amr are: the ID token tells it, and userinfo does not.
  const ofSignIn = defined({ remembered_since: rememberedSince });
  return {
    accountId: stored.id,
    stored,
    claims: async (use) => ({ sub: stored.id, ...released, ...(use === 'id_token' ? ofSignIn : {}) }),
  };
}
