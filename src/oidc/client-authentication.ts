import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, Middleware } from 'koa';
import Provider, { type KoaContextWithOIDC } from 'oidc-provider';
import type { authMethodOf, Clients } from './clients.ts';

// How relying parties say who they are at the endpoints where the library asks (RFC 6749 section 2.3): by the one method
// that a client is registered with. The library itself refuses two methods in one request.

/** Where clients authenticate: those that are off answer 404 all the same. */
const paths: readonly string[] = ['/token', '/token/introspection', '/token/revocation', '/request'];

type Oidc = Partial<KoaContextWithOIDC['oidc']>;

/** The library takes a secret from header and body alike; here the registration decides. Answered as a wrong secret is, so that nothing is told about it. */
export function keepToRegisteredMethod({ Client }: Provider): void {
  const { compareClientSecret } = Client.prototype;
  Client.prototype.compareClientSecret = function registered(actual) {
    const { ctx } = Provider;
    return ctx !== undefined && methodSent(ctx) === this.clientAuthMethod && compareClientSecret.call(this, actual); // guard: client-registered-method
  };
}

/** Reads what clients send loosely, and tells those that use another method than their own which one that is. */
export function clientAuthentication(clients: Clients): Middleware {
  return async (ctx, next) => {
    if (ctx.method !== 'POST' || !paths.includes(ctx.path)) return next();
    const { authorization } = ctx.headers;
    if (authorization !== undefined) ctx.headers.authorization = encoded(authorization, clients);
    await next();
    const { client } = oidcOf(ctx);
    const registered = client?.clientAuthMethod;
    if (ctx.status !== 401 || registered === undefined || methodSent(ctx) === registered) return;
    const description = `this client is registered with the token_endpoint_auth_method ${registered}`;
    ctx.body = { ...(ctx.body as object), error_description: description };
  };
}

/** Whether a client showed its secret twice in one request, which is refused and counts as one guess. */
export function showedTwoSecrets(ctx: Context): boolean {
  return ctx.status === 400 && ctx.headers.authorization !== undefined && sentInBody(ctx); // guard: two-secrets-one-guess
}

/**
 * RFC 6749 section 2.3.1 wants both halves form-encoded, which many clients leave out. A secret as it stands is encoded here, where it
 * could not be read otherwise, or where it is the right one: then `+` and `%` in it arrive as what they are.
 */
function encoded(authorization: string, clients: Clients): string {
  const [, base64 = ''] = /^basic ([\w+/=]+)$/i.exec(authorization) ?? [];
  const [, id = '', raw = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(base64, 'base64').toString()) ?? [];
  const secret = clients.get(id)?.secret;
  if (raw === '' || (isFormEncoded(raw) && !(secret !== undefined && isSame(raw, secret)))) return authorization;
  return `Basic ${Buffer.from(`${id}:${encodeURIComponent(raw)}`).toString('base64')}`;
}

function isFormEncoded(text: string): boolean {
  return !/%(?![0-9a-f]{2})/i.test(text) && /^[\x20-\x7e]*$/.test(text);
}

function isSame(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return first !== undefined && second !== undefined && timingSafeEqual(first, second); // guard: secret-read-as-is
}

function methodSent(ctx: Pick<Context, 'headers'>): ReturnType<typeof authMethodOf> {
  if (ctx.headers.authorization !== undefined) return 'client_secret_basic';
  return sentInBody(ctx) ? 'client_secret_post' : 'none';
}

function sentInBody(ctx: object): boolean {
  return Boolean(oidcOf(ctx).params?.client_secret);
}

/** The library's view of the request; nothing before it has begun. */
function oidcOf(ctx: object): Oidc {
  return (ctx as { readonly oidc?: Oidc }).oidc ?? {};
}
