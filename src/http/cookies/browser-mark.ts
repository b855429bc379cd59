import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { hashId } from '../../platform/hash.ts';
import { randomId } from '../../platform/random.ts';
import { hostCookie } from './own-cookie.ts';

/** Koa's context, ours or the library's. */
interface Incoming {
  readonly req: { readonly headers: IncomingHttpHeaders };
  readonly cookies: { set(name: string, value: string, flags: object): unknown };
}

export interface BrowserMarks {
  /** SHA-256 of this browser's mark, which is made where it has none: what begins here goes on here alone. */
  begun(ctx: Incoming): string;
  /** Whether that mark is one of this browser's. */
  holds(ctx: Incoming, hash: string | undefined): boolean;
}

/**
 * What a sibling host plants by `Domain=` (the interaction's and the resume's cookies are `__Secure-`), this one cannot be:
 * `__Host-`. A mark is never replaced, and each is a cookie of its own: of two tabs that begin at once in a browser without
 * one both keep theirs.
 */
export function browserMarks({ issuer }: { readonly issuer: string }): BrowserMarks {
  const { name, flags } = hostCookie({ name: 'twofold_mark_', issuer });
  const pattern = new RegExp(`^${name}[\\w-]{8}=([\\w-]{43})$`);

  function marksOf({ req }: Incoming): readonly string[] {
    const pairs = req.headers.cookie?.split(/; */) ?? [];
    return pairs.flatMap((pair) => pattern.exec(pair)?.[1] ?? []);
  }

  return {
    begun(ctx) {
      const [oldest] = marksOf(ctx);
      if (oldest !== undefined) return hashId(oldest); // guard: mark-kept-for-attempts
      const made = randomId(32); // guard: mark-random
      ctx.cookies.set(`${name}${randomId(6)}`, made, flags); // guard: mark-cookie-flags
      return hashId(made);
    },
    holds: (ctx, hash) => hash !== undefined && marksOf(ctx).some((mark) => same(hashId(mark), hash)), // guard: mark-own-browser, no-mark-nobody
  };
}

function same(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right); // guard: mark-compared-constant-time
}
