import { z } from 'zod';

/** As a URL's hostname has it: small letters, an IPv6 address without its brackets. */
const hostName = z.string().regex(/^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|[0-9a-f:.]*:[0-9a-f:.]*)$/, {
  error: 'must be host names or addresses in small letters, without scheme, port or brackets',
});

export const backChannelSettings = z.strictObject({
  allowedPrivateHosts: z
    .array(hostName)
    .describe(
      'Hosts of backchannelLogoutUri that may lie in a private network or on this machine, such as [shop.internal, "10.0.0.7"]. No other may, whatever its name resolves to.',
    ),
  timeoutSeconds: z.int().min(1).max(10).describe('How long a client may take for its answer; it is told again later.'),
});

/** OpenID Connect Back-Channel Logout 1.0 section 2.2: https, and no fragment. Only development sends over plain http, to this very machine. */
export function logoutUriFault(uri: string, environment: string): string | undefined {
  if (uri.includes('#')) return 'must not have a fragment (OpenID Connect Back-Channel Logout 1.0 section 2.2)'; // guard: logout-uri-no-fragment
  const plain = environment === 'production' && !uri.startsWith('https:'); // guard: logout-uri-https
  return plain ? 'must begin with https:// in production' : undefined;
}
