import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';

/** Without `sid` every session of that person is over. */
export interface EndedSession {
  readonly sub: string | undefined;
  readonly sid: string | undefined;
}

interface Provider {
  readonly jwks_uri?: string;
  readonly id_token_signing_alg_values_supported?: readonly string[];
}

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';
const mostRemembered = 10_000;

/** The checks of OpenID Connect Back-Channel Logout 1.0 section 2.6, each of which throws. */
export function logoutTokenReader({ issuer, clientId }: { readonly issuer: string; readonly clientId: string }) {
  const seen = new Set<string>();
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined;
  return async (token: string, provider: Provider): Promise<EndedSession> => {
    keys ??= createRemoteJWKSet(new URL(provider.jwks_uri ?? ''));
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience: clientId,
      // An ID token or an access token is signed by the same keys, and says something else.
      typ: 'logout+jwt',
      algorithms: [...(provider.id_token_signing_alg_values_supported ?? [])],
      requiredClaims: ['iat', 'exp', 'jti', 'events'],
    });
    const { sub, sid, jti, events } = payload as JWTPayload & { readonly sid?: unknown; readonly events?: unknown };
    if (typeof events !== 'object' || events === null || !(logoutEvent in events)) throw new Error('says no logout');
    if ('nonce' in payload) throw new Error('has a nonce, as an ID token has');
    if (sub === undefined && typeof sid !== 'string') throw new Error('names nobody');
    if (seen.has(String(jti))) throw new Error('was used before');
    remember(seen, String(jti));
    return { sub, sid: typeof sid === 'string' ? sid : undefined };
  };
}

/** The provider's keys could not be read: nothing is said about the token. */
export function withoutKeys(cause: unknown): boolean {
  if (cause instanceof errors.JOSEError)
    return cause instanceof errors.JWKSTimeout || cause.code === 'ERR_JOSE_GENERIC';
  return cause instanceof TypeError;
}

/** A token is good for minutes; by then far fewer have come. */
function remember(seen: Set<string>, jti: string): void {
  seen.add(jti);
  for (const oldest of seen) {
    if (seen.size <= mostRemembered) return;
    seen.delete(oldest);
  }
}
