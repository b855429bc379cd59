import type { Account, Accounts } from '../accounts/account.ts';
import { canonicalIdentifier } from '../accounts/identifier.ts';
import type { Passwords } from '../accounts/password.ts';
import type { Proof } from '../factors/factor.ts';
import { Problem } from '../platform/problem.ts';
import type { KnownBrowser } from '../protection/budgets.ts';
import type { Event, Events } from '../protection/events.ts';
import { type Outcome, refused, type Step } from './outcome.ts';
import { blank, type proceeding } from './proceed.ts';

export interface PasswordForm {
  readonly identifier?: string;
  readonly password?: string;
  readonly stay: boolean;
}

type Found = Awaited<ReturnType<Accounts['takePasswordGuess']>>;

const passwordLock = { kind: 'lock', result: 'success', detail: 'password' } as const;

/** Looks like an identifier and is none: what cannot be canonicalised costs the same steps as what is unknown. */
const nobody = 'nobody@invalid';

export function provingPassword(deps: {
  readonly accounts: Accounts;
  readonly passwords: Passwords;
  readonly events: Events;
  readonly proceed: ReturnType<typeof proceeding>;
  readonly now: () => Date;
}) {
  /** One answer, one cost and the same number of commands for unknown, wrong, waiting and disabled (ASVS 6.3.8). */
  return async function provePassword(
    step: Step,
    form: PasswordForm,
    known: KnownBrowser | undefined,
  ): Promise<Outcome> {
    const missing = missingField(form);
    if (missing) return missing;

    const identifier = canonicalIdentifier(form.identifier ?? '') ?? nobody;
    const { found, judged, right } = await judge(identifier, form.password ?? '', known);
    if (!judged || !right) {
      await recordFailure(step, found);
      return refused('', 'password_rejected');
    }
    await rehash(judged, form.password ?? '');
    return deps.proceed(step, { account: judged, change: proved(judged, identifier, form.stay) });
  };

  async function judge(identifier: string, password: string, known: KnownBrowser | undefined) {
    let found: Found;
    let judged: Account | undefined;
    const right = await deps.passwords.verify(async () => {
      found = await deps.accounts.takePasswordGuess({ identifier, now: deps.now(), ...(known ? { known } : {}) });
      judged = found && found.guess.state === 'taken' && found.account.active ? found.account : undefined;
      return judged?.passwordHash;
    }, password);
    return { found, judged, right };
  }

  function proved(account: Account, identifier: string, stay: boolean) {
    const proof: Proof = { kind: 'password', amr: ['pwd'], level: '1fa', at: deps.now() };
    const fresh = { shown: identifier, accountId: account.id, sessionVersion: account.sessionVersion, proofs: [proof] };
    // Proofs of whoever was here before go in the same write: facts belong to one person (CVE-2026-18963).
    return { ...blank, ...fresh, ...(stay ? { stay } : {}) };
  }

  async function rehash(account: Account, password: string): Promise<void> {
    const from = account.passwordHash;
    if (from === undefined || !deps.passwords.needsRehash(from)) return;
    const to = await deps.passwords.hash(password).catch(busy);
    if (to !== undefined) await deps.accounts.rehash({ id: account.id, from, to });
  }

  async function recordFailure(step: Step, found: Found): Promise<void> {
    const detail = !found
      ? 'unknown'
      : found.guess.state !== 'taken'
        ? found.guess.state
        : found.account.active
          ? 'wrong'
          : 'disabled';
    const accountId = found?.account.id;
    const who = { clientId: step.request.clientId, ...step.origin, ...(accountId ? { accountId } : {}) };
    const event: Event = { at: deps.now(), kind: 'password', result: 'failure', detail, ...who };
    // In the same command: whether a try began a wait must not be told by the time that the answer takes.
    const lock = found?.guess.state === 'taken' && found.guess.lockedUntil ? [{ ...event, ...passwordLock }] : [];
    await deps.events.append(event, ...lock);
  }
}

/** A full queue must not turn a right password away: its hash is renewed at another sign-in. */
function busy(error: unknown): undefined {
  if (!(error instanceof Problem) || error.code !== 'busy') throw error;
}

function missingField(form: PasswordForm): Outcome | undefined {
  const refusals = [
    ...(form.identifier?.trim() ? [] : [{ field: 'identifier', code: 'missing' }]),
    ...(form.password ? [] : [{ field: 'password', code: 'missing' }]),
  ];
  return refusals.length > 0 ? { outcome: 'refused', refusals } : undefined;
}
