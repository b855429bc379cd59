import type { Configuration } from 'oidc-provider';

type Cookies = NonNullable<Configuration['cookies']>;

/**
 * Names and flags (RFC 6265bis section 4.1.3). Under https the session is `__Host-`. The interaction's and the resume's have a
 * path of their own, where a browser drops a `__Host-` cookie and nobody could sign in: those are `__Secure-`.
 */
export function cookieSettings(issuer: string, keys: readonly string[]): Cookies {
  const secure = issuer.startsWith('https:');
  const flags = { httpOnly: true, sameSite: 'lax', secure, signed: true } as const; // guard: session-cookie-http-only, session-cookie-same-site, session-cookie-secure, cookies-signed
  const name = (prefix: string, plain: string) => (secure ? `${prefix}${plain}` : plain);
  return {
    names: {
      session: name('__Host-', 'twofold_session'), // guard: session-cookie-host
      interaction: name('__Secure-', 'twofold_interaction'),
      resume: name('__Secure-', 'twofold_resume'),
    },
    long: flags,
    short: flags,
    keys: [...keys],
  };
}
