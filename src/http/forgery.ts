import type { Context } from 'koa';
import type { Cipher } from '../platform/cipher.ts';
import { Problem } from '../platform/problem.ts';

export interface Forgery {
  /** Stands as a hidden field in every form of this interaction. */
  token(uid: string): string;
  /** Throws `form_old` (403) unless the request came from a page of ours for this very interaction. */
  assert(ctx: Context, uid: string, token: string | undefined): void;
  /** What the browser says of it, before the form is read. */
  isOurs(ctx: Context): boolean;
}

const context = 'forgery';

/** Two independent walls against foreign forms (ASVS 5.0, 3.5.1): a keyed token, and what the browser says of the request's origin. */
export function createForgery({ cipher, issuer }: { readonly cipher: Cipher; readonly issuer: string }): Forgery {
  const own = new URL(issuer).origin;
  return {
    token: (uid) => cipher.mac(uid, context),
    assert(ctx, uid, token) {
      const known = token !== undefined && cipher.matchesMac(token, uid, context);
      if (!known || !isSameOrigin(ctx, own)) throw new Problem('form_old', 403); // guard: forgery-token-own-interaction, form-from-own-page
    },
    isOurs: (ctx) => isSameOrigin(ctx, own),
  };
}

/**
 * Our own `Referrer-Policy: same-origin` keeps the origin of a form of ours (Fetch, "append a request Origin header"). A browser
 * that tells `null` all the same, as a sandboxed frame elsewhere does, is judged by `Sec-Fetch-Site`, which no page can set;
 * where that is not told either (older ones, names without https) the keyed token decides.
 */
export function isSameOrigin(ctx: Context, own: string): boolean {
  const origin = ctx.get('Origin');
  const site = ctx.get('Sec-Fetch-Site');
  if (origin === 'null') return ['', 'same-origin'].includes(site); // guard: null-origin-not-ours
  return ['', own].includes(origin) && ['', 'same-origin', 'none'].includes(site); // guard: cross-site-form-refused
}
