import { defined } from '../platform/defined.ts';
import type { Origin } from '../platform/origin.ts';
import { randomId } from '../platform/random.ts';
import type { CarryOut } from '../protection/carry-out.ts';
import { type Change, type Raises, raisesOf } from '../protection/consequences.ts';
import type { Account, AccountId, Accounts } from './account.ts';
import type { Pass } from './pass.ts';
import type { Passwords } from './password.ts';
import { checkInvitation, checkRegistration, type RegistrationFault, type RegistrationForm } from './registration.ts';

export interface AccountSearch {
  /** How the canonical e-mail begins. */
  readonly email?: string;
  readonly role?: string;
  readonly active?: boolean;
  /** The last e-mail of the page before. */
  readonly after?: string;
  readonly limit: number;
}

/** The port to what an administrator changes. Each change is one command that raises the counters with it and answers the account as it then is; undefined: there is no such account. */
export interface AdministeredAccounts {
  /** By e-mail, ascending. */
  list(search: AccountSearch): Promise<readonly Account[]>;
  setActive(id: AccountId, active: boolean, raises: Raises): Promise<Account | undefined>;
  changeRoles(
    id: AccountId,
    roles: { readonly add: readonly string[]; readonly remove: readonly string[] },
    raises: Raises,
  ): Promise<Account | undefined>;
  /** Gives all guesses back, a closed second factor's included. */
  unlock(id: AccountId, raises: Raises): Promise<Account | undefined>;
  /** Removes every factor and the recovery codes. */
  resetFactors(id: AccountId, raises: Raises): Promise<Account | undefined>;
  /** Gives the account this pass in the place of any other; undefined takes it away. */
  setPass(id: AccountId, pass: Pass | undefined, raises: Raises): Promise<Account | undefined>;
  /** Raises the counters and changes nothing else. */
  raise(id: AccountId, raises: Raises): Promise<Account | undefined>;
  delete(id: AccountId): Promise<void>;
}

/** The port to all that is kept about an account outside its own row and the events. */
export interface AccountData {
  erase(accountId: AccountId, now: Date): Promise<void>;
}

/** Who acts, and on whom. */
export interface Act {
  readonly id: AccountId;
  readonly actor: string;
  readonly origin: Origin;
}

interface Deps {
  readonly accounts: Pick<Accounts, 'create' | 'find'> & AdministeredAccounts;
  readonly sessions: {
    endOf(session: { readonly accountId: AccountId; readonly id: string; readonly now: Date }): Promise<boolean>;
  };
  readonly accountData: AccountData;
  readonly carryOut: CarryOut;
  readonly passwords: Pick<Passwords, 'hash'>;
  readonly mailLink: MailLink;
  readonly rules: { readonly minimum: number; readonly productName: string };
  readonly now: () => Date;
}

/** The port by which a link goes to the account's own address: the administrator never sees it. */
export type MailLink = (link: {
  readonly account: Account;
  readonly actor: string;
  readonly origin: Origin;
}) => Promise<boolean>;

export type Administration = ReturnType<typeof administering>;

export type Created =
  /** `invited`: a link to choose a password was mailed, or could not be. */
  | { readonly account: Account; readonly invited?: boolean }
  | { readonly faults: readonly RegistrationFault[] }
  | { readonly taken: 'email' | 'username' };

