import type { Middleware } from 'koa';
import { Problem } from '../platform/problem.ts';

/** What every server should take (RFC 9110 section 4.1). */
const longest = 8000;

/** A stranger's authorization request is kept, sealed, for as long as a sign-in may stay open: how much of it is bounded here (ASVS 2.4.1). */
export function requestTarget(): Middleware {
  return (ctx, next) => {
    if (ctx.originalUrl.length > longest) throw new Problem('too_large', 414);
    return next();
  };
}
