import type Provider from 'oidc-provider';
import { randomId } from '../platform/random.ts';
import type { KeptSession, ToldClient } from '../sign-in/sessions.ts';

interface LibrarySession {
  kept?: KeptSession;
  readonly accountId?: string;
  readonly authorizations?: Readonly<Record<string, { readonly sid?: string }>>;
  save(seconds: number): Promise<unknown>;
}

/**
 * The library tells clients of a session that ends at its own sign-out page, in that request and no other way. Here one queue
 * tells them, whatever ends a session: the library only says in discovery that it is done, and keeps with each session whom to tell.
 */
export function tellByQueue({ Client, Session }: Provider, tells: (clientId: string) => boolean): void {
  Object.assign(Client.prototype, {
    backchannelLogout: async () => {},
    // Discovery says so of every client (Back-Channel Logout 1.0 section 2.1).
    includeSid: () => true, // guard: sid-in-id-tokens
  });
  const { save } = Session.prototype as unknown as LibrarySession;
  const own: ThisType<LibrarySession> = {
    save(seconds: number) {
      this.kept ??= {};
      this.kept.clients = this.accountId === undefined ? [] : toldClients(this, tells); // guard: session-keeps-told-clients
      return save.call(this, seconds);
    },
  };
  Object.assign(Session.prototype, own);
}

/** Who has had something from this session, and wants to know of its end. */
function toldClients({ authorizations = {} }: LibrarySession, tells: (clientId: string) => boolean): ToldClient[] {
  return Object.entries(authorizations).flatMap(([clientId, { sid }]) =>
    sid !== undefined && tells(clientId) ? [{ clientId, sid }] : [],
  );
}

interface OverSession {
  readonly accountId: string;
  readonly clientId: string;
  readonly sid: string;
}

/** Logout tokens (section 2.4), signed as the client's ID tokens are, good for two minutes. Undefined: there is no such client. */
export function logoutTokens(provider: Provider): (over: OverSession) => Promise<string | undefined> {
  return async ({ accountId, clientId, sid }) => {
    const client = await provider.Client.find(clientId);
    if (!client) return undefined;
    const token = new provider.IdToken({ sub: accountId }, { client });
    Object.assign(token, { mask: { sub: null } });
    token.set('events', { 'http://schemas.openid.net/event/backchannel-logout': {} });
    token.set('jti', randomId());
    if (client.backchannelLogoutSessionRequired) token.set('sid', sid); // guard: logout-token-session
    return token.issue({ use: 'logout' });
  };
}
