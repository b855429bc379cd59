import type { Account, AccountId } from '../accounts/account.ts';
import type { Level } from '../accounts/level.ts';

/** A factor of an account, as both were read: an account that changed since in a way that ends sign-ins is left as it is. */
export interface HeldFactor {
  readonly accountId: AccountId;
  readonly sessionVersion: number;
  readonly factorId: string;
  /** Kinds that were set up as it was read: what was proved was judged by them, so one of another kind that came since stops the change. */
  readonly kinds: readonly string[];
}

export interface Removal extends HeldFactor {
  /** Kinds of which another factor has to stay; absent: none has to. */
  readonly beside?: readonly string[];
  /** What recovery codes that were kept without their level are worth as the account is: that is written beside them, or they were worth more once the weakest factor is gone. */
  readonly unmarked: Level;
}

/** The port to what is set up. Each change is one conditional update on an active account: only factors of this very account, and only as it was read. */
export interface FactorChanges {
  rename(change: HeldFactor & { readonly name: string }): Promise<boolean>;
  /** From then on it is asked first. */
  prefer(change: HeldFactor): Promise<boolean>;
  /**
   * Takes the factor out and ends what that ends; answers the account as it is then. The last one takes the recovery codes
   * and what was chosen about factors with it. `beside`: kinds of which another factor has to stay; absent: none has to.
   */
  remove(change: Removal): Promise<Account | undefined>;
  /** Switches two-step sign-in off or on where something is set up and it is not so already; answers the account as it is then. */
  switchTwoStep(change: Omit<HeldFactor, 'factorId'> & { readonly off: boolean }): Promise<Account | undefined>;
}
