import type { Context } from 'koa';
import type { ClientSettings } from '../../config/config.ts';
import type { Factor } from '../../factors/factor.ts';
import type { confirmationWords } from '../../http/cookies/confirmation-words.ts';
import type { deviceCookies } from '../../http/cookies/device-cookies.ts';
import type { knownBrowsers } from '../../http/cookies/known-browser.ts';
import type { ReturnAddresses } from '../../http/cookies/return-address.ts';
import { originOf } from '../../http/origin.ts';
import { accountPath, ownRequest } from '../../oidc/own-client.ts';
import type { SignedIn } from '../../oidc/signed-in.ts';
import { defined } from '../../platform/defined.ts';
import { Problem } from '../../platform/problem.ts';
import { isFresh } from '../../self-service/fresh-proof.ts';
import { acrOf } from '../../sign-in/policy/assurance.ts';
import { levelNeeded } from '../../sign-in/policy/proof-changes.ts';
import type { FreshProof } from '../forms/contract.ts';
import { saidOf } from './confirmation.ts';
import type { AccountVisit } from './page.ts';

export interface EntranceDeps {
  readonly signedIn: (ctx: Context) => Promise<SignedIn | undefined>;
  readonly returns: ReturnAddresses;
  readonly devicesOf: ReturnType<typeof deviceCookies>;
  readonly browsers: Pick<ReturnType<typeof knownBrowsers>, 'read'>;
  readonly client: ClientSettings;
  readonly factors: readonly Factor[];
  readonly confirmations: ReturnType<typeof confirmationWords>;
  /** Whether a path is one of the area's pages. */
  readonly isPage: (path: string) => boolean;
  readonly now: () => Date;
}

export type Entrance = ReturnType<typeof entrance>;

/** The way into the account area: there is none but /auth. */
export function entrance(deps: EntranceDeps) {
  const { signedIn, returns, devicesOf, client, factors, confirmations, isPage, now } = deps;

  async function visitOf(ctx: Context): Promise<AccountVisit | undefined> {
    const found = await signedIn(ctx);
    if (!found) return undefined;
    const { account, record: session } = found;
    const device = devicesOf(ctx).read(account.id)?.id;
    const knownBrowser = () => deps.browsers.read(ctx);
    const [params, query] = [{ ...ctx.params }, queryOf(ctx)];
    const visit = { account, session, origin: originOf(ctx), knownBrowser, params, query };
    return { ...visit, ...defined({ device }) };
  }

  /** Where the library's answers to our own requests arrive; undefined: this is none. Never sends anybody to /auth again, so that nothing goes in circles. */
  async function arrival(ctx: Context): Promise<string | undefined> {
    const { error, state } = ctx.query;
    if (error === undefined && state === undefined) return undefined;
    const visit = error === undefined ? await visitOf(ctx) : undefined;
    if (!visit) throw new Problem('account_stopped', 403, { clientId: client.clientId }); // guard: no-login-loop
    const to = returns.read(ctx, String(state), visit.account.id);
    return to !== undefined && isPage(to) ? to : accountPath; // guard: state-leads-to-own-pages
  }

  function toSignIn(ctx: Context): string {
    return ownRequest(client, { state: returns.state(ctx, { to: isPage(ctx.path) ? ctx.path : accountPath }) });
  }

  /** Undefined: what the change needs was proved just now. Else where that is done, leading back to `to` afterwards. */
  function requireFresh(
    ctx: Context,
    visit: AccountVisit,
    { change, beside = [], to }: FreshProof & { readonly to: string },
  ): string | undefined {
    const { account, session } = visit;
    const least = levelNeeded(factors, account, change);
    if (isFresh({ proofs: [...session.proofs, ...beside] }, least, now())) return undefined;
    const state = returns.state(ctx, { to, accountId: account.id });
    confirmations.keep(ctx, state, saidOf(visit, change, factors));
    const acr = least === '1fa' ? {} : { acr: acrOf(least) };
    return ownRequest(client, { state, proveAgain: { loginHint: account.email, ...acr } });
  }

  return { visitOf, arrival, toSignIn, requireFresh };
}

/** A name that comes twice says nothing. */
function queryOf({ query }: Context): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}
