import type { Middleware } from 'koa';
import { type ClientSettings, ownClientId } from '../config/config.ts';
import { defined } from '../platform/defined.ts';
import { authMethodOf } from './clients.ts';

/** Where the account area lives; the one address its client may be answered at. */
export const accountPath = '/account';

/**
 * The account area as a relying party of ours: it has no way in of its own, and everything that guards a sign-in guards it.
 * It gets no code and no token, so there is nothing to redeem and no secret to keep.
 */
export function ownClient({
  issuer,
  productName,
}: {
  readonly issuer: string;
  readonly productName: string;
}): ClientSettings {
  const { origin } = new URL(issuer);
  const address = `${origin}${accountPath}`;
  return {
    clientId: ownClientId,
    name: productName,
    redirectUris: [address],
    // The library's own last page, told whose sign-out it was: so it leads back here.
    postLogoutRedirectUris: [`${origin}/session/end/success?client_id=${ownClientId}`],
    clientUri: address,
    firstParty: true,
    pkceRequired: true,
    scopes: ['openid'],
    leastLevel: '1fa',
    rememberDevice: true,
    idTokenAlg: 'ES256',
  };
}

interface Discovery {
  readonly response_types_supported?: readonly string[];
  readonly token_endpoint_auth_methods_supported?: readonly string[];
}

export interface OwnRequest {
  readonly state: string;
  /** Everything is proved anew, whatever the session holds (OpenID Connect Core 3.1.2.1). */
  readonly proveAgain?: { readonly loginHint: string; readonly acr?: string };
}

/** Address of an authorization request of ours. */
export function ownRequest(client: ClientSettings, { state, proveAgain }: OwnRequest): string {
  const [redirectUri = ''] = client.redirectUris;
  const parameters = new URLSearchParams({
    client_id: client.clientId,
    response_type: 'none',
    scope: 'openid',
    redirect_uri: redirectUri,
    state,
    ...(proveAgain ? { prompt: 'login', login_hint: proveAgain.loginHint } : {}), // guard: proof-anew-prompts
    ...defined({ acr_values: proveAgain?.acr }),
  });
  return `/auth?${parameters}`;
}

/** Address of the page that asks whether to sign out. */
export function ownSignOut(client: ClientSettings): string {
  const [back = ''] = client.postLogoutRedirectUris;
  return `/session/end?${new URLSearchParams({ client_id: client.clientId, post_logout_redirect_uri: back })}`;
}

/** Discovery tells what relying parties are registered with; the library lists all that it takes, and what our own client uses, too. */
export function discoveryForOthers(clients: readonly ClientSettings[]): Middleware {
  const methods = new Set<string>(clients.map(authMethodOf));
  return async (ctx, next) => {
    await next();
    if (ctx.path !== '/.well-known/openid-configuration' || typeof ctx.body !== 'object' || ctx.body === null) return;
    const { token_endpoint_auth_methods_supported: taken, ...listed } = ctx.body as Discovery;
    const used = taken?.filter((method) => methods.has(method)) ?? [];
    const types = listed.response_types_supported?.filter((type) => type !== 'none'); // guard: own-response-type-hidden
    ctx.body = {
      ...listed,
      ...(types ? { response_types_supported: types } : {}),
      // RFC 8414 section 3.2: a list without members is left out.
      ...(used.length > 0 ? { token_endpoint_auth_methods_supported: used } : {}),
    };
  };
}
