import type { ClientMetadata } from 'oidc-provider';
import { type ClientSettings, ownClientId } from '../config/config.ts';
import { defined } from '../platform/defined.ts';
import { isNative } from './native-redirects.ts';

/** The relying parties of the configuration and our own, by client_id. */
export type Clients = ReadonlyMap<string, ClientSettings>;

/** No setting can take the place of our own: it comes last. */
export function clientsById(settings: readonly ClientSettings[], own: ClientSettings): Clients {
  return new Map([...settings, own].map((client) => [client.clientId, client]));
}

/** How a client says who it is (RFC 7591 section 2). */
export function authMethodOf({
  secret,
  tokenEndpointAuthMethod,
}: Pick<ClientSettings, 'secret' | 'tokenEndpointAuthMethod'>): NonNullable<ClientSettings['tokenEndpointAuthMethod']> {
  return tokenEndpointAuthMethod ?? (secret === undefined ? 'none' : 'client_secret_basic'); // guard: client-secret-needed
}

/** Client metadata as OpenID Connect Dynamic Client Registration 1.0 section 2 names it. Only the code flow exists here, and what our own client asks for. */
export function clientMetadata(client: ClientSettings): ClientMetadata {
  const refreshes = client.scopes.includes('offline_access');
  return {
    client_id: client.clientId,
    client_name: client.name,
    redirect_uris: [...client.redirectUris],
    post_logout_redirect_uris: [...client.postLogoutRedirectUris],
    ...(client.clientId === ownClientId
      ? ownFlow
      : {
          response_types: ['code'],
          grant_types: refreshes ? ['authorization_code', 'refresh_token'] : ['authorization_code'],
        }),
    scope: client.scopes.join(' '), // guard: client-registered-scopes
    id_token_signed_response_alg: client.idTokenAlg,
    token_endpoint_auth_method: authMethodOf(client),
    // A token without sid signs the person out of all that the client has, not of the session that ended.
    ...(client.backchannelLogoutUri === undefined
      ? {}
      : { backchannel_logout_session_required: client.backchannelLogoutSessionRequired ?? true }),
    application_type: isNative(client) ? 'native' : 'web',
    ...defined({
      client_secret: client.secret,
      backchannel_logout_uri: client.backchannelLogoutUri,
      client_uri: client.clientUri,
      initiate_login_uri: client.initiateLoginUri,
      policy_uri: client.policyUri,
      tos_uri: client.tosUri,
    }),
  };
}

/** A sign-in, and nothing that could be redeemed (OAuth 2.0 Multiple Response Type Encoding Practices section 4). */
const ownFlow = { response_types: ['none'], grant_types: [] } satisfies Partial<ClientMetadata>;

/** Where a page may lead back to when the authorization request itself is gone. */
export function wayBack(
  client: ClientSettings | undefined,
): { readonly name: string; readonly uri?: string } | undefined {
  if (!client) return undefined;
  const uri = client.initiateLoginUri ?? client.clientUri;
  return { name: client.name, ...defined({ uri }) };
}
