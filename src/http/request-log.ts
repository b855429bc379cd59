import type { Middleware } from 'koa';
import type { Log } from '../platform/log.ts';
import { randomId } from '../platform/random.ts';
import { clientAddress } from './client-address.ts';

declare module 'koa' {
  interface DefaultState {
    /** The reference people read on a problem page and search the log for. */
    requestId?: string;
  }
  interface DefaultContext {
    /** Writes with the request's id. */
    log: Log;
  }
}

const longestPath = 200;

/** One line per request. The id is ours: one taken from the request could be chosen to hide among another's lines. */
export function requestLog({ log }: { readonly log: Log }): Middleware {
  return async (ctx, next) => {
    const begun = performance.now();
    const requestId = randomId(9); // guard: request-id-ours
    ctx.state.requestId = requestId;
    ctx.log = log.child({ requestId });
    ctx.set('X-Request-Id', requestId);
    const { method, path } = ctx; // guard: query-not-logged
    let status = 500;
    try {
      await next();
      status = ctx.status;
    } finally {
      const milliseconds = Math.round((performance.now() - begun) * 10) / 10;
      ctx.log.info({ method, path: shownPath(path), status, milliseconds, address: clientAddress(ctx) }, 'request');
    }
  };
}

/**
 * Without the query, which holds codes and states, and without the uid, which is half of what resumes a sign-in. Logged before
 * anything refused another spelling of the address: so whatever its case, its slashes and its encoded letters.
 */
export function shownPath(path: string): string {
  const plain = path.replace(/%.*/s, '…'); // guard: uid-not-logged-encoded
  const named = plain.replace(/(\/(?:interaction|auth)[/.]+)[^/]+/gi, '$1:uid'); // guard: uid-not-logged, uid-not-logged-any-case
  return named.replace(/\/link[/.].*/gis, withoutToken).slice(0, longestPath); // guard: link-token-not-logged
}

/** Below the addresses of mailed links every part but our own words is one, or a piece of one. */
function withoutToken(path: string): string {
  return path.replace(/[^/.]+/g, (part) => (/^[a-z_-]{1,20}$/.test(part) ? part : ':token'));
}
