import type { EnrolledFactor } from '../accounts/account.ts';
import type { Level } from '../accounts/level.ts';

/**
 * What a kind of factor is, said once and as plain data: settings, levels of clients, pages, mails, the account area and the
 * command line read it here. What it does is a Factor (factor.ts). Its texts stand in the catalogue under `kinds.<kind>`.
 */
export interface FactorKind {
  readonly kind: string;
  /** What it amounts to at best. */
  readonly level: Level;
  /** Authentication method references (RFC 8176). */
  readonly amr: readonly string[];
  /** Its answers can be guessed: they share the second-factor budget. */
  readonly guessable: boolean;
  /** The field at which a wrong answer is told. */
  readonly field: string;
  /** Code of the sentence for what is no answer at all: nothing is judged then, and no address is charged for it. */
  readonly shape?: string;
  /** Code of the sentence for a wrong answer, where it is not that of a code that is sent or shown. */
  readonly wrong?: string;
  /** A challenge begins with a message: the POST that leads to it sends it, once, within the budgets. */
  readonly sends?: true;
  /** It stands in for the factors of an account: nobody sets it up by itself, so it reaches no level that they do not. */
  readonly standsIn?: true;
  /** It stands in for ways that were lost, in one sign-in: a new way is set up there, and takes the place of all that were. */
  readonly forLost?: true;
  /** It is offered to nobody who did not say that the ways were lost, and never asked unless it was chosen. */
  readonly chosenAlone?: true;
  /** How its codes travel to a mailbox or a phone. */
  readonly courier?: 'mail' | 'sms';
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
