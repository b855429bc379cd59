import type { Account, Accounts } from '../../accounts/account.ts';
import { meets } from '../../accounts/level.ts';
import { stillProved } from '../../accounts/still-proved.ts';
import type { Factor, Level, PendingRecovery, Proof } from '../../factors/factor.ts';
import type { RecoveryCodes } from '../../factors/recovery-codes.ts';
import type { CarryOut } from '../../protection/carry-out.ts';
import { raisesOf } from '../../protection/consequences.ts';
import { type Events, eventSubject } from '../../protection/events.ts';
import type { Attempt, AttemptChange, Attempts } from '../attempt.ts';
import { invalid, moved, type Outcome, type SignInStep, type Step, stepAt } from '../outcome.ts';
import { ownFlow } from '../own-flow.ts';
import { levelProved } from '../policy/assurance.ts';
import { strongestEnrolled } from '../policy/enrolled.ts';
import type { Proceeding, proceeding } from '../proceed.ts';

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
  const asItLeftIt = { accountId: account.id, sessionVersion: account.sessionVersion + raised };
  return found.recovery?.salt === salt && stillProved(found, asItLeftIt) !== undefined; // guard: codes-go-on-same-account
}

/** The first ones come with the notice of the way that was set up here. A sign-in sets none up without a code to the mailbox; a factor that a change proves is the one it bound. */
function toldWithWay({ purpose, proofs }: Attempt): boolean {
  return proofs.some(({ kind, factorId }) => (purpose === 'change' ? factorId !== undefined : kind === 'mailbox')); // guard: owner-told-later-codes
}

interface Codes {
  readonly factors: readonly Factor[];
  readonly recovery?: RecoveryCodes;
}

/** What codes are worth that are made by these proofs; undefined: none may be, since the account has more set up than was proved. */
export function levelOfCodes(kinds: Codes['factors'], account: Account, proofs: readonly Proof[]): Level | undefined {
  const needed = strongestEnrolled(kinds, account);
  const reached = levelProved(proofs);
  return reached !== undefined && meets(reached, needed) ? needed : undefined; // guard: codes-made-by-strongest
}

/** The set that whoever proved the strongest factor of this account has to be shown; an earlier one was never saved. */
export function dueCodes(
  { recovery, factors }: Codes,
  account: Account,
  proofs: readonly Proof[],
): Pick<AttemptChange, 'recovery'> {
  if (!recovery || !account.recoveryDue || account.recovery) return {}; // guard: unsaved-codes-shown-again
  return levelOfCodes(factors, account, proofs) === undefined ? {} : { recovery: recovery.begin(account) };
}

/** Recovery codes in a sign-in or an account change: saved when they are first made, told when one was used, made anew when few are left. */
export function recovering(deps: {
  readonly attempts: Attempts;
  readonly accounts: Accounts;
  readonly factors: readonly Factor[];
  readonly recovery?: RecoveryCodes;
  readonly events: Events;
  readonly carryOut: CarryOut;
  readonly proceed: ReturnType<typeof proceeding>;
  readonly now: () => Date;
}) {
  return { saveCodes, goOnAfterCode, makeNewCodes, mayMakeCodes };

  /** They count from here on. Kept before the attempt goes on: codes that their owner wrote down must be right. */
  async function saveCodes(step: Step, form: { readonly saved?: string; readonly set?: string }): Promise<Outcome> {
    const { account, attempt } = step;
    const { recovery: pending } = attempt;
    if (!account || !pending || !deps.recovery) return moved;
    // What was written down is what was shown: another tab has begun a set since.
    if (form.set !== undefined && form.set !== pending.salt) return moved; // guard: set-saved-as-shown
    if (form.saved !== 'yes') return invalid('saved', 'not_saved'); // guard: unsaved-codes-none
    // Kept by an earlier press whose answer is still on its way: nothing is left to do but to go on.
    if (account.recovery?.salt === pending.salt)
      // guard: kept-set-not-rehashed
      return deps.proceed(step, { account, change: { recovery: undefined } });
    const level = levelHere(account, attempt);
    // A stronger way was set up since they were shown: they would be made by less than that.
    if (level === undefined) return deps.proceed(step, { account, change: { recovery: undefined } }); // guard: codes-kept-while-strongest
    // Claimed first: a set costs ten slow hashes, and of a double click the half that comes too late must not move the attempt on.
    const claimed = await deps.attempts.advance(attempt, { recovery: pending }, deps.now());
    if (!claimed) return moved;
    const saved = await deps.recovery.keep(account, pending, level);
    if (saved) await recordKept(step, saved, pending);
    const found = saved ?? (await deps.accounts.find(account.id));
    return deps.proceed(stepAt(step, { attempt: claimed }), afterKeeping({ account, attempt, pending, found }));
  }

  /** Where another set was made meanwhile, these codes are none. */
  function afterKeeping({ account, attempt, pending, found }: Keeping): Proceeding {
    if (found && isKept(found, account, pending))
      return { account: found, change: { recovery: undefined, sessionVersion: found.sessionVersion } };
    // By a sign-in in another window: whoever ticked that these are saved would hold codes that open nothing.
    const elsewhere = stillProved(found, attempt)?.recovery; // guard: replacement-set-same-account
    const may = found && levelHere(found, attempt) !== undefined;
    if (deps.recovery && attempt.purpose === 'sign-in' && elsewhere && may)
      return { account: found, change: { recovery: { ...deps.recovery.begin(found), instead: true } } };
    return { account, change: { recovery: undefined } };
  }

  /** A change was asked for its level at the door of the account area, by the session's proofs: the attempt holds none of them. */
  function levelHere(account: Account, { purpose, proofs }: Attempt): Level | undefined {
    return purpose === 'change'
      ? strongestEnrolled(deps.factors, account)
      : levelOfCodes(deps.factors, account, proofs);
  }

  async function recordKept(step: Step, account: Account, { replaces }: PendingRecovery): Promise<void> {
    const { origin, attempt } = step;
    const { clientId } = attempt;
    const made = { account, origin, clientId, keep: ownFlow(attempt) };
    if (replaces !== undefined) return deps.carryOut({ change: 'recovery_codes_replaced', ...made });
    if (!toldWithWay(attempt)) {
      return deps.carryOut({ change: 'factor_added', ...made, kind: 'recovery', detail: 'recovery' });
    }
    const who = eventSubject({ accountId: account.id, clientId, origin });
    await deps.events.append({ at: deps.now(), kind: 'enrolment', result: 'success', detail: 'recovery', ...who });
  }

  function goOnAfterCode(step: SignInStep): Promise<Outcome> {
    return deps.proceed(step, { account: step.account, change: { recoveryLeft: undefined } });
  }

  function mayMakeCodes({ account, attempt }: Pick<Step, 'account' | 'attempt'>): boolean {
    return account !== undefined && levelHere(account, attempt) !== undefined;
  }

  /** The code that was just used is the fresh proof, where it is worth what the account has set up; the old set stays good until the new one is saved. */
  async function makeNewCodes(step: SignInStep): Promise<Outcome> {
    const { account } = step;
    if (!account || !deps.recovery || !mayMakeCodes(step)) return moved; // guard: weaker-code-no-new-set
    const change = { recoveryLeft: undefined, recovery: deps.recovery.begin(account) };
    return deps.proceed(step, { account, change });
  }
}
