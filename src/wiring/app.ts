import Router from '@koa/router';
import type { Context, default as Koa, Middleware } from 'koa';
import { errorBoundary } from '../http/error-boundary.ts';
import { issuerHost } from '../http/issuer-host.ts';
import { ownHost } from '../http/own-host.ts';
import { requestLog } from '../http/request-log.ts';
import { requestTarget } from '../http/request-target.ts';
import { securityHeaders } from '../http/security-headers.ts';
import type { Log } from '../platform/log.ts';
import type { ShownProblem } from '../routes/library-pages.ts';

export interface AppParts {
  /** The library is a Koa application itself: what is used here runs before its own routes. */
  readonly provider: Koa;
  readonly issuer: string;
  readonly trustedProxies: number;
  readonly log: Log;
  readonly isOutage: (error: unknown) => boolean;
  readonly problemPage: (ctx: Context, problem: ShownProblem) => Promise<void>;
  /** Draws templates. */
  readonly views: Middleware;
  readonly assets: Middleware;
  /** Refuses to resume what began in another browser. */
  readonly resumeGuard: Middleware;
  readonly staleSignOut: Middleware;
  readonly signOutRecord: Middleware;
  readonly authorizationLimit: Middleware;
  readonly clientGuesses: Middleware;
  /** How clients say who they are. */
  readonly clientAuthentication: Middleware;
  /** Trims what the library lists. */
  readonly discovery: Middleware;
  /** Writes what a request held back and nothing came for. */
  readonly heldWrites: Middleware;
  readonly routes: readonly ((router: Router) => void)[];
}

/** The order of everything, from the outside in. */
export function assembleApp(parts: AppParts): Koa {
  const { provider: app, issuer, log } = parts;
  const router = new Router({ sensitive: true, strict: true }); // guard: own-paths-small-letters
  router.get('/health', (ctx) => {
    ctx.body = { status: 'ok' };
  });
  for (const mount of parts.routes) mount(router);

  app.use(ownHost({ issuer, trustedProxies: parts.trustedProxies })); // guard: own-host-first
  app.use(requestLog({ log }));
  app.use(securityHeaders({ issuer })); // guard: security-headers-everywhere
  app.use(parts.views);
  app.use(errorBoundary({ renderProblem: parts.problemPage, isOutage: parts.isOutage, log }));
  app.use(requestTarget()); // guard: one-spelling-everywhere
  app.use(issuerHost({ issuer, log }));
  app.use(parts.assets);
  app.use(parts.authorizationLimit);
  app.use(parts.resumeGuard);
  app.use(parts.staleSignOut);
  app.use(parts.signOutRecord);
  app.use(parts.clientGuesses);
  app.use(parts.clientAuthentication);
  app.use(parts.discovery);
  app.use(parts.heldWrites);
  app.use(router.routes());
  return app;
}
