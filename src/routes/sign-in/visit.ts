import type { Context } from 'koa';
import type { Account, Accounts } from '../../accounts/account.ts';
import { type ProvedAccount, stillProved } from '../../accounts/still-proved.ts';
import type { ClientSettings } from '../../config/config.ts';
import type { BrowserMarks } from '../../http/cookies/browser-mark.ts';
import type { deviceCookies } from '../../http/cookies/device-cookies.ts';
import type { knownBrowsers } from '../../http/cookies/known-browser.ts';
import { originOf } from '../../http/origin.ts';
import type { Clients } from '../../oidc/clients.ts';
import type { Interactions } from '../../oidc/interactions.ts';
import { defined } from '../../platform/defined.ts';
import { hashId } from '../../platform/hash.ts';
import { Problem } from '../../platform/problem.ts';
import type { KnownBrowser } from '../../protection/budgets.ts';
import type { Attempts, AttemptsWithAccounts, SignInAttempt } from '../../sign-in/attempt.ts';
import { asksTheSession, promptOf } from '../../sign-in/choose.ts';
import { next, type SignInPolicy, type SignInStage } from '../../sign-in/next.ts';
import type { SignInStep } from '../../sign-in/outcome.ts';
import type { Consents, Sessions } from '../../sign-in/sessions.ts';

/** One request of a browser that is in the middle of a sign-in. */
export interface Visit {
  readonly uid: string;
  readonly client: ClientSettings;
  readonly step: SignInStep;
  readonly stage: SignInStage;
  /** Path of the dispatcher, below which every form posts. */
  readonly base: string;
  /** To which accounts this browser is known. */
  readonly knownBrowser: () => KnownBrowser | undefined;
}

export interface BrowserDeps {
  readonly marks: BrowserMarks;
}

export interface VisitDeps extends BrowserDeps {
  readonly interactions: Interactions;
  readonly browsers: ReturnType<typeof knownBrowsers>;
  readonly devicesOf: ReturnType<typeof deviceCookies>;
  readonly clients: Clients;
  readonly attempts: Attempts;
  readonly attemptsWithAccounts: AttemptsWithAccounts;
  readonly accounts: Accounts;
  readonly consents: Consents;
  readonly sessions: Pick<Sessions, 'seen'>;
  readonly policy: SignInPolicy;
  readonly now: () => Date;
}

/** Loads all that decides what comes next; throws a Problem that leads back where there is no such sign-in in this browser. */
export async function loadVisit(deps: VisitDeps, ctx: Context, uid: string): Promise<Visit> {
  const id = hashId(uid);
  const found = deps.interactions.holds(ctx, uid) ? await deps.attemptsWithAccounts.find(id, deps.now()) : undefined; // guard: attempt-needs-cookie
  const attempt = found?.attempt.purpose === 'sign-in' ? found.attempt : undefined; // guard: interaction-no-change
  const client = attempt && deps.clients.get(attempt.clientId);
  // Signed cookies can be planted by a sibling host: without the mark nothing is shown, judged, sent or ended.
  const own = attempt !== undefined && deps.marks.holds(ctx, attempt.browserMark); // guard: attempt-own-browser
  if (!own || !client) throw await gone(deps, ctx, id);

  const { clientId, firstParty, name: clientName, rememberDevice } = client;
  const ofSession = asksTheSession(attempt);
  const account = ofSession ? await sessionAccount(deps, attempt) : stillProved(found?.account, attempt); // guard: changed-account-not-gone-on
  const { sessionAccountId: _claimed, ...asked } = attempt.asked;
  // A session that is dead by now names nobody, and nobody is asked to allow anything in its name.
  const prompt = ofSession && !account && attempt.asked.prompt === 'consent' ? 'login' : promptOf(attempt); // guard: dead-session-no-consent
  const named = ofSession && account ? { sessionAccountId: account.id } : {};
  const always = rememberDevice ? {} : ({ alwaysAsks: true } as const); // guard: client-always-asks
  const request = { ...asked, ...named, ...always, prompt, clientId, firstParty, allowed: [] };
  const step: SignInStep = {
    attempt,
    account,
    request,
    policy: deps.policy,
    now: deps.now(),
    origin: originOf(ctx),
    clientName,
    devices: deps.devicesOf(ctx),
    knownBrowser: () => deps.browsers.read(ctx),
  };
  return withStage(deps, {
    uid,
    client,
    step,
    base: `/interaction/${uid}`,
    knownBrowser: () => deps.browsers.read(ctx),
  });
}

/** What was allowed before is asked for only where it decides. */
export async function withStage({ consents }: VisitDeps, visit: Omit<Visit, 'stage'>): Promise<Visit> {
  const stage = next(visit.step);
  const { account, request } = visit.step;
  if (stage !== 'consent' || !account || request.asksConsent) return { ...visit, stage }; // guard: consent-asked-anew
  const allowed = await consents.find({ accountId: account.id, clientId: request.clientId });
  const step = { ...visit.step, request: { ...request, allowed } };
  return { ...visit, step, stage: next(step) };
}

async function sessionAccount(deps: VisitDeps, { asked: { sessionId } }: SignInAttempt): Promise<Account | undefined> {
  const record = sessionId === undefined ? undefined : await deps.sessions.seen(sessionId, deps.now()); // guard: dead-session-names-nobody
  return record && ownAccount(deps, record);
}

/** An account that was disabled, or changed since its password was proved for its session, proves nothing any more. */
async function ownAccount({ accounts }: VisitDeps, proved: ProvedAccount): Promise<Account | undefined> {
  const account = proved.accountId === undefined ? undefined : await accounts.find(proved.accountId);
  return stillProved(account, proved); // guard: changed-account-proves-nothing
}

/** Why there is nothing to go on with, told so that the person knows what to do. */
async function gone({ attempts, now }: VisitDeps, ctx: Context, id: string): Promise<Problem> {
  const clientId = await attempts.findClient(id, now());
  const attempt = await attempts.find(id, now());
  const ended = attempt?.purpose === 'sign-in' ? over(attempt) : undefined;
  if (attempt) return ended ?? beganElsewhere(ctx, attempt.clientId);
  return new Problem('sign_in_ended', 410, defined({ clientId }));
}

/** Not in this browser. One that keeps no cookie at all may have begun it and lost the mark, unless a person opened the address by hand. */
export function beganElsewhere(ctx: Context, clientId: string): Problem {
  const known = ctx.get('Cookie') !== '' || ctx.get('Sec-Fetch-Site') === 'none';
  return new Problem(known ? 'wrong_browser' : 'cookies_needed', 403, { clientId });
}

/** The problem of somebody who comes back to a sign-in that has ended; undefined while it has not. */
export function over({ finishedAt, refused, clientId }: SignInAttempt): Problem | undefined {
  if (!finishedAt) return undefined;
  return refused
    ? new Problem('sign_in_ended', 410, { clientId })
    : new Problem('already_signed_in', 409, { clientId });
}
