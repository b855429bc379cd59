import type { AccountId } from '../accounts/account.ts';
import type { Proof } from '../factors/factor.ts';

/** What oidc-provider's session cannot hold. A session without this record is no session anywhere. */
export interface SessionRecord {
  /** SHA-256 of the OP session's uid. */
  readonly id: string;
  readonly accountId: AccountId;
  readonly sessionVersion: number;
  readonly proofs: readonly Proof[];
  readonly signedInAt: Date;
  readonly lastSeen: Date;
  readonly expiresAt: Date;
  /** It ends after so long without a request; absent where the person stays signed in. */
  readonly idleSeconds?: number;
  readonly browser?: string;
  readonly address?: string;
}

export interface Sessions {
  /** Writes the record of a fresh sign-in, replacing the one of the same session. */
  save(record: SessionRecord): Promise<void>;
  /** Reads a record that is not over, unnoted: no person came. */
  find(id: string, now: Date): Promise<SessionRecord | undefined>;
  /** Reads a record that is not over, neither absolutely nor idle, and notes that it was seen. */
  seen(id: string, now: Date): Promise<SessionRecord | undefined>;
  /** Those of an account that are not over, the last seen first. */
  list(accountId: AccountId, now: Date): Promise<readonly SessionRecord[]>;
  end(id: string): Promise<void>;
  /** Ends this very account's session, and what hangs on it at the library. False: it has none of that id. */
  endOf(session: { readonly accountId: AccountId; readonly id: string; readonly now: Date }): Promise<boolean>;
}

/** What a person allowed a client; outlives the session. */
export interface Consents {
  find(consent: { readonly accountId: AccountId; readonly clientId: string }): Promise<readonly string[]>;
  /** Adds scopes to what was allowed before. */
  allow(consent: {
    readonly accountId: AccountId;
    readonly clientId: string;
    readonly scopes: readonly string[];
    readonly at: Date;
  }): Promise<void>;
}
