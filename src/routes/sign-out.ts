import type { Middleware } from 'koa';
import { originOf } from '../http/origin.ts';
import type { LibrarySession } from '../oidc/sign-out.ts';
import { endedSession } from '../oidc/sign-out.ts';
import { hashId } from '../platform/hash.ts';
import type { Events } from '../protection/events.ts';
import type { Sessions } from '../sign-in/sessions.ts';

interface Deps {
  readonly sessions: Sessions;
  readonly events: Events;
  readonly now: () => Date;
}

/** When the library has ended a session, so does its record: the cookie is worth nothing, whoever kept a copy (ASVS 7.4.1). */
export function signOutRecord(deps: Deps): Middleware {
  return async (ctx, next) => {
    await next();
    const ended = endedSession(ctx);
    if (ended) await recordSignOut(deps, ctx, ended);
  };
}

export async function recordSignOut(
  { sessions, events, now }: Deps,
  ctx: Parameters<Middleware>[0],
  session: LibrarySession,
): Promise<void> {
  await sessions.end(hashId(session.uid));
  const client = session.clientId === undefined ? {} : { clientId: session.clientId };
  await events.append({
    at: now(),
    kind: 'sign_out',
    result: 'success',
    accountId: session.accountId,
    ...client,
    ...originOf(ctx),
  });
}
