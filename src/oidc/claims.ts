import type { FindAccount, Account as LibraryAccount } from 'oidc-provider';
import type { Account, Accounts } from '../accounts/account.ts';
import { defined } from '../platform/defined.ts';
import { allowedClaims } from './allowed-claims.ts';
import type { Shield } from './faults.ts';

/** What the library asks of an account, with the account itself for our own checks in the same request. */
export interface KnownAccount extends LibraryAccount {
  readonly stored: Account;
}

/** A disabled account is found nowhere: not at /auth, not at /token, not at userinfo. */
export function accountFinder({
  accounts,
  shield,
}: {
  readonly accounts: Accounts;
  readonly shield: Shield;
}): FindAccount {
  return (ctx, id) =>
    shield(async () => {
      const stored = await accounts.find(id);
      return stored?.active ? known(stored, allowedClaims(ctx.oidc.client)) : undefined; // guard: disabled-account-not-found
    });
}

/** `allowed`: a token that was given when the client had more scopes tells no more than one that is given now. */
function known(stored: Account, allowed: readonly string[]): KnownAccount {
  const about: Readonly<Record<string, unknown>> = {
    email: stored.email,
    // No account is made before its address was proved by a code.
    email_verified: true,
    ...defined({ preferred_username: stored.username }),
  };
  const released = Object.fromEntries(Object.entries(about).filter(([name]) => allowed.includes(name))); // guard: wider-token-narrowed
  return { accountId: stored.id, stored, claims: async () => ({ sub: stored.id, ...released }) };
}
