import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Log } from '../platform/log.ts';
import type { Origin } from '../platform/origin.ts';
import { type Events, eventSubject } from '../protection/events.ts';

interface Deps {
  readonly log: Log;
  readonly events: Events;
  readonly origin: (ctx: KoaContextWithOIDC) => Origin;
  readonly now: () => Date;
}

interface LibraryError extends Error {
  readonly statusCode?: number;
  readonly error_detail?: string;
}

/** What the library answers by itself is told to our log, and a code or refresh token used twice to the audit. */
export function libraryReports({ log, events, origin, now }: Deps) {
  return (ctx: KoaContextWithOIDC, error: LibraryError): void => {
    const { requestId } = ctx.state;
    if ((error.statusCode ?? 500) >= 500) log.error({ requestId, err: error }, 'the library failed');
    else log.info({ requestId, problem: error.message, detail: error.error_detail }, 'the library refused');
    if (isReuse(error))
      void recordReuse(ctx).catch((cause) => log.error({ requestId, err: cause }, 'an event was lost'));
  };

  async function recordReuse(ctx: KoaContextWithOIDC): Promise<void> {
    await noteHolder(ctx);
    const { client, refreshToken, authorizationCode } = ctx.oidc;
    const accountId = (refreshToken ?? authorizationCode)?.accountId;
    await events.append({
      at: now(),
      kind: 'code_reuse',
      result: 'failure',
      detail: refreshToken ? 'refresh_token' : 'code',
      ...eventSubject({ accountId, clientId: client?.clientId, origin: origin(ctx) }),
    });
  }
}

/**
 * The library's question before it revokes what a used code gave: afterwards nobody could say whose code it was. Always: yes, the
 * grant too. (Its own default says no for a lone access token at the revocation route, which is off here.)
 */
export async function noteHolder(ctx: KoaContextWithOIDC): Promise<boolean> {
  const { oidc } = ctx;
  const code = oidc.route === 'token' ? oidc.params?.code : undefined;
  if (typeof code !== 'string' || oidc.authorizationCode) return true;
  const found = await oidc.provider.AuthorizationCode.find(code, { ignoreExpiration: true });
  if (found) oidc.entity('AuthorizationCode', found);
  return true;
}

/** RFC 9700 section 4.14.2: somebody holds a copy. */
function isReuse({ error_detail: detail = '' }: LibraryError): boolean {
  return /already (consumed|used)|consumed before/.test(detail);
}
