/** The library's own (OpenID Connect RP-Initiated Logout 1.0). */
export const signOutPath = '/session/end';

export interface LibrarySession {
  readonly uid: string;
  readonly accountId: string;
  readonly clientId?: string;
}

interface LibraryContext {
  readonly route?: string;
  readonly session?: {
    readonly uid: string;
    readonly accountId?: string;
    readonly destroyed?: boolean;
    /** Of the question that was asked last. */
    readonly state?: { readonly clientId?: string; readonly postLogoutRedirectUri?: string; readonly state?: string };
  };
  readonly client?: { readonly clientId: string };
}

/** The session that this request's sign-out ended; undefined where the person stayed signed in, or was not. */
export function endedSession(ctx: object): LibrarySession | undefined {
  const { oidc } = ctx as { readonly oidc?: LibraryContext };
  if (oidc?.route !== 'end_session_confirm' || !oidc.session?.destroyed || !oidc.session.accountId) return undefined;
  const { uid, accountId } = oidc.session;
  return { uid, accountId, ...(oidc.client ? { clientId: oidc.client.clientId } : {}) };
}

/** What the answer to a question is that was asked before another one, or before the session ended: its token is good no more. */
export function afterStaleSignOut(ctx: { readonly status: number }): string | undefined {
  const { oidc } = ctx as { readonly oidc?: LibraryContext };
  if (oidc?.route !== 'end_session_confirm' || ctx.status !== 400 || !oidc.session) return undefined;
  const { accountId, state } = oidc.session;
  if (!accountId) return `${signOutPath}/success`;
  const { clientId, postLogoutRedirectUri, state: own } = state ?? {};
  const question = { client_id: clientId, post_logout_redirect_uri: postLogoutRedirectUri, state: own };
  const given = Object.entries(question).flatMap(([name, value]): Pair[] =>
    value === undefined ? [] : [[name, value]],
  );
  return askSignOut(given);
}

type Pair = [name: string, value: string];

/** Address of the page that asks whether to sign out. */
export function askSignOut(parameters: readonly Pair[]): string {
  return parameters.length === 0 ? signOutPath : `${signOutPath}?${new URLSearchParams([...parameters])}`;
}
