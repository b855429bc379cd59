import type { Account, Accounts } from '../accounts/account.ts';
import type { RecoveryCodes } from '../factors/recovery-codes.ts';
import type { AccountChanges, Changer } from './account-change.ts';
import type { Outcome } from './outcome.ts';
import type { SignIn } from './sign-in.ts';

export interface CodeRenewal {
  /** How many codes are left; undefined: this account has no use for any. */
  left(account: Account): number | undefined;
  /** Makes a set that counts once it is saved; until then the old one is good. False: nothing is set up that they could stand in for, or another request came first. */
  begin(who: Changer): Promise<boolean>;
  /** The codes that wait to be saved in this session. */
  pending(who: Changer): Promise<readonly string[] | undefined>;
  /** 'lost': these codes are none. */
  save(who: Changer, form: { readonly saved?: string }): Promise<'saved' | 'lost' | Refused>;
  /** They will never count. */
  cancel(who: Changer): Promise<void>;
}

type Refused = Extract<Outcome, { outcome: 'refused' }>;

/** Recovery codes made anew by somebody who is signed in. Whoever calls has seen to the fresh proof. */
export function renewingCodes(deps: {
  readonly changes: AccountChanges;
  readonly accounts: Pick<Accounts, 'find'>;
  /** Absent where there are no recovery codes. */
  readonly recovery?: RecoveryCodes;
  readonly saveCodes: SignIn['saveCodes'];
}): CodeRenewal {
  const { changes, recovery } = deps;
  return { left, begin, pending, save, cancel: changes.cancel };

  function left(account: Account): number | undefined {
    return recovery && account.factors.length > 0 ? (account.recovery?.hashes.length ?? 0) : undefined;
  }

  async function begin(who: Changer): Promise<boolean> {
    if (!recovery || left(who.account) === undefined) return false;
    await changes.begin(who, { recovery: recovery.begin(who.account) });
    return (await pendingOf(who)) !== undefined;
  }

  async function pending(who: Changer) {
    const set = await pendingOf(who);
    return set && recovery?.codes(who.account, set);
  }

  async function save(who: Changer, form: { readonly saved?: string }): Promise<'saved' | 'lost' | Refused> {
    const step = await changes.find(who);
    const salt = step?.attempt.recovery?.salt;
    if (!step || salt === undefined) return 'lost';
    const outcome = await deps.saveCodes(step, form);
    if (outcome.outcome === 'refused') return outcome;
    // Of a double click one keeps them: both have to say whether what was written down is good.
    const now = await deps.accounts.find(who.account.id);
    return now?.recovery?.salt === salt ? 'saved' : 'lost';
  }

  async function pendingOf(who: Changer) {
    return (await changes.find(who))?.attempt.recovery;
  }
}
