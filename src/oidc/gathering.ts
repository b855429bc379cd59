import type { Middleware } from 'koa';
import Provider from 'oidc-provider';

/** Routes that give a code, which save their session last, and the one that gives tokens for it. */
const gathering: readonly (string | undefined)[] = ['authorization', 'resume', 'token'];

/** The request that is under way, where its writes may wait for one another. */
export function gatheringRequest(): object | undefined {
  const ctx = Provider.ctx;
  return gathering.includes(ctx?.oidc.route) ? ctx : undefined;
}

/** A request may end before what its writes waited for: a code that is refused is consumed all the same. */
export function endGathering(end: (request: object) => Promise<void>): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } finally {
      await end(ctx);
    }
  };
}
