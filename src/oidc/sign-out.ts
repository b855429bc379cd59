export interface LibrarySession {
  readonly uid: string;
  readonly accountId: string;
  readonly clientId?: string;
}

interface LibraryContext {
  readonly route?: string;
  readonly session?: { readonly uid: string; readonly accountId?: string; readonly destroyed?: boolean };
  readonly client?: { readonly clientId: string };
}

/** The session that this request's sign-out ended; undefined where the person stayed signed in, or was not. */
export function endedSession(ctx: object): LibrarySession | undefined {
  const { oidc } = ctx as { readonly oidc?: LibraryContext };
  if (oidc?.route !== 'end_session_confirm' || !oidc.session?.destroyed || !oidc.session.accountId) return undefined;
  const { uid, accountId } = oidc.session;
  return { uid, accountId, ...(oidc.client ? { clientId: oidc.client.clientId } : {}) };
}
