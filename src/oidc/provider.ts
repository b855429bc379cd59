import Provider, { type AdapterFactory, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import type { Accounts } from '../accounts/account.ts';
import type { Config, PrivateJwks } from '../config/config.ts';
import type { Level } from '../factors/factor.ts';
import type { Attempts } from '../sign-in/attempt.ts';
import { acrOf } from '../sign-in/policy/assurance.ts';
import type { Confirmation } from '../sign-in/request.ts';
import type { Consents, Sessions } from '../sign-in/sessions.ts';
import { leaveOutClaims } from './allowed-claims.ts';
import { tellByQueue } from './back-channel.ts';
import { accountFinder } from './claims.ts';
import { claimsByScope } from './claims-by-scope.ts';
import { keepToRegisteredMethod } from './client-authentication.ts';
import { type Clients, clientMetadata } from './clients.ts';
import { cookieSettings } from './cookies.ts';
import type { Shield } from './faults.ts';
import { grantLoader, keepOrigin } from './grants.ts';
import { lifetimes } from './lifetimes.ts';
import { takeLooseScopes } from './loose-scopes.ts';
import { keepLocalhost } from './native-redirects.ts';
import { type InteractionSeal, keepOneAttempt } from './one-attempt.ts';
import { keepOneRow } from './one-row.ts';
import { attemptOpener } from './opening.ts';
import { type LibraryPages, libraryPages } from './pages.ts';
import { type DeviceCounts, signInPolicy } from './policy.ts';
import { noteHolder } from './reports.ts';
import { type LeastLevel, type ValidSession, validSessions } from './valid-session.ts';

export interface ProviderDeps {
  readonly config: Config;
  readonly keys: { readonly cookies: readonly string[]; readonly jwks: PrivateJwks };
  readonly clients: Clients;
  /** Storage tells the library's adapter structurally. */
  readonly adapter: (model: string) => unknown;
  readonly seal: InteractionSeal;
  readonly accounts: Accounts;
  readonly attempts: Attempts;
  readonly sessions: Sessions;
  readonly consents: Consents;
  readonly pages: LibraryPages;
  readonly origin: (ctx: KoaContextWithOIDC) => { readonly address?: string; readonly browser?: string };
  readonly browserMark: (ctx: KoaContextWithOIDC) => string;
  readonly confirmation: (ctx: KoaContextWithOIDC, state: string) => Confirmation | undefined;
  /** Levels that this installation can prove. */
  readonly levels: readonly Level[];
  readonly leastLevel: LeastLevel;
  readonly deviceCounts: DeviceCounts;
  readonly shield: Shield;
  /** Told of every error that the library answers by itself. */
  readonly report: (ctx: KoaContextWithOIDC, error: Error) => void;
  readonly now: () => Date;
}

/** Every event by which the library tells of an error it answers itself. */
const errorEvents = [
  'server_error',
  'authorization.error',
  'grant.error',
  'userinfo.error',
  'end_session.error',
  'end_session_confirm.error',
  'end_session_success.error',
  'jwks.error',
  'discovery.error',
];

export function createProvider(deps: ProviderDeps): Provider {
  const provider = new Provider(deps.config.issuer, configuration(deps));
  keepOrigin(provider);
  keepOneRow(provider);
  keepOneAttempt(provider, deps.seal);
  tellByQueue(provider, (id) => deps.clients.get(id)?.backchannelLogoutUri !== undefined);
  takeLooseScopes(provider);
  keepToRegisteredMethod(provider);
  keepLocalhost(provider);
  // Host and protocol are the issuer's by the time the library reads them (http/own-host), so forwarded headers are ours.
  provider.proxy = true;
  provider.maxIpsCount = deps.config.trustedProxies; // guard: proxy-count-believed
  for (const event of errorEvents) provider.on(event as 'server_error', deps.report);
  return provider;
}

function configuration(deps: ProviderDeps): Configuration {
  const { config, clients } = deps;
  const validSession = validSessions({ ...deps, rules: config.session });
  return {
    adapter: deps.adapter as AdapterFactory,
    clients: [...clients.values()].map(clientMetadata),
    findAccount: accountFinder(deps),
    loadExistingGrant: grantLoader({ ...deps, validSession }),
    jwks: structuredClone(deps.keys.jwks) as NonNullable<Configuration['jwks']>,
    cookies: cookieSettings(config.issuer, deps.keys.cookies),
    ttl: lifetimes(config),
    interactions: { policy: policyOf(deps, validSession), url: attemptOpener(deps) },
    ...libraryPages(deps.pages),
    ...protocol(deps),
  };
}

/** What a client may be registered with. */
export const offered = {
  scopes: ['openid', 'offline_access'],
  claims: { ...claimsByScope, acr: null, sid: null, auth_time: null, iss: null },
  // 'none' is the account area's alone: what a client may use is in its own metadata (clients.ts).
  responseTypes: ['code', 'none'], // guard: code-flow-alone
  // All that a client may be registered with, so that a secret is seen wherever it is sent: which of them it may use is
  // judged by its registration (client-authentication.ts), and discovery lists those that are used (own-client.ts).
  clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
  // ES256 signs some twenty times faster than RS256; clients that need RS256 say so.
  clientDefaults: { id_token_signed_response_alg: 'ES256' },
} satisfies Configuration;

/** What the protocol offers. Everything that is not named here is off until something needs it (ASVS 15.2.3). */
function protocol({ clients, levels, pages }: ProviderDeps): Configuration {
  return {
    ...offered,
    acrValues: levels.map(acrOf),
    pkce: { required: (_ctx, client) => clients.get(client.clientId)?.pkceRequired !== false }, // guard: pkce-every-client
    // Confidential clients too: only rotation makes a stolen refresh token show itself (RFC 9700 section 4.14.2).
    rotateRefreshToken: true, // guard: refresh-token-rotates
    revokeGrantPolicy: noteHolder, // guard: reused-code-owner-first
    allowOmittingSingleRegisteredRedirectUri: false, // guard: redirect-uri-always-named
    acceptQueryParamAccessTokens: false, // guard: no-token-in-query
    features: {
      devInteractions: { enabled: false }, // guard: library-interactions-off
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false }, // guard: pushed-requests-off
      resourceIndicators: { enabled: false },
      backchannelLogout: { enabled: true },
      claimsParameter: { enabled: true, assertClaimsParameter: leaveOutClaims },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => pages.signOut(ctx, form),
        postLogoutSuccessSource: (ctx) => pages.signedOut(ctx),
      },
    },
    // An app's own scheme has the origin "null", as any sandboxed page has.
    clientBasedCORS: (_ctx, origin, client) =>
      origin !== 'null' && (client.redirectUris ?? []).some((uri) => URL.parse(uri)?.origin === origin), // guard: userinfo-cors-own-client, sandboxed-page-no-tokens
  };
}

function policyOf(
  { config, levels, leastLevel, deviceCounts, clients }: ProviderDeps,
  validSession: (ctx: KoaContextWithOIDC) => Promise<ValidSession | undefined>,
) {
  return signInPolicy({
    validSession,
    levels,
    leastLevel,
    deviceCounts,
    leastOfClient: (id) => clients.get(id)?.leastLevel ?? '1fa',
    mfa: config.factors,
  });
}
