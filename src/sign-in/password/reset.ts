import type { Account, AccountId, Accounts } from '../../accounts/account.ts';
import type { Passwords } from '../../accounts/password.ts';
import { passwordFault } from '../../accounts/password-rules.ts';
import { stillProved } from '../../accounts/still-proved.ts';
import type { Link, MailedLinks, ShownLink } from '../../delivery/links.ts';
import type { Factor } from '../../factors/factor.ts';
import { defined } from '../../platform/defined.ts';
import { hashId } from '../../platform/hash.ts';
import type { Origin } from '../../platform/origin.ts';
import { Problem } from '../../platform/problem.ts';
import type { CarryOut } from '../../protection/carry-out.ts';
import type { Attempts, ResetAttempt } from '../attempt.ts';
import { offered } from '../factor/offers.ts';
import { moved, type Outcome, type ResetStep, secondsUntil } from '../outcome.ts';
import { independence, usedBefore } from '../policy/channels.ts';
import type { proceeding } from '../proceed.ts';

/** The port to where a password is chosen anew. */
export interface PasswordResets {
  /**
   * Puts the hash in the place of the password of the active account as its link was taken, which still has that mailbox; gives
   * back what strangers' guesses at the password closed, and ends what a reset ends, in one update. Answers the account as it
   * is then, to exactly one caller.
   */
  reset(made: {
    readonly accountId: AccountId;
    readonly sessionVersion: number;
    readonly mailbox: string;
    readonly attemptId: string;
    readonly passwordHash: string;
    readonly now: Date;
  }): Promise<Account | undefined>;
}

/** From then on it is over, though its link was taken in its last minute. */
const halfHour = 30 * 60_000;

/** A lost password: a mailed link, a factor that lives elsewhere, a new password. Nobody is signed in by it. */
export function resetting(deps: {
  readonly accounts: Pick<Accounts, 'find'>;
  readonly attempts: Attempts;
  readonly links: Pick<MailedLinks, 'take'>;
  readonly resets: PasswordResets;
  readonly passwords: Pick<Passwords, 'hash'>;
  readonly rules: { readonly minimum: number; readonly productName: string };
  readonly factors: readonly Factor[];
  readonly proceed: ReturnType<typeof proceeding>;
  readonly carryOut: CarryOut;
  /** Of a link that was asked for at no client. */
  readonly ownClientId: string;
  readonly clientName: (clientId: string) => string;
  readonly now: () => Date;
}) {
  return { begin, find, setPassword };

  /** The button of the link's page: spends it, and begins what the first page needs. Undefined: it is spent, or over. */
  async function begin(shown: ShownLink, origin: Origin): Promise<Outcome | undefined> {
    const taken = await deps.links.take(shown);
    const account = taken && (await linked(taken.link));
    if (!taken || !account) return undefined;
    const { link } = taken;
    waitAfterRescue(account, link, deps.now());
    await deps.attempts.openReset(opened(shown, link, account), deps.now());
    const step = await find(shown, origin);
    if (!step || step.attempt.revision > 0) return moved; // guard: reset-begun-once
    return deps.proceed(step, { account: step.account, change: {} });
  }

  /** The account of a link, as it was when that was mailed. */
  async function linked({ accountId, address, sessionVersion }: Link): Promise<Account | undefined> {
    const account = await deps.accounts.find(accountId);
    const same = stillProved(account, { accountId, ...defined({ sessionVersion }) });
    return same?.email === address ? same : undefined; // guard: reset-link-own-mailbox
  }

  /** Whoever reads a mailbox must not lose its owner's phone and then forget their password. */
  function waitAfterRescue(account: Account, { address }: Link, now: Date): void {
    const link = { courier: 'mail', destination: address, as: 'reset' } as const;
    const judged = independence(link, { elsewhere: usedBefore(account) }, now);
    if (judged.counts) return; // guard: reset-not-after-rescue
    const seconds = secondsUntil(judged.from ?? now, now);
    throw new Problem('reset_after_rescue', 403, { params: { seconds } });
  }

  function opened(shown: ShownLink, link: Link, { id: accountId, sessionVersion, email: shownName }: Account) {
    const { clientId = deps.ownClientId, address: mailbox } = link;
    // Counted from the link: pressed again after that, it begins nothing anew.
    const expiresAt = new Date(link.expiresAt.getTime() + halfHour);
    return { id: idOf(shown), clientId, expiresAt, mailbox, accountId, sessionVersion, shown: shownName };
  }

  /** What this browser began with the link that it shows. */
  async function find(shown: ShownLink, origin: Origin): Promise<ResetStep | undefined> {
    const now = deps.now();
    const attempt = await deps.attempts.find(idOf(shown), now);
    if (attempt?.purpose !== 'reset' || attempt.accountId === undefined) return undefined;
    const current = await deps.accounts.find(attempt.accountId);
    const account = stillProved(current, attempt); // guard: reset-account-unchanged
    const clientName = deps.clientName(attempt.clientId);
    return { attempt, account, origin, clientName, now, isDone: isDone(current, attempt) };
  }

  /** The last page. Of any number of forms one counts; what was chosen is told by the account itself, so that a second click finds it. */
  async function setPassword(step: ResetStep, { password = '' }: { readonly password?: string }): Promise<Outcome> {
    const { account, attempt } = step;
    if (!account) return moved;
    const { id: accountId, email, username, sessionVersion } = account;
    if (password === '') return { outcome: 'invalid', errors: [{ field: 'password', code: 'missing' }] };
    const fault = passwordFault(password, { ...deps.rules, email, ...defined({ username }) }); // guard: reset-password-rules
    if (fault) return { outcome: 'invalid', errors: [{ field: 'password', ...fault }] };
    const passwordHash = await deps.passwords.hash(password);
    const { mailbox, id: attemptId } = attempt;
    const made = { accountId, sessionVersion, mailbox, attemptId, passwordHash, now: deps.now() };
    const changed = await deps.resets.reset(made);
    if (changed) await carryOut(step, changed, account.passwordHash === undefined);
    const current = changed ?? (await deps.accounts.find(accountId));
    return isDone(current, attempt) ? { outcome: 'moved', reached: { attempt, account: current } } : moved;
  }

  /** Told to every mailbox of the owner: whoever reads one of them could delete it there. */
  async function carryOut(
    { origin, attempt: { clientId } }: ResetStep,
    account: Account,
    isFirst: boolean,
  ): Promise<void> {
    const alsoTo = offered(deps.factors, account, '1fa').flatMap(({ factor, offer }) => {
      const place = factor.destination?.(account, offer);
      return place?.courier === 'mail' ? [place.destination] : [];
    });
    const first = isFirst ? { kind: 'first', detail: 'first' } : {};
    await deps.carryOut({ change: 'password_reset', account, origin, clientId, alsoTo, ...first });
  }
}

/** The password was chosen in it: told by the account, in the update that changed it. */
export function isDone(account: Account | undefined, { id }: Pick<ResetAttempt, 'id'>): boolean {
  return account?.active === true && account.resetIn === id;
}

/** Made of what the browser got as it opened the link: out of reach for every other one, though it reads the same mail. */
function idOf({ purpose, holder }: ShownLink): string {
  return hashId(`${purpose}:${holder}`); // guard: reset-own-browser
}
