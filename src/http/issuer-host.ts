import type { Middleware } from 'koa';
import type { Log } from '../platform/log.ts';

/** Said once in an address that was led here. */
const mark = 'twofold_host';

/** What people and clients' links begin with; whatever comes after it stays under the name it began with. */
const entrances = /^\/(auth|account(\/.*)?|session\/end)?$/;

/**
 * Under another name than the issuer's cookies and forms come to nothing: whoever begins there is led to the issuer's first.
 * Once for each request, whatever a proxy makes of Host: one that never passes it on would else send people in circles.
 */
export function issuerHost({ issuer, log }: { readonly issuer: string; readonly log: Log }): Middleware {
  const { origin, hostname } = new URL(issuer);
  let warned = false;

  function tellOnce(): void {
    if (!warned)
      log.warn('requests come under another host name than that of the issuer: the proxy does not pass Host on');
    warned = true;
  }

  return (ctx, next) => {
    const name = nameOf(ctx.state.originalHost);
    if (name === undefined || name === hostname || !entrances.test(ctx.path)) return next();
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return next();
    if (new URLSearchParams(ctx.querystring).has(mark)) {
      // guard: issuer-redirect-no-loop
      tellOnce();
      return next();
    }
    const query = ctx.querystring === '' ? '' : `${ctx.querystring}&`;
    ctx.status = 303;
    ctx.redirect(`${origin}${ctx.path}?${query}${mark}=issuer`); // guard: issuer-redirect-own-name
    // Koa's own page would hold the query once more, and what somebody put there by mistake, such as a client's secret.
    ctx.body = '';
  };
}

/** Ports are not compared: a proxy often drops or adds one, and cookies know none. Undefined: nobody said a name. */
function nameOf(host = ''): string | undefined {
  return URL.parse(`http://${host}`)?.hostname;
}
