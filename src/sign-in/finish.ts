import type { Account, Accounts } from '../accounts/account.ts';
import type { Level, Proof } from '../factors/factor.ts';
import { eventSubject, type NamedEvent, signInRecord } from '../protection/events.ts';
import { type AttemptChange, type Attempts, isSignIn, type SignInAttempt } from './attempt.ts';
import type { noticingPlaces } from './new-place.ts';
import { next } from './next.ts';
import { type SignInStep, type Step, stepAt } from './outcome.ts';
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

/** The port to the library's half of a sign-in's row. What it is told stands there, so that it is written with the attempt's last change. */
export interface Interactions {
  /** That half with the result. Undefined: the library goes on with this sign-in no more. */
  finished(attempt: SignInAttempt, finished: Finished): Promise<string | undefined>;
  /** The same with the end without a sign-in (RFC 6749 section 4.1.2.1). */
  refused(attempt: SignInAttempt): Promise<string | undefined>;
}

/** How an attempt comes to its end. */
export interface Ending {
  /** What the write holds that ends it; of a sign-in with all that the library and the audit record are told. */
  lastChange(step: Step): Promise<{ readonly finishedAt: Date }>;
  /** What follows for whoever ended it, with the attempt as it is then. Left undone by an outage, it only means that more is asked next time. */
  settle(step: Step): Promise<void>;
}

type LastChange = Pick<AttemptChange<SignInAttempt>, 'refused' | 'interaction' | 'events'> & {
  readonly finishedAt: Date;
};

/** Levels at which no factor was spent. */
const noFactor: readonly Level[] = ['1fa', 'remembered'];

/** Every last write is one update: whoever ended it otherwise meanwhile (cancelled, gave it to another account) has the last word. */
export function finishing(deps: {
  readonly accounts: Accounts;
  readonly attempts: Attempts;
  readonly consents: Consents;
  readonly interactions: Interactions;
  readonly noticePlace: ReturnType<typeof noticingPlaces>;
  readonly now: () => Date;
}): Ending & { finish(step: SignInStep): Promise<SignInAttempt | undefined> } {
  async function lastChange(step: Step): Promise<LastChange> {
    if (!isSignIn(step)) return { finishedAt: deps.now() };
    const finished = conclude(step);
    const now = deps.now();
    const interaction = await deps.interactions.finished(step.attempt, finished);
    if (interaction === undefined) return { finishedAt: now, refused: true };
    const events = eventsOf(step, finished, now);
    return { finishedAt: now, interaction, ...(events.length > 0 ? { events } : {}) };
  }

  /** Ends a sign-in in which nothing is left to be asked. Undefined: something is, or somebody else moved it on. */
  async function finish(step: SignInStep): Promise<SignInAttempt | undefined> {
    if (next(step) !== 'finish') return undefined; // guard: finish-needs-all-stages
    const ended = await deps.attempts.advance(step.attempt, await lastChange(step), deps.now()); // guard: ended-attempt-not-finished
    if (ended) await settle(stepAt(step, { attempt: ended }));
    return ended;
  }

  async function settle(step: Step): Promise<void> {
    if (!isSignIn(step) || !step.account || step.attempt.refused) return;
    const { attempt, account, request } = step;
    const key = { accountId: account.id, clientId: request.clientId };
    if (attempt.consent) await deps.consents.allow({ ...key, scopes: attempt.consent, at: deps.now() });
    // A factor's spend gave all guesses back already; a password alone is a full sign-in only here, and gives back its own.
    const level = conclude(step).login?.level;
    if (level) await deps.noticePlace(step, account); // guard: finished-sign-in-place
    if (level && noFactor.includes(level)) await deps.accounts.refillPassword(account.id); // guard: lone-password-refills-at-end
  }

  return { lastChange, settle, finish };
}

function eventsOf({ attempt, account, request, origin }: SignInStep, { login }: Finished, at: Date): NamedEvent[] {
  if (!account) return [];
  const who = eventSubject({ accountId: account.id, clientId: request.clientId, origin });
  const event = { at, result: 'success', ...who } as const;
  const consent = { name: `${attempt.id}:consent`, event: { ...event, kind: 'consent' } } as const;
  const signIn = login && {
    name: signInRecord(attempt.id),
    event: { ...event, kind: 'sign_in', detail: login.level } as const,
  };
  return [...(attempt.consent ? [consent] : []), ...(signIn ? [signIn] : [])];
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
