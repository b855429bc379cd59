import type { Account, Accounts } from '../accounts/account.ts';
import { meets } from '../accounts/level.ts';
import type { Factor } from '../factors/factor.ts';
import type { RecoveryCodes } from '../factors/recovery-codes.ts';
import type { Outcome } from '../sign-in/outcome.ts';
import { strongestEnrolled, weakestEnrolled } from '../sign-in/policy/enrolled.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import type { AccountChanges, Changer } from './account-change.ts';

export interface RecoveryCodeRenewal {
  /** How many codes are left; undefined: this account has no use for any. */
  left(account: Account): number | undefined;
  /** They were made by less than what is set up now, and stand in for no more than that. */
  areWeaker(account: Account): boolean;
  /** Makes a set that counts once it is saved; until then the old one is good. False: nothing is set up that they could stand in for, or another request came first. */
  begin(who: Changer): Promise<boolean>;
  /** The codes that wait to be saved in this session. */
  pending(who: Changer): Promise<ShownCodes | undefined>;
  /** 'lost': the codes of this set are none. 'waiting': another press of the same button is saving them, or was cut off. */
  save(who: Changer, form: { readonly saved?: string; readonly set?: string }): Promise<CodesSaved>;
  /** They will never count. */
  cancel(who: Changer): Promise<void>;
}

export interface ShownCodes {
  readonly codes: readonly string[];
  /** Tells this set from one that was begun since, in another tab. */
  readonly set: string;
}

export type CodesSaved = 'saved' | 'lost' | 'waiting' | Extract<Outcome, { outcome: 'invalid' }>;

/** Recovery codes made anew by somebody who is signed in. Whoever calls has seen to the fresh proof. */
export function renewingRecoveryCodes(deps: {
  readonly changes: AccountChanges;
  readonly accounts: Pick<Accounts, 'find'>;
  /** Absent where there are no recovery codes. */
  readonly recovery?: RecoveryCodes;
  readonly saveCodes: SignIn['saveCodes'];
  readonly factors: readonly Pick<Factor, 'kind' | 'level'>[];
}): RecoveryCodeRenewal {
  const { changes, recovery } = deps;
  return { left, areWeaker, begin, pending, save, cancel: changes.cancel };

  function left(account: Account): number | undefined {
    return recovery && account.factors.length > 0 ? (account.recovery?.hashes.length ?? 0) : undefined; // guard: codes-need-factor
  }

  function areWeaker(account: Account): boolean {
    const level = account.recovery?.level ?? weakestEnrolled(deps.factors, account);
    return account.recovery !== undefined && !meets(level, strongestEnrolled(deps.factors, account));
  }

  async function begin(who: Changer): Promise<boolean> {
    if (!recovery || left(who.account) === undefined) return false;
    await changes.begin(who, { recovery: recovery.begin(who.account) });
    return (await pendingOf(who)) !== undefined;
  }

  async function pending(who: Changer) {
    const set = await pendingOf(who);
    return set && recovery && { codes: recovery.codes(who.account, set), set: set.salt };
  }

  /** What was written down is what was shown: a set that another tab has begun since is never saved in its place. */
  async function save(who: Changer, form: { readonly saved?: string; readonly set?: string }): Promise<CodesSaved> {
    const step = await changes.find(who);
    const pending = step?.attempt.recovery;
    if (step && pending && pending.salt === form.set) {
      // guard: codes-saved-as-shown
      const outcome = await deps.saveCodes(step, form);
      if (outcome.outcome === 'invalid') return outcome;
    }
    // Of a double click one keeps them: both have to say whether what was written down is good.
    const current = (await deps.accounts.find(who.account.id))?.recovery?.salt;
    if (current !== undefined && current === form.set) return 'saved'; // guard: codes-good-when-kept
    return pending?.salt === form.set && current === pending?.replaces ? 'waiting' : 'lost';
  }

  async function pendingOf(who: Changer) {
    return (await changes.find(who))?.attempt.recovery;
  }
}
