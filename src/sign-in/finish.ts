import type { Account, Accounts } from '../accounts/account.ts';
import type { Level, Proof } from '../factors/factor.ts';
import { type Events, eventSubject, signInRecord } from '../protection/events.ts';
import type { Attempts, SignInAttempt } from './attempt.ts';
import { next } from './next.ts';
import type { SignInStep } from './outcome.ts';
import { levelReached } from './policy/assurance.ts';
import type { Consents } from './sessions.ts';

/** What the library is told, once and at the end. */
export interface Finished {
  readonly login?: {
    readonly accountId: string;
    readonly level: Level;
    readonly proofs: readonly Proof[];
    /** The account's sessionVersion when the password was proved: the policy compares it again at the last redirect. */
    readonly sessionVersion: number;
    readonly stay: boolean;
  };
  /** Whose grant for these scopes goes with it; absent when only an account was chosen. */
  readonly grant?: { readonly accountId: string; readonly scopes: readonly string[] };
}

export function finishing(deps: {
  readonly accounts: Accounts;
  readonly attempts: Attempts;
  readonly consents: Consents;
  readonly events: Events;
  readonly now: () => Date;
}) {
  /** Idempotent: what an outage left undone is done by the next reload, and what was done stays one event, one consent. */
  return async function finish(step: SignInStep): Promise<Finished | undefined> {
    if (next(step) !== 'finish') return undefined; // guard: finish-needs-all-stages
    const finished = conclude(step);
    const now = deps.now();
    // Whoever ended it otherwise meanwhile (cancelled, gave it to another account) has the last word.
    if (!step.attempt.finishedAt && !(await deps.attempts.advance(step.attempt, { finishedAt: now }, now)))
      // guard: ended-attempt-not-finished
      return undefined;
    await record(step, finished, now);
    return finished;
  };

  async function record(
    { attempt, account, request, origin }: SignInStep,
    { login }: Finished,
    now: Date,
  ): Promise<void> {
    if (!account) return;
    const key = { accountId: account.id, clientId: request.clientId };
    const event = { at: now, result: 'success', ...eventSubject({ ...key, origin }) } as const;
    if (attempt.consent) {
      await deps.consents.allow({ ...key, scopes: attempt.consent, at: now });
      await deps.events.appendOnce(`${attempt.id}:consent`, { ...event, kind: 'consent' });
    }
    // A factor's spend gave all guesses back already; a password alone is a full sign-in only here, and gives back its own.
    if (login?.level === '1fa') await deps.accounts.refillPassword(account.id); // guard: lone-password-refills-at-end
    if (login)
      await deps.events.appendOnce(signInRecord(attempt.id), { ...event, kind: 'sign_in', detail: login.level });
  }
}

function conclude({ attempt, account, request }: SignInStep): Finished {
  if (request.prompt === 'consent' && account) return { grant: { accountId: account.id, scopes: request.scopes } };
  if (!account || attempt.chosen === 'continue') return {};
  return { login: login(attempt, account), grant: { accountId: account.id, scopes: request.scopes } };
}

function login(attempt: SignInAttempt, account: Account) {
  const level = levelReached(attempt.proofs);
  // next() never says 'finish' here without a proved password; a fault in it must not become a session.
  if (level === undefined || attempt.sessionVersion === undefined)
    throw new Error('a sign-in without proofs cannot finish');
  const { proofs, sessionVersion } = attempt;
  return { accountId: account.id, level, proofs, sessionVersion, stay: attempt.stay === true };
}
