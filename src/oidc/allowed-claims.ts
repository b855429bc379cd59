import { type ClaimsParameter, type Client, errors, type KoaContextWithOIDC } from 'oidc-provider';
import { claimsByScope } from './claims-by-scope.ts';

/** Told about the sign-in itself: no scope holds them, and no one's consent is asked for them. */
export const ofTheSignIn: readonly string[] = ['sub', 'sid', 'acr', 'amr', 'auth_time', 'remembered_since', 'iss'];

/** What a client may be told about somebody at all: by its scopes, whichever way it asks. */
export function allowedClaims(client: Pick<Client, 'scope'> | undefined): readonly string[] {
  const scopes = client?.scope?.split(' ') ?? [];
  return Object.entries(claimsByScope).flatMap(([scope, names]) => (scopes.includes(scope) ? names : []));
}

/**
 * The claims parameter asks for no more than the client's scopes hold. What is beyond them is left out in silence, as any claim may be
 * (OpenID Connect Core 5.5.1), before anybody else reads the parameter: consent shows what is left, and that is what is released.
 */
export function leaveOutClaims(ctx: KoaContextWithOIDC, requested: ClaimsParameter, client: Client): void {
  const members = [requested.userinfo, requested.id_token].flatMap((member) => Object.values(member ?? {}));
  if (!members.every(isAsked))
    // guard: empty-claims-member-refused
    throw new errors.InvalidRequest('members of the claims parameter must be null or objects');
  const allowed = [...ofTheSignIn, ...allowedClaims(client)];
  const within = (member: object | undefined) =>
    member && Object.fromEntries(Object.entries(member).filter(([name]) => allowed.includes(name))); // guard: claims-parameter-within-scopes
  const left = { userinfo: within(requested.userinfo), id_token: within(requested.id_token) };
  if (ctx.oidc.params) ctx.oidc.params.claims = JSON.stringify(left);
}

/** OpenID Connect Core 5.5.1: null, or what is wanted of the claim. */
function isAsked(value: unknown): boolean {
  return value === null || (typeof value === 'object' && !Array.isArray(value));
}
