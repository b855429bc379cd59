import type { Level } from './level.ts';

/** An account's recovery codes as they are kept: argon2id of each with one salt, so that one try costs one slow hash. A used code is taken out. */
export interface RecoverySet {
  /** 16 random bytes as base64url; tells one set from another. */
  readonly salt: string;
  readonly hashes: readonly string[];
  /** What was proved when they were made, and all that one of them ever proves. Absent: made before levels were kept. */
  readonly level?: Level;
  readonly createdAt: Date;
}
