import type { EnrolledFactor } from '../accounts/account.ts';
import type { Level } from '../accounts/level.ts';

/** What a kind of factor is, said once and as plain data: settings, levels, pages, mails and the command line read it here. */
export interface FactorKind {
  readonly kind: string;
  /** What it amounts to at best. */
  readonly level: Level;
  /** Authentication method references (RFC 8176). */
  readonly amr: readonly string[];
  /** Where its codes go, of an enrolled one; absent where they go nowhere. */
  masked?(factor: Pick<EnrolledFactor, 'data'>): Masked;
}

/** A destination as it may be shown. */
export interface Masked {
  /** As the sentences of its kind say it: 'a***@example.com', or the last two digits of a number. */
  readonly said: string;
  /** As it stands alone: '…56'. */
  readonly alone: string;
}
