import type Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import getRawBody from 'raw-body';
import { isSameOrigin } from '../http/forgery.ts';
import { originOf } from '../http/origin.ts';
import type { LibrarySession } from '../oidc/sign-out.ts';
import { afterStaleSignOut, askSignOut, endedSession, signOutPath } from '../oidc/sign-out.ts';
import { hashId } from '../platform/hash.ts';
import { Problem } from '../platform/problem.ts';
import { type Events, eventSubject } from '../protection/events.ts';
import type { Sessions } from '../sign-in/sessions.ts';

interface Deps {
  readonly sessions: Sessions;
  readonly events: Events;
  readonly now: () => Date;
}

/** RP-Initiated Logout 1.0 section 2. */
const parameters = ['id_token_hint', 'logout_hint', 'client_id', 'post_logout_redirect_uri', 'state', 'ui_locales'];

/** No longer than an address may be, which it becomes. */
const mostBytes = 8000;

/**
 * RP-Initiated Logout 1.0 section 2: POST asks like GET, and is led to it. A form of another site comes without our cookies
 * (`SameSite=Lax`); the GET that follows has them, and only asks.
 */
export function signOutRoutes(router: Router): void {
  router.post(signOutPath, async (ctx) => {
    // Every parameter is optional: where there is no body there is no type of it either.
    if (ctx.request.type !== '' && !ctx.is('application/x-www-form-urlencoded')) throw new Problem('bad_request', 415);
    const given = [...new URLSearchParams(await readText(ctx))].filter(([name]) => parameters.includes(name)); // guard: posted-sign-out-parameters
    ctx.status = 303;
    ctx.redirect(askSignOut(given));
  });
}

async function readText({ req }: Context): Promise<string> {
  try {
    return await getRawBody(req, { limit: mostBytes, encoding: 'utf-8' });
  } catch (cause) {
    const tooLarge = (cause as { type?: string }).type === 'entity.too.large';
    throw tooLarge ? new Problem('too_large', 413) : new Problem('bad_request', 400, { cause });
  }
}

/** The question of an older tab: whoever is signed out by now is told so, anybody else is asked again. Nothing is ended by it. */
export function staleSignOut({ issuer }: { readonly issuer: string }): Middleware {
  const { origin } = new URL(issuer);
  return async (ctx, next) => {
    await next();
    const onwards = afterStaleSignOut(ctx);
    if (onwards === undefined || !isSameOrigin(ctx, origin)) return; // guard: foreign-sign-out-ignored
    ctx.body = null;
    ctx.status = 303;
    ctx.redirect(onwards);
  };
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
  await sessions.end(hashId(session.uid), now()); // guard: ended-session-record-gone
  await events.append({
    at: now(),
    kind: 'sign_out',
    result: 'success',
    ...eventSubject({ ...session, origin: originOf(ctx) }),
  });
}
