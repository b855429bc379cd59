import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Middleware } from 'koa';

declare module 'koa' {
  interface DefaultState {
    /** The Host the browser really used; for the DNS rebinding check of development routes and nothing else. */
    originalHost?: string;
  }
}

export interface OwnHostOptions {
  readonly issuer: string;
  readonly trustedProxies: number;
}

/**
 * Must be the first middleware, in an application with `proxy = true` and `maxIpsCount = trustedProxies`: whatever Host,
 * Forwarded or absolute request target came in, every later reader (Koa, a second context of the same request, the
 * provider) finds the issuer's, so that no address in a page, a mail or a store is made of a stranger's words.
 */
export function ownHost({ issuer, trustedProxies }: OwnHostOptions): Middleware {
  const { host, protocol } = new URL(issuer);
  return (ctx, next) => {
    const { req } = ctx;
    ctx.state.originalHost = req.headers.host ?? '';
    dropClaims(req.headers, trustedProxies); // guard: forwarded-makes-no-address
    req.headers.host = host; // guard: host-makes-no-address
    req.headers['x-forwarded-proto'] = protocol.slice(0, -1); // guard: protocol-of-issuer
    ctx.originalUrl = ctx.request.originalUrl = withoutOrigin(req);
    return next();
  };
}

function dropClaims(headers: IncomingHttpHeaders, trustedProxies: number): void {
  for (const name of Object.keys(headers)) {
    const claims = name.startsWith('x-forwarded-') || name === 'forwarded' || name === 'x-real-ip';
    if (claims && !(name === 'x-forwarded-for' && trustedProxies > 0)) delete headers[name]; // guard: forwarded-for-needs-proxy
  }
}

/** `GET http://evil/path HTTP/1.1` (RFC 9112 section 3.2.2): Koa would take the whole target for its own address. */
function withoutOrigin(req: IncomingMessage): string {
  const target = req.url ?? '/';
  if (target.startsWith('/')) return target; // guard: absolute-target-makes-no-address
  const url = URL.parse(target);
  req.url = url ? `${url.pathname.startsWith('/') ? '' : '/'}${url.pathname}${url.search}` : '/';
  return req.url;
}
