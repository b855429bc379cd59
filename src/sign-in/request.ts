import type { Level } from '../factors/factor.ts';
import type { AreaChange } from './policy/proof-changes.ts';

/** What somebody who is signed in proves again for, as the account area asked: whose account it is stands fast. */
export interface Confirmation {
  readonly change: AreaChange;
  readonly email: string;
  /** The way that it is about: its name, else its kind. */
  readonly way?: string;
  readonly kind?: string;
  /** The session goes on to stay as long as it does. */
  readonly stay?: boolean;
}

/** What the authorization request asked for and the browser brought, as plain values: kept with its attempt from the first moment. */
export interface Asked {
  /** The library's reason for this interaction. */
  readonly prompt: 'create' | 'select_account' | 'login' | 'consent';
  /** The client asked for the consent page even where all was allowed before (OpenID Connect Core 3.1.2.1). */
  readonly asksConsent: boolean;
  readonly scopes: readonly string[];
  /** The lowest level that meets what the client asked for. */
  readonly leastLevel: Level;
  /** Where the client wants the person back (registered, compared exactly). */
  readonly redirectUri: string;
  /** The account of the session that this browser holds, and the id of that session's record. */
  readonly sessionAccountId?: string;
  readonly sessionId?: string;
  readonly loginHint?: string;
  readonly confirms?: Confirmation;
  /** Everything is proved anew, whatever was before (prompt=login). */
  readonly anew?: true;
  /** What was proved longer ago does not count (OpenID Connect Core 3.1.2.1). */
  readonly maxAgeSeconds?: number;
}

export interface SignInRequest extends Asked {
  readonly clientId: string;
  readonly firstParty: boolean;
  /** No remembered device counts at this client. */
  readonly alwaysAsks?: true;
  /** What this account allowed this client before. */
  readonly allowed: readonly string[];
}
