import type { Account, AccountId, Accounts, PasswordGuess } from '../accounts/account.ts';
import type { Passwords } from '../accounts/password.ts';
import { passwordFault } from '../accounts/password-rules.ts';
import { defined } from '../platform/defined.ts';
import type { KnownBrowser } from '../protection/budgets.ts';
import type { CarryOut } from '../protection/carry-out.ts';
import type { FieldError, Invalid } from '../sign-in/outcome.ts';
import type { passwordRefused } from '../sign-in/password/wrong-password.ts';
import type { Changer } from './account-change.ts';

/** The port to where a password takes the place of another. */
export interface PasswordChanges {
  /**
   * Puts the hash in the place of the one that was verified, of the active account as it was read; gives back the guesses at the
   * password, and ends what the change ends, in one update. Answers the account as it is then, to exactly one caller.
   */
  change(made: {
    readonly accountId: AccountId;
    readonly sessionVersion: number;
    readonly from: string;
    readonly to: string;
  }): Promise<Account | undefined>;
}

export interface PasswordForm {
  readonly current?: string;
  readonly password?: string;
}

/** 'moved': another change came in between, or there is no such password any more. */
export type PasswordChanged = 'changed' | 'moved' | Invalid;

export type ChangePassword = (
  who: Changer,
  form: PasswordForm,
  known: KnownBrowser | undefined,
) => Promise<PasswordChanged>;

/** A new password by whoever gives the current one. Whoever calls has seen to the fresh proof. */
export function changingPassword(deps: {
  readonly accounts: Pick<Accounts, 'takePasswordGuess'>;
  readonly passwordChanges: PasswordChanges;
  readonly passwords: Pick<Passwords, 'hash' | 'verify'>;
  readonly rules: { readonly minimum: number; readonly productName: string };
  readonly networkKey: (address: string | undefined) => string;
  readonly refuse: ReturnType<typeof passwordRefused>;
  /** The account area itself. */
  readonly client: { readonly clientId: string };
  readonly carryOut: CarryOut;
  readonly now: () => Date;
}): ChangePassword {
  return async (who, form, known) => {
    const { account, session, origin } = who;
    const faults = faultsOf(account, form);
    if (faults.length > 0) return { outcome: 'invalid', errors: faults, unjudged: true };
    const { found, verified } = await judge(who, form.current ?? '', known);
    if (verified === undefined) {
      // guard: current-password-needed
      await deps.refuse({ origin, clientId: deps.client.clientId }, found);
      return { outcome: 'invalid', errors: [{ field: 'current', code: 'current_rejected' }] };
    }
    const to = await deps.passwords.hash(form.password ?? '');
    const { id: accountId, sessionVersion } = account;
    const changed = await deps.passwordChanges.change({ accountId, sessionVersion, from: verified, to });
    if (!changed) return 'moved';
    await deps.carryOut({ change: 'password_changed', account: changed, origin, keep: { session: session.id } }); // guard: password-change-keeps-own-session
    return 'changed';
  };

  /** Of the form alone, so that nothing of it is a guess. */
  function faultsOf(
    { email, username }: Account,
    { current = '', password = '' }: PasswordForm,
  ): readonly FieldError[] {
    const missing = { current, password };
    const errors = Object.entries(missing).flatMap(([field, typed]) => (typed ? [] : [{ field, code: 'missing' }]));
    if (errors.length > 0) return errors;
    const fault = passwordFault(password, { ...deps.rules, email, ...defined({ username }) }); // guard: changed-password-rules
    if (fault) return [{ field: 'password', ...fault }];
    return current.normalize('NFC') === password.normalize('NFC') ? [{ field: 'password', code: 'password_same' }] : []; // guard: changed-password-another
  }

  /** By the budget of a sign-in, taken before anything is hashed. `verified`: the hash that the password belongs to. */
  async function judge({ account, origin }: Changer, current: string, known: KnownBrowser | undefined) {
    let found: PasswordGuess | undefined;
    let hash: string | undefined;
    const network = deps.networkKey(origin.address);
    const attempt = { identifier: account.email, network, ...defined({ known }) }; // guard: current-password-known-browser
    const right = await deps.passwords.verify(async () => {
      found = await deps.accounts.takePasswordGuess({ ...attempt, now: deps.now() }); // guard: current-password-guess-taken
      hash = found?.guess.state === 'taken' && found.account.id === account.id ? found.account.passwordHash : undefined; // guard: waiting-current-not-judged
      return hash;
    }, current);
    return { found, verified: right ? hash : undefined };
  }
}
