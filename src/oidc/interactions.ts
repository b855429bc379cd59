import type { Context } from 'koa';
import { errors, type default as Provider } from 'oidc-provider';
import { Problem } from '../platform/problem.ts';
import type { SignInAttempt } from '../sign-in/attempt.ts';
import type { Finished, Interactions as ToldOfSignIns } from '../sign-in/finish.ts';
import { acrOf, amrOf, type MfaRule, provedAt } from '../sign-in/policy/assurance.ts';
import { type Agreed, requestedClaims } from './grants.ts';
import { type InteractionSeal, instantiated, type LibraryInteraction, payloadOf, resumesWith } from './one-attempt.ts';

export interface Interactions extends ToldOfSignIns {
  /** Whether this browser holds the interaction's signed cookie: a uid alone, seen in an address, is worth nothing. */
  holds(ctx: Context, uid: string): boolean;
  /** Uid of what this browser's signed cookie would resume. */
  resumed(ctx: Context): string | undefined;
  /** The library resumes what was read here, in this request, and reads it no second time. */
  resume(ctx: Context, attempt: SignInAttempt): void;
  /** Where the browser goes on; undefined: the library was told nothing, or it was resumed. */
  returnTo(attempt: SignInAttempt): string | undefined;
  /** Another person's session in this browser ends; the library would otherwise stop at a page that needs a script. */
  leaveOtherSession(ctx: Context, accountId: string): Promise<void>;
}

interface Deps {
  readonly provider: Provider;
  readonly seal: InteractionSeal;
  readonly mfa: MfaRule;
  /** Told of a session that another person's sign-in in the same browser ends. */
  readonly endSession: (ctx: Context, session: { readonly uid: string; readonly accountId: string }) => Promise<void>;
}

export function interactions(deps: Deps): Interactions {
  const { provider, seal, mfa } = deps;
  const open = ({ id, interaction }: SignInAttempt): LibraryInteraction | undefined =>
    interaction === undefined ? undefined : instantiated(provider, seal.open(id, interaction));
  const told = async (attempt: SignInAttempt, stored: LibraryInteraction, result: LibraryInteraction['result']) =>
    seal.seal(attempt.id, await payloadOf(Object.assign(stored, { result })));

  return {
    // The cookie's path holds the uid already; this holds where a browser ignores paths.
    holds: (ctx, uid) => ctx.cookies.get(provider.cookieName('interaction'), { signed: true }) === uid, // guard: uid-needs-signed-cookie
    resumed: (ctx) => ctx.cookies.get(provider.cookieName('resume'), { signed: true }), // guard: resume-needs-signed-cookie
    resume: resumesWith,

    async finished(attempt, finished) {
      const stored = await inSession(provider, open(attempt), finished.login?.accountId);
      const result = stored && { ...stored.lastSubmission, ...resultOf(stored, finished, mfa), ...resolved(stored) };
      return stored && told(attempt, stored, result);
    },

    async refused(attempt) {
      const stored = open(attempt);
      const result = { error: 'access_denied', error_description: 'End-User aborted interaction' };
      return stored && told(attempt, stored, result);
    },

    returnTo(attempt) {
      const stored = open(attempt);
      return stored?.result && stored.returnTo;
    },

    leaveOtherSession: (ctx, accountId) => leaveOtherSession(deps, ctx, accountId),
  };
}

/**
 * Login and consent in one result: one interaction, no loop. Always with `ts`, or a merged result would move auth_time. The
 * grant itself is made where the request is resumed (grants.ts), which would only have to read again what is written here.
 */
function resultOf(stored: LibraryInteraction, { login, grant }: Finished, mfa: MfaRule): object {
  const agreed: Agreed | undefined = grant && { ...grant, claims: requestedClaims(stored.params) };
  const consent = agreed ? { consent: agreed } : {};
  if (!login) return consent;
  const { accountId, level, proofs, sessionVersion, stay } = login;
  const summary = {
    accountId,
    acr: acrOf(level),
    amr: amrOf(proofs, mfa), // guard: library-told-amr
    ts: Math.floor(provedAt(proofs).getTime() / 1000), // guard: library-told-auth-time
    remember: stay,
  };
  return { ...consent, login: { ...summary, proofs, sessionVersion } };
}

/** Our own prompts count as answered once their interaction ends well. */
function resolved(stored: LibraryInteraction): object {
  const prompts = String(stored.params.prompt ?? '').split(' ');
  const ours = [...prompts, stored.prompt.name].filter((name) => name === 'create' || name === 'select_account');
  return Object.fromEntries(ours.map((name) => [name, {}]));
}

/**
 * The session it began in must be that of who signs in, or the library refuses to resume it. One that is over (its absolute
 * end, a sign-out in another tab) is forgotten: it goes on as a browser's without one, where everything is asked. One that
 * names somebody else by now ends it.
 */
async function inSession(
  provider: Provider,
  stored: LibraryInteraction | undefined,
  signedIn: string | undefined,
): Promise<LibraryInteraction | undefined> {
  const began = stored?.session;
  if (!stored || !began?.uid) return stored;
  if (signedIn !== undefined && signedIn !== began.accountId) return withoutSession(stored); // guard: other-persons-session-left
  const session = await outageAsProblem(() => provider.Session.findByUid(String(began.uid)));
  if (!session) return withoutSession(stored);
  return session.accountId === began.accountId ? stored : undefined;
}

function withoutSession(stored: LibraryInteraction): LibraryInteraction {
  stored.session = undefined;
  return stored;
}

async function leaveOtherSession({ provider, endSession }: Deps, ctx: Context, accountId: string): Promise<void> {
  const session = await outageAsProblem(() => provider.Session.get(ctx));
  if (!session.accountId || session.accountId === accountId) return;
  await outageAsProblem(() => session.destroy());
  await endSession(ctx, { uid: session.uid, accountId: session.accountId });
}

export async function outageAsProblem<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asProblem(error);
  }
}

/** An outage below the library arrives as its own error; on our pages it is a Problem like any other. */
function asProblem(error: unknown): unknown {
  const outage = error instanceof errors.OIDCProviderError && error.status === 503;
  return outage ? new Problem('unavailable', 503, { cause: error, retryAfterSeconds: 5 }) : error;
}