/** What administrators do to accounts. No act sees or sets a secret of a person's, a password at the making aside, where it is given at all (ASVS 6.4.6). */
export function administering(deps: Deps) {
  const { accounts } = deps;
  const done = async (
    change: Change,
    act: Act,
    { account, detail }: { account: Account | undefined; detail?: string },
  ) => {
    const { actor, origin } = act;
    if (account) await deps.carryOut({ change, account, actor, origin, ...defined({ detail }) });
    return account;
  };
  const disable = async (act: Act) => {
    const account = await accounts.setActive(act.id, false, raisesOf('account_disabled'));
    return done('account_disabled', act, { account });
  };

  return {
    create,
    disable,
    remove,
    async enable(act: Act) {
      const account = await accounts.setActive(act.id, true, raisesOf('account_enabled'));
      return done('account_enabled', act, { account });
    },
    async changeRoles(act: Act, roles: { readonly add: readonly string[]; readonly remove: readonly string[] }) {
      const account = await accounts.changeRoles(act.id, roles, raisesOf('roles_changed'));
      return done('roles_changed', act, { account, ...(account ? { detail: account.roles.join(' ') } : {}) });
    },
    async unlock(act: Act) {
      return done('unlocked', act, { account: await accounts.unlock(act.id, raisesOf('unlocked')) });
    },
    async resetFactors(act: Act) {
      return done('factors_reset', act, { account: await accounts.resetFactors(act.id, raisesOf('factors_reset')) });
    },
    /** Only the hash is kept of what was shown to the administrator. */
    async givePass(act: Act, { hash, minutes, by }: Pick<Pass, 'hash' | 'by'> & { readonly minutes: number }) {
      const createdAt = deps.now();
      const expiresAt = new Date(createdAt.getTime() + minutes * 60_000);
      const account = await accounts.setPass(act.id, { hash, createdAt, expiresAt, by }, raisesOf('pass_given'));
      return done('pass_given', act, { account, detail: by });
    },
    async takePass(act: Act) {
      return done('pass_taken', act, { account: await accounts.setPass(act.id, undefined, raisesOf('pass_taken')) });
    },
    /** Nobody types somebody else's password: a link is mailed. 'unsent': it could not be handed over, and nothing was changed but which link works. */
    async sendPasswordLink({ id, ...by }: Act) {
      const account = await accounts.find(id);
      if (!account) return undefined;
      return { account, sent: await deps.mailLink({ account, ...by }) };
    },
    async endSessions(act: Act) {
      return done('sessions_ended', act, { account: await accounts.raise(act.id, raisesOf('sessions_ended')) });
    },
    async endSession(act: Act, id: string) {
      const ended = await deps.sessions.endOf({ accountId: act.id, id, now: deps.now() });
      return ended ? done('session_ended', act, { account: await accounts.find(act.id) }) : undefined;
    },
  };

  /** The administrator vouches for the address; the first sign-in proves it by a mailed code where a factor is set up. Without a password its owner chooses one, by a mailed link. */
  async function create(form: RegistrationForm, roles: readonly string[], by: Omit<Act, 'id'>): Promise<Created> {
    const checked = form.password === undefined ? checkInvitation(form) : checkRegistration(form, deps.rules);
    if (checked.faults) return { faults: checked.faults };
    const { email, username } = checked;
    const passwordHash = form.password === undefined ? undefined : await deps.passwords.hash(form.password);
    const id = randomId();
    const named = { id, email, createdAt: deps.now(), ...defined({ username, passwordHash }) };
    const made = await accounts.create({ ...named, roles });
    if (made === 'email_taken') return { taken: 'email' };
    if (made === 'username_taken') return { taken: 'username' };
    const account = await accounts.find(id);
    if (!account) throw new Error('an account was deleted while it was made');
    await done('account_created', { ...by, id }, { account, ...(roles.length > 0 ? { detail: roles.join(' ') } : {}) });
    if (passwordHash !== undefined) return { account };
    return { account, invited: await deps.mailLink({ account, ...by }) };
  }

  /** Closed first, erased, and its row removed last: nothing new begins meanwhile, and what an outage left undone is done by the next try. */
  async function remove(act: Act): Promise<Account | undefined> {
    const account = await accounts.setActive(act.id, false, raisesOf('account_deleted'));
    if (!account) return undefined;
    await deps.accountData.erase(act.id, deps.now());
    await accounts.delete(act.id);
    return done('account_deleted', act, { account });
  }
}
