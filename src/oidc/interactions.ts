import type { Context } from 'koa';
import { errors, type default as Provider } from 'oidc-provider';
import { Problem } from '../platform/problem.ts';
import type { Finished } from '../sign-in/finish.ts';
import { acrOf, amrOf, provedAt } from '../sign-in/policy/assurance.ts';
import { type Agreed, requestedClaims } from './grants.ts';

type LibraryInteraction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** The library's side of an attempt, asked for when it is over: everything before that is read from the attempt. */
export interface Interaction {
  /** Where the browser goes once the library was told: set from then on. */
  readonly finished?: string;
  /** Tells the library the result, again if it has to be: the last write counts, and resume takes it once. Returns where the browser goes on. */
  conclude(ctx: Context, finished: Finished): Promise<string>;
  /** Ends the request without a sign-in (RFC 6749 section 4.1.2.1). */
  refuse(): Promise<string>;
}

export interface Interactions {
  /** Whether this browser holds the interaction's signed cookie: a uid alone, seen in an address, is worth nothing. */
  holds(ctx: Context, uid: string): boolean;
  /** Uid of what this browser's signed cookie would resume. */
  resumed(ctx: Context): string | undefined;
  /** Undefined: the library has no such interaction in this browser (any more). */
  find(ctx: Context, uid: string): Promise<Interaction | undefined>;
}

interface Deps {
  readonly provider: Provider;
  /** Told of a session that another person's sign-in in the same browser ends. */
  readonly endSession: (ctx: Context, session: { readonly uid: string; readonly accountId: string }) => Promise<void>;
}

export function interactions(deps: Deps): Interactions {
  return {
    // The cookie's path holds the uid already; this holds where a browser ignores paths.
    holds: (ctx, uid) => ctx.cookies.get(deps.provider.cookieName('interaction'), { signed: true }) === uid, // guard: uid-needs-signed-cookie
    resumed: (ctx) => ctx.cookies.get(deps.provider.cookieName('resume'), { signed: true }), // guard: resume-needs-signed-cookie

    async find(ctx, uid) {
      const stored = await read(deps.provider, ctx);
      return stored?.uid === uid ? open(deps, stored) : undefined;
    },
  };
}

function open(deps: Deps, stored: LibraryInteraction): Interaction {
  const tell = async (result: object) => {
    stored.result = { ...stored.lastSubmission, ...result };
    await outageAsProblem(() => stored.persist());
    return stored.returnTo;
  };
  return {
    ...(stored.result ? { finished: stored.returnTo } : {}),
    async conclude(ctx, finished) {
      if (finished.login) await leaveOtherSession(deps, { ctx, stored, accountId: finished.login.accountId }); // guard: other-persons-session-ends
      return tell({ ...resultOf(stored, finished), ...resolved(stored) });
    },
    async refuse() {
      stored.result = { error: 'access_denied', error_description: 'End-User aborted interaction' };
      await outageAsProblem(() => stored.persist());
      return stored.returnTo;
    },
  };
}

/**
 * Login and consent in one result: one interaction, no loop. Always with `ts`, or a merged result would move auth_time. The
 * grant itself is made where the request is resumed (grants.ts), which would only have to read again what is written here.
 */
function resultOf(stored: LibraryInteraction, { login, grant }: Finished): object {
  const agreed: Agreed | undefined = grant && { ...grant, claims: requestedClaims(stored.params) };
  const consent = agreed ? { consent: agreed } : {};
  if (!login) return consent;
  const { accountId, level, proofs, sessionVersion, stay } = login;
  const summary = {
    accountId,
    acr: acrOf(level),
    amr: amrOf(proofs), // guard: library-told-amr
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

/** Another person's session in this browser ends here; the library would otherwise stop at a page that needs a script. */
async function leaveOtherSession(
  { provider, endSession }: Deps,
  change: { ctx: Context; stored: LibraryInteraction; accountId: string },
): Promise<void> {
  const session = await outageAsProblem(() => provider.Session.get(change.ctx));
  if (!session.accountId || session.accountId === change.accountId) return;
  await outageAsProblem(() => session.destroy());
  await endSession(change.ctx, { uid: session.uid, accountId: session.accountId });
  change.stored.session = undefined;
}

async function read(provider: Provider, ctx: Context): Promise<LibraryInteraction | undefined> {
  try {
    return await provider.interactionDetails(ctx.req, ctx.res);
  } catch (error) {
    if (!(error instanceof errors.SessionNotFound)) throw asProblem(error);
    return error.error_description === 'session not found'
      ? outageAsProblem(() => withoutSession(provider, ctx))
      : undefined;
  }
}

/** The session it began in is over (its absolute end, a sign-out in another tab): it goes on as a browser's without one, where everything is asked. */
async function withoutSession(provider: Provider, ctx: Context): Promise<LibraryInteraction | undefined> {
  const { cookies } = provider.createContext(ctx.req, ctx.res);
  const uid = cookies.get(provider.cookieName('interaction'), { signed: true }); // guard: orphan-needs-signed-cookie
  const stored = uid ? await provider.Interaction.find(uid) : undefined;
  if (stored) stored.session = undefined;
  return stored;
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
