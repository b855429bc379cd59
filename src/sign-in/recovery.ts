import type { Account, Accounts } from '../accounts/account.ts';
import type { PendingRecovery } from '../factors/factor.ts';
import type { RecoveryCodes } from '../factors/recovery-codes.ts';
import type { CarryOut } from '../protection/carry-out.ts';
import { raisesOf } from '../protection/consequences.ts';
import type { Events } from '../protection/events.ts';
import { keptBy } from './account-change.ts';
import type { Attempt, AttemptChange, Attempts } from './attempt.ts';
import { moved, type Outcome, refused, type Step } from './outcome.ts';
import type { Proceeding, proceeding } from './proceed.ts';

/** So few that their owner is asked to make new ones. */
export function isFew(left: number): boolean {
  return left <= 3;
}

interface Keeping {
  readonly account: Account;
  readonly attempt: Attempt;
  readonly pending: PendingRecovery;
  readonly found: Account | undefined;
}

/** By this press or by another one at the same moment. Its own keeping raised the version once: had anything else ended sign-ins since, it were higher. */
function isKept(found: Account, account: Account, { salt, replaces }: PendingRecovery): boolean {
  const { sessionVersion: raised } = raisesOf(replaces === undefined ? 'factor_added' : 'recovery_codes_replaced');
  const own = found.active && found.recovery?.salt === salt;
  return own && found.sessionVersion === account.sessionVersion + raised;
}

/** The first ones come with the notice of the way that was set up here. A sign-in sets none up without a code to the mailbox; a factor that a change proves is the one it bound. */
function toldWithWay({ purpose, proofs }: Attempt): boolean {
  return proofs.some(({ kind, factorId }) => (purpose === 'change' ? factorId !== undefined : kind === 'mailbox'));
}

/** The set that whoever proved a factor of this account has to be shown; an earlier one was never saved. */
export function dueCodes(recovery: RecoveryCodes | undefined, account: Account): Pick<AttemptChange, 'recovery'> {
  return recovery && account.recoveryDue && !account.recovery ? { recovery: recovery.begin(account) } : {};
}

/** Recovery codes in a sign-in or an account change: saved when they are first made, told when one was used, made anew when few are left. */
export function recovering(deps: {
  readonly attempts: Attempts;
  readonly accounts: Accounts;
  readonly recovery?: RecoveryCodes;
  readonly events: Events;
  readonly carryOut: CarryOut;
  readonly proceed: ReturnType<typeof proceeding>;
  readonly now: () => Date;
}) {
  return { saveCodes, goOnAfterCode, makeNewCodes };

  /** They count from here on. Kept before the attempt goes on: codes that their owner wrote down must be right. */
  async function saveCodes(step: Step, form: { readonly saved?: string; readonly set?: string }): Promise<Outcome> {
    const { account, attempt } = step;
    const { recovery: pending } = attempt;
    if (!account || !pending || !deps.recovery) return moved;
    // What was written down is what was shown: another tab has begun a set since.
    if (form.set !== undefined && form.set !== pending.salt) return moved;
    if (form.saved !== 'yes') return refused('saved', 'not_saved');
    // Kept by an earlier press whose answer is still on its way: nothing is left to do but to go on.
    if (account.recovery?.salt === pending.salt)
      return deps.proceed(step, { account, change: { recovery: undefined } });
    // Claimed first: a set costs ten slow hashes, and of a double click the half that comes too late must not move the attempt on.
    const claimed = await deps.attempts.advance(attempt, { recovery: pending }, deps.now());
    if (!claimed) return moved;
    const kept = await deps.recovery.keep(account, pending);
    if (kept) await recordKept(step, kept, pending);
    const found = kept ?? (await deps.accounts.find(account.id));
    return deps.proceed({ ...step, attempt: claimed }, afterKeeping({ account, attempt, pending, found }));
  }

  /** Where another set was made meanwhile, these codes are none. */
  function afterKeeping({ account, attempt, pending, found }: Keeping): Proceeding {
    if (found && isKept(found, account, pending))
      return { account: found, change: { recovery: undefined, sessionVersion: found.sessionVersion } };
    // By a sign-in in another window: whoever ticked that these are saved would hold codes that open nothing.
    const elsewhere = found?.active && found.recovery && found.sessionVersion === account.sessionVersion;
    if (deps.recovery && attempt.purpose === undefined && elsewhere)
      return { account: found, change: { recovery: { ...deps.recovery.begin(found), instead: true } } };
    return { account, change: { recovery: undefined } };
  }

  async function recordKept(step: Step, account: Account, { replaces }: PendingRecovery): Promise<void> {
    const { origin, attempt } = step;
    const { clientId } = step.request;
    const deed = { account, origin, clientId, keep: keptBy(attempt) };
    if (replaces !== undefined) return deps.carryOut({ change: 'recovery_codes_replaced', ...deed });
    if (!toldWithWay(attempt)) {
      return deps.carryOut({ change: 'factor_added', ...deed, kind: 'recovery', detail: 'recovery' });
    }
    const who = { accountId: account.id, clientId, ...origin };
    await deps.events.append({ at: deps.now(), kind: 'enrolment', result: 'success', detail: 'recovery', ...who });
  }

  function goOnAfterCode(step: Step): Promise<Outcome> {
    return deps.proceed(step, { account: step.account, change: { recoveryLeft: undefined } });
  }

  /** The code that was just used is the fresh proof; the old set stays good until the new one is saved. */
  async function makeNewCodes(step: Step): Promise<Outcome> {
    const { account } = step;
    if (!account || !deps.recovery) return moved;
    const change = { recoveryLeft: undefined, recovery: deps.recovery.begin(account) };
    return deps.proceed(step, { account, change });
  }
}
