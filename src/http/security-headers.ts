import type { Middleware } from 'koa';
import helmet from 'koa-helmet';

const yearSeconds = 31_536_000;

/**
 * form-action is left out on purpose: Chromium applies it to the redirect that follows a form too, and would stop people on
 * their way back to the client. script-src is named because the provider adds the hashes of its own scripts only there.
 */
const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    'default-src': ["'none'"], // guard: own-resources-alone
    'style-src': ["'self'"],
    'script-src': ["'self'"], // guard: own-scripts-alone
    'img-src': ["'self'", 'data:'],
    'base-uri': ["'none'"], // guard: no-base-element
    'object-src': ["'none'"],
    'frame-ancestors': ["'none'"], // guard: no-framing
  },
};

const unusedAbilities =
  'camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), serial=(), usb=()';

/** Where a sign-in or a sign-out passes, its redirects included. */
const road = /^\/(auth|interaction|session\/end)(\/|$)/;

/** On every answer, errors included. Cache-Control is only a beginning: assets, discovery and keys set their own after it. */
export function securityHeaders({ issuer }: { readonly issuer: string }): Middleware {
  const secure = issuer.startsWith('https:');
  const headers = helmet({
    contentSecurityPolicy,
    crossOriginOpenerPolicy: false,
    // No address of ours reaches another site; `no-referrer` would take the Origin from our own forms.
    referrerPolicy: { policy: 'same-origin' }, // guard: no-referrer
    strictTransportSecurity: secure && { maxAge: yearSeconds, includeSubDomains: true }, // guard: hsts
    xFrameOptions: { action: 'deny' },
  });
  return (ctx, next) =>
    headers(ctx, () => {
      ctx.set('Permissions-Policy', unusedAbilities);
      // A client may have opened the sign-in in a window of its own, which has to tell its opener how it ended.
      if (!road.test(ctx.path)) ctx.set('Cross-Origin-Opener-Policy', 'same-origin'); // guard: opener-isolated
      if (!ctx.path.startsWith('/assets/')) ctx.set('Cache-Control', 'no-store'); // guard: answers-not-stored
      return next();
    });
}
