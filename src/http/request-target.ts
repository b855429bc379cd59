import type { Middleware } from 'koa';
import { Problem } from '../platform/problem.ts';

/** What every server should take (RFC 9110 section 4.1). */
const longest = 8000;

/** Where capitals tell one thing from another: ids, and the names of files. */
const named = /^\/(interaction|auth|assets|account\/[a-z]+|link\/[a-z_]+)\/[\w-]+/;
const spelled = /^(?:\/|(?:\/\.?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)+)$/;

/** A stranger's authorization request is kept, sealed, for as long as a sign-in may stay open: how much of it is bounded here (ASVS 2.4.1). */
export function requestTarget(): Middleware {
  return (ctx, next) => {
    if (ctx.originalUrl.length > longest) throw new Problem('too_large', 414); // guard: stored-request-bounded
    return isOwnSpelling(ctx.path) ? next() : undefined; // guard: other-spelling-not-found
  };
}

/**
 * A path has one spelling here. The library's router takes any case and a slash more, and ids decoded (RFC 3986 section 6.2.2): whatever
 * guards an address by its path would be walked around by another spelling of it, which is therefore no address at all.
 */
export function isOwnSpelling(path: string): boolean {
  return spelled.test(path.replace(named, '/$1')); // guard: extra-slash-not-found, capitals-not-found, encoded-letter-not-found
}
