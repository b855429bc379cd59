import type { Configuration } from 'oidc-provider';
import type { Config } from '../config/config.ts';

type Ttl = NonNullable<Configuration['ttl']>;

const day = 86_400;

/** Every lifetime in seconds; one that is left out would be the library's own. */
export function lifetimes({
  session,
  tokens,
  interactionSeconds,
}: Pick<Config, 'session' | 'tokens' | 'interactionSeconds'>): Ttl {
  return {
    Session: (_ctx, stored) => sessionSeconds(session, stored),
    Interaction: interactionSeconds,
    AuthorizationCode: tokens.codeSeconds,
    AccessToken: tokens.accessSeconds,
    IdToken: tokens.idSeconds,
    // Rotation never moves the end: the next token lives as long as the one it replaces still had.
    RefreshToken: (ctx) => Math.max(1, ctx?.oidc?.entities.RotatedRefreshToken?.remainingTTL ?? tokens.refreshSeconds), // guard: refresh-rotation-keeps-end
    // A grant outlives every refresh token that a session may still ask for.
    Grant: tokens.refreshSeconds + Math.max(session.staySignedInSeconds, session.absoluteSeconds) + day,
    ClientCredentials: tokens.accessSeconds,
    DeviceCode: interactionSeconds,
    BackchannelAuthenticationRequest: interactionSeconds,
  };
}

interface KeptSession {
  readonly accountId?: string | undefined;
  readonly loginTs?: number | undefined;
  readonly transient?: boolean | undefined;
}

/** How long a session lives from this request on. */
export function sessionSeconds(rules: Config['session'], { accountId, loginTs, transient }: KeptSession): number {
  if (!accountId || !loginTs) return rules.idleSeconds;
  const age = Math.floor(Date.now() / 1000) - loginTs;
  const left = transient ? Math.min(rules.idleSeconds, rules.absoluteSeconds - age) : rules.staySignedInSeconds - age; // guard: session-idle-hour, library-session-absolute-end
  // Below 1 the library answers 500 with a live code in Location; the policy refuses what is over.
  return Math.max(1, left); // guard: ending-session-no-500
}
