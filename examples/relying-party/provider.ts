import * as oidc from 'openid-client';
import type { RelyingPartyOptions } from './app.ts';
import { type EndedSession, logoutTokenReader, withoutKeys } from './logout-token.ts';

/** `create` leads straight to registration, `login` asks for a fresh sign-in (OpenID Connect Core 3.1.2.1). */
export type Prompt = 'login' | 'create';

/** What only this browser's session may know of a sign-in under way. */
export interface Secrets {
  readonly codeVerifier: string;
  readonly nonce: string;
}

export interface Person {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly email: string | undefined;
  /** Kept for signing out: it tells the provider whose session is to end. */
  readonly idToken: string;
}

/** The provider refused, did not answer, or sent something that may not be believed. The message is for people. */
export class ProviderProblem extends Error {
  readonly status: number;
  constructor(message: string, status = 400, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** The four steps of the authorization code flow with PKCE, each one call of openid-client. */
export function connectProvider({ issuer, clientId, clientSecret, ownUrl }: RelyingPartyOptions) {
  const redirectUri = `${ownUrl}/callback`;
  const configuration = discoverOnce({ issuer, clientId, clientSecret });
  const readLogoutToken = logoutTokenReader({ issuer, clientId });

  return {
    async begin(prompt?: Prompt) {
      const config = await configuration();
      const secrets: Secrets = { codeVerifier: oidc.randomPKCECodeVerifier(), nonce: oidc.randomNonce() };
      const state = oidc.randomState();
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid profile email',
        state,
        nonce: secrets.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(secrets.codeVerifier),
        code_challenge_method: 'S256',
        ...(prompt && { prompt }),
      });
      return { url: url.href, state, secrets };
    },

    /** Checks state, issuer, nonce and the ID token's signature, audience and times; anything wrong throws. */
    async finish(callback: URL, state: string, { codeVerifier, nonce }: Secrets): Promise<Person> {
      const config = await configuration();
      try {
        const tokens = await oidc.authorizationCodeGrant(config, callback, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: codeVerifier,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (claims === undefined || tokens.id_token === undefined) throw new Error('no ID token');
        const userinfo = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
        return { claims, email: userinfo.email, idToken: tokens.id_token };
      } catch (error) {
        throw explained(error);
      }
    },

    /** Which session of whom the provider says is over; throws where it is not the provider that says so. */
    async endedSession(logoutToken: string): Promise<EndedSession> {
      const config = await configuration();
      try {
        return await readLogoutToken(logoutToken, config.serverMetadata());
      } catch (cause) {
        // What is refused with 400 is never told again.
        throw new ProviderProblem('The logout token cannot be believed.', withoutKeys(cause) ? 503 : 400, { cause });
      }
    },

    async signOutUrl(idToken: string): Promise<string> {
      const config = await configuration();
      return oidc.buildEndSessionUrl(config, { id_token_hint: idToken, post_logout_redirect_uri: `${ownUrl}/` }).href;
    },
  };
}

/** The provider may come up after us: nothing is asked before the first sign-in, and a failure is asked again at the next. */
function discoverOnce({ issuer, clientId, clientSecret }: Omit<RelyingPartyOptions, 'ownUrl'>) {
  let discovered: Promise<oidc.Configuration> | undefined;
  const execute = [oidc.enableNonRepudiationChecks];
  // Plain http is for development on one machine; nothing but https may be used between machines.
  if (new URL(issuer).protocol === 'http:') execute.push(oidc.allowInsecureRequests);
  return async (): Promise<oidc.Configuration> => {
    discovered ??= oidc.discovery(new URL(issuer), clientId, undefined, oidc.ClientSecretBasic(clientSecret), {
      execute,
    });
    try {
      return await discovered;
    } catch (cause) {
      discovered = undefined;
      throw new ProviderProblem(`The identity provider at ${issuer} does not answer. Try again soon.`, 503, { cause });
    }
  };
}

function explained(cause: unknown): ProviderProblem {
  if (cause instanceof oidc.AuthorizationResponseError || cause instanceof oidc.ResponseBodyError) {
    const description = cause.error_description === undefined ? '' : `: ${cause.error_description}`;
    return new ProviderProblem(`The identity provider answered ${cause.error}${description}`, 400, { cause });
  }
  const reason = cause instanceof Error ? cause.message : 'unknown';
  return new ProviderProblem(`The identity provider's answer could not be used: ${reason}`, 502, { cause });
}
