import * as client from 'openid-client';
import type { ClientSettings } from '../../src/config/config.ts';

export type AuthorizeOptions = Readonly<Record<string, string>>;

/** What the relying party remembers between sending somebody off and seeing them come back. */
export interface Journey {
  readonly url: URL;
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
}

/** A relying party on openid-client, as a developer would write it. */
export interface RelyingParty {
  readonly settings: ClientSettings;
  begin(options?: AuthorizeOptions): Promise<Journey>;
  /** Redeems the callback's code; checks state, nonce, issuer, signature. */
  redeem(journey: Journey, callback: URL): Promise<Tokens>;
  refresh(refreshToken: string): Promise<Tokens>;
  userinfo(tokens: Tokens): Promise<client.UserInfoResponse>;
  signOutUrl(tokens: Tokens, options?: AuthorizeOptions): Promise<URL>;
  configuration(): Promise<client.Configuration>;
}

export type Tokens = client.TokenEndpointResponse & client.TokenEndpointResponseHelpers;

export function relyingParty({
  issuer,
  origin = issuer,
  settings,
}: {
  readonly issuer: string;
  /** Where the issuer's requests really go. */
  readonly origin?: string;
  readonly settings: ClientSettings;
}): RelyingParty {
  let discovered: Promise<client.Configuration> | undefined;
  const auth = authenticationOf(settings);
  const configuration = () => {
    discovered ??= client.discovery(new URL(issuer), settings.clientId, undefined, auth, {
      execute: [client.allowInsecureRequests],
      [client.customFetch]: (url, options) => fetch(url.replace(issuer, origin), options as RequestInit),
    });
    return discovered;
  };
  const redirectUri = settings.redirectUris[0] ?? '';
  return {
    settings,
    configuration,
    async begin(options = {}) {
      const verifier = client.randomPKCECodeVerifier();
      const [state, nonce] = [client.randomState(), client.randomNonce()];
      const parameters = {
        redirect_uri: redirectUri,
        scope: 'openid email',
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
        ...options,
      };
      return { url: client.buildAuthorizationUrl(await configuration(), parameters), verifier, state, nonce };
    },
    async redeem({ verifier, state, nonce }, callback) {
      const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
      return client.authorizationCodeGrant(await configuration(), callback, checks);
    },
    refresh: async (refreshToken) => client.refreshTokenGrant(await configuration(), refreshToken),
    userinfo: async (tokens) =>
      client.fetchUserInfo(await configuration(), tokens.access_token, tokens.claims()?.sub ?? ''),
    async signOutUrl(tokens, options = {}) {
      const parameters = {
        id_token_hint: tokens.id_token ?? '',
        post_logout_redirect_uri: settings.postLogoutRedirectUris[0] ?? '',
        ...options,
      };
      return client.buildEndSessionUrl(await configuration(), parameters);
    },
  };
}

function authenticationOf({ secret, tokenEndpointAuthMethod: method }: ClientSettings): client.ClientAuth {
  if (secret === undefined) return client.None();
  return method === 'client_secret_post' ? client.ClientSecretPost(secret) : client.ClientSecretBasic(secret);
}
