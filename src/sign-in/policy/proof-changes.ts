import type { Account } from '../../accounts/account.ts';
import type { Factor, Level } from '../../factors/factor.ts';
import { strongestEnrolled } from './enrolled.ts';

/**
 * What has to be proved before it is done. 'strongest': the strongest level that the account has set up. 'any': the password
 * and, where there is a second factor, any of them. Exempt by name: 'mailbox': password and a code to the confirmed address,
 * since there is no factor to ask for; 'command-line': whoever administers the installation.
 */
type Needs = 'strongest' | 'any' | 'mailbox' | 'command-line';

/** What it is worth from then on. 'kind': what its kind always amounts to. 'making': what was proved when it was made. */
type Makes = 'kind' | 'making' | 'nothing';

interface ProofChange {
  readonly needs: Needs;
  readonly makes: Makes;
}

/**
 * Everything that binds, replaces, weakens or removes a proof of an account, and what of the account area does none of that. Else
 * whoever holds the weaker factor would make the stronger one with it.
 */
export const proofChanges = {
  first_way: { needs: 'mailbox', makes: 'kind' },
  add_way: { needs: 'strongest', makes: 'kind' },
  rename_way: { needs: 'strongest', makes: 'nothing' },
  prefer_way: { needs: 'strongest', makes: 'nothing' },
  remove_way: { needs: 'strongest', makes: 'nothing' },
  two_step_off: { needs: 'strongest', makes: 'nothing' },
  two_step_on: { needs: 'any', makes: 'nothing' },
  make_codes: { needs: 'strongest', makes: 'making' },
  change_password: { needs: 'strongest', makes: 'nothing' },
  end_session: { needs: 'any', makes: 'nothing' },
  end_others: { needs: 'any', makes: 'nothing' },
  forget_device: { needs: 'any', makes: 'nothing' },
  forget_devices: { needs: 'any', makes: 'nothing' },
  revoke_application: { needs: 'any', makes: 'nothing' },
  reset_factors: { needs: 'command-line', makes: 'nothing' },
} as const satisfies Readonly<Record<string, ProofChange>>;

export type ProofChangeName = keyof typeof proofChanges;

/** Those that a person makes in the account area. */
export type AreaChange = Exclude<ProofChangeName, 'first_way' | 'reset_factors'>;

type Kinds = readonly Pick<Factor, 'kind' | 'level'>[];

/** The level that a sign-in has to have proved for it, beside what next() asks for a first way. */
export function levelNeeded(kinds: Kinds, account: Pick<Account, 'factors'>, change: AreaChange): Level {
  if (proofChanges[change].needs === 'strongest') return strongestEnrolled(kinds, account); // guard: change-needs-strongest
  return account.factors.length > 0 ? '2fa-email' : '1fa'; // guard: change-needs-factor
}

for (const row of Object.values(proofChanges)) Object.freeze(row);
Object.freeze(proofChanges);
