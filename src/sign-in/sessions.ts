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

/** What the library's session carries through a request: the rest of its row, as it was read. */
export interface KeptSession {
  /** SHA-256 of the id under which the row was found or last saved: a save meets that row or none. Absent: this request begins it. */
  idHash?: string;
  record?: SessionRecord;
  /** The record begins with the save. */
  begun?: boolean;
  /** When its standing was judged good. */
  seenAt?: Date;
  /** As its next save has them: whom to tell of its end. */
  clients?: readonly ToldClient[];
}

/** A client that is told when a session ends, and its own word for that session. */
export interface ToldClient {
  readonly clientId: string;
  readonly sid: string;
}

/** Neither absolutely over nor idle. */
export function inTime({ expiresAt, idleSeconds, lastSeen }: SessionRecord, now: Date): boolean {
  if (expiresAt <= now) return false; // guard: read-record-ends
  return idleSeconds === undefined || now.getTime() - lastSeen.getTime() < idleSeconds * 1000; // guard: read-record-idles
}

export interface Sessions {
  /** Reads a record that is not over, unnoted: no person came. */
  find(id: string, now: Date): Promise<SessionRecord | undefined>;
  /** Reads a record that is not over, neither absolutely nor idle, and notes that it was seen. */
  seen(id: string, now: Date): Promise<SessionRecord | undefined>;
  /** Those of an account that are not over, the last seen first. */
  list(accountId: AccountId, now: Date): Promise<readonly SessionRecord[]>;
  end(id: string, now: Date): Promise<void>;
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
