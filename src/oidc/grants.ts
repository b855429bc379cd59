import type { Grant, KoaContextWithOIDC, default as Provider } from 'oidc-provider';
import type { Account } from '../accounts/account.ts';
import { timesRevoked } from '../accounts/revocation.ts';
import type { Level } from '../factors/factor.ts';
import { rememberedSince } from '../sign-in/policy/assurance.ts';
import type { Consents } from '../sign-in/sessions.ts';
import { ofTheSignIn } from './allowed-claims.ts';
import type { KnownAccount } from './claims.ts';
import { claimsByScope } from './claims-by-scope.ts';
import type { Clients } from './clients.ts';
import type { Shield } from './faults.ts';
import type { ValidSession } from './valid-session.ts';

const knownScopes: readonly string[] = ['openid', 'offline_access', 'profile', 'email'];

type Params = Readonly<Record<string, unknown>>;

/** Names asked for one by one in the claims parameter (OpenID Connect Core 5.5); the library has checked its shape. */
export function requestedClaims(params: Params): readonly string[] {
  if (typeof params.claims !== 'string') return [];
  const { userinfo, id_token }: { userinfo?: object; id_token?: object } = JSON.parse(params.claims);
  const names = [...Object.keys(userinfo ?? {}), ...Object.keys(id_token ?? {})];
  return [...new Set(names)].filter((name) => !ofTheSignIn.includes(name));
}

/** What the consent page lists: the scopes, and the scope of each claim that was asked for by itself. */
export function requestedScopes(params: Params): readonly string[] {
  const requested = String(params.scope ?? '').split(' ');
  const byClaim = Object.entries(claimsByScope)
    .filter(([, names]) => requestedClaims(params).some((name) => names.includes(name)))
    .map(([scope]) => scope);
  return knownScopes.filter((scope) => requested.includes(scope) || byClaim.includes(scope)); // guard: single-claim-counts-as-scope
}

/** What a finished interaction tells the resumed request to grant; whose, because a later result is merged into an earlier one. */
export interface Agreed {
  readonly accountId: string;
  readonly scopes: readonly string[];
  readonly claims: readonly string[];
}

interface Deps {
  readonly clients: Clients;
  readonly consents: Consents;
  /** What the session of this request is worth; asked once, however many ask. */
  readonly validSession: (ctx: KoaContextWithOIDC) => Promise<ValidSession | undefined>;
  readonly shield: Shield;
  readonly now: () => Date;
}

/** What a grant holds beside the library's own. */
export interface OwnGrant {
  readonly level?: Level;
  readonly rememberedSince?: number;
  readonly revocations?: number;
  readonly clientId?: string | undefined;
  usedAt?: number;
}

const daySeconds = 86_400;

/**
 * A grant is kept with the session it was given in, the level of that session and since when its device was remembered, so that
 * what ends the one ends the other; with how often its client's access had been taken away by then, and when it was used last.
 */
export function keepOrigin({ Grant }: Provider): void {
  const origin = ['sessionUid', 'level', 'rememberedSince', 'revocations', 'usedAt']; // guard: grant-keeps-session, grant-keeps-since
  Object.defineProperty(Grant, 'IN_PAYLOAD', { value: [...Grant.IN_PAYLOAD, ...origin] });
}

/** Consent outlives the session: what was allowed before is granted again without a page, also for prompt=none. */
export function grantLoader(deps: Deps) {
  return (ctx: KoaContextWithOIDC): Promise<Grant | undefined> =>
    deps.shield(async () => {
      const { client, session, account, provider, result } = ctx.oidc;
      if (!client || !session || !account) return undefined;
      const key = { accountId: account.accountId, clientId: client.clientId };
      // Whoever proves anew gets a grant of its own: what an earlier, weaker proof gave can end without it.
      const grantId = result?.login ? undefined : session.grantIdFor(client.clientId); // guard: proof-anew-own-grant
      const found = grantId ? await provider.Grant.find(grantId) : undefined;
      const isOwn = found?.accountId === key.accountId && found.clientId === key.clientId; // guard: grant-own-account
      const own = found && isOwn && isUnrevoked(found, (account as KnownAccount).stored) ? found : undefined; // guard: revoked-grant-unused
      const agreed = result?.consent as Agreed | undefined;
      if (agreed?.accountId === key.accountId) return granted(deps, own ?? (await begun(deps, ctx, key)), agreed); // guard: consent-own-account
      if (result?.login) return own;
      if (own && covers(own, ctx.oidc.params ?? {})) return used(deps, own);
      return (await remembered(deps, ctx, own)) ?? own;
    });
}

/** A session's grant holds what its own requests asked for; what was allowed elsewhere is not in it yet. */
function covers(grant: Grant, params: Params): boolean {
  const [scopes, claims] = [grant.getOIDCScope().split(' '), grant.getOIDCClaims()];
  const listed = (name: string) => claims.includes(name);
  return requestedScopes(params).every((scope) => scopes.includes(scope)) && requestedClaims(params).every(listed);
}

async function remembered(deps: Deps, ctx: KoaContextWithOIDC, own: Grant | undefined): Promise<Grant | undefined> {
  const { client, account, params } = ctx.oidc;
  if (!client || !account) return undefined;
  const key = { accountId: account.accountId, clientId: client.clientId };
  const requested = requestedScopes(params ?? {});
  const firstParty = deps.clients.get(client.clientId)?.firstParty === true;
  const scopes = firstParty ? requested : await deps.consents.find(key);
  if (!requested.every((scope) => scopes.includes(scope))) return undefined; // guard: more-scopes-ask-again
  return granted(deps, own ?? (await begun(deps, ctx, key)), {
    scopes: requested,
    claims: requestedClaims(params ?? {}),
  });
}

async function begun(
  { validSession }: Deps,
  ctx: KoaContextWithOIDC,
  key: { readonly accountId: string; readonly clientId: string },
): Promise<Grant> {
  const found = await validSession(ctx);
  const level = found?.level ?? '1fa'; // guard: grant-keeps-level
  const since = rememberedSince(found?.record.proofs ?? []);
  const remembered = since && { rememberedSince: secondsOf(since) }; // guard: grant-keeps-remembered-since
  const { stored } = ctx.oidc.account as KnownAccount;
  const revocations = timesRevoked(stored, key.clientId); // guard: grant-keeps-revocations
  const grant = { ...key, sessionUid: ctx.oidc.session?.uid, level, revocations, ...remembered };
  return new ctx.oidc.provider.Grant(grant);
}

/** Since it was given, nobody has taken the client's access away. */
export function isUnrevoked({ revocations = 0, clientId = '' }: OwnGrant, account: Account): boolean {
  return revocations === timesRevoked(account, clientId);
}

/** Told to the day, so that a client that is used all day costs one write. */
async function used({ now }: Deps, grant: Grant & OwnGrant): Promise<Grant> {
  const seconds = secondsOf(now());
  if (seconds - (grant.usedAt ?? 0) < daySeconds) return grant; // guard: use-noted-daily
  grant.usedAt = seconds;
  await grant.save();
  return grant;
}

async function granted(
  { now }: Deps,
  grant: Grant & OwnGrant,
  { scopes, claims }: Pick<Agreed, 'scopes' | 'claims'>,
): Promise<Grant> {
  grant.addOIDCScope(scopes.join(' '));
  if (claims.length > 0) grant.addOIDCClaims([...claims]);
  grant.usedAt = secondsOf(now());
  await grant.save();
  return grant;
}

function secondsOf(now: Date): number {
  return Math.floor(now.getTime() / 1000);
}
