import type { Context } from 'koa';
import { errors, type default as Provider } from 'oidc-provider';
import type { ClientSettings } from '../config.ts';
import type { Level } from '../factors/factor.ts';
import { Problem } from '../platform/problem.ts';
import { acrOf, amrOf, judgeAcr } from '../sign-in/assurance.ts';
import type { Finished } from '../sign-in/finish.ts';
import type { SignInRequest } from '../sign-in/next.ts';
import type { Clients } from './clients.ts';
import { grantFor, requestedClaims, requestedScopes } from './grants.ts';
import { requestOf } from './policy.ts';

type LibraryInteraction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** One authorization request that waits for a person, as the rest of Twofold sees it. */
export interface Interaction {
  readonly uid: string;
  readonly client: ClientSettings;
  readonly request: Omit<SignInRequest, 'allowed'>;
  /** Where the client wants the person back (registered, compared exactly). */
  readonly redirectUri: string;
  /** Where the browser goes once the library was told: set from then on. */
  readonly finished?: string;
  /** Tells the library the result, once; returns where the browser goes on. */
  conclude(ctx: Context, finished: Finished): Promise<string>;
  /** Ends the request without a sign-in (RFC 6749 section 4.1.2.1). */
  refuse(): Promise<string>;
}

export interface Interactions {
  /** Undefined: there is no such interaction in this browser (any more). */
  find(ctx: Context, uid: string): Promise<Interaction | undefined>;
}

interface Deps {
  readonly provider: Provider;
  readonly clients: Clients;
  /** Whether a session of the library's is one at all: its record may be gone, its account changed. */
  readonly sessionStands: (session: { readonly uid: string; readonly accountId: string }) => Promise<boolean>;
  /** Told of a session that another person's sign-in in the same browser ends. */
  readonly endSession: (ctx: Context, session: { readonly uid: string; readonly accountId: string }) => Promise<void>;
}

export function interactions(deps: Deps): Interactions {
  return {
    async find(ctx, uid) {
      const stored = await read(deps.provider, ctx);
      const client = deps.clients.get(String(stored?.params.client_id));
      // The cookie's path holds the uid already; this holds where a browser ignores paths.
      if (!stored || stored.uid !== uid || !client) return undefined;
      return open(deps, stored, { client, sessionAccountId: await sessionAccount(deps, stored) });
    },
  };
}

async function sessionAccount({ sessionStands }: Deps, { session }: LibraryInteraction): Promise<string | undefined> {
  if (!session?.accountId) return undefined;
  return (await sessionStands(session)) ? session.accountId : undefined;
}

function open(
  deps: Deps,
  stored: LibraryInteraction,
  { client, sessionAccountId }: { client: ClientSettings; sessionAccountId: string | undefined },
): Interaction {
  const tell = async (result: object) => {
    stored.result = { ...stored.lastSubmission, ...result };
    await told(() => stored.persist());
    return stored.returnTo;
  };
  return {
    uid: stored.uid,
    client,
    request: { ...requestFrom(stored, client), ...(sessionAccountId === undefined ? {} : { sessionAccountId }) },
    redirectUri: String(stored.params.redirect_uri),
    ...(stored.result ? { finished: stored.returnTo } : {}),
    async conclude(ctx, finished) {
      if (finished.login) await leaveOtherSession(deps, { ctx, stored, accountId: finished.login.accountId });
      return tell({ ...(await resultOf(deps.provider, stored, finished)), ...resolved(stored) });
    },
    async refuse() {
      stored.result = { error: 'access_denied', error_description: 'End-User aborted interaction' };
      await told(() => stored.persist());
      return stored.returnTo;
    },
  };
}

function requestFrom(stored: LibraryInteraction, client: ClientSettings): Omit<SignInRequest, 'allowed'> {
  const { params } = stored;
  const prompts = String(params.prompt ?? '').split(' ');
  const hint = params.login_hint;
  return {
    clientId: client.clientId,
    firstParty: client.firstParty,
    prompt: stored.prompt.name as SignInRequest['prompt'],
    asksConsent: prompts.includes('consent'),
    scopes: requestedScopes(params),
    leastLevel: leastLevel(params),
    ...(typeof hint === 'string' ? { loginHint: hint } : {}),
  };
}

function leastLevel(params: Readonly<Record<string, unknown>>): Level {
  const requested = requestOf(params);
  const upward: readonly Level[] = ['1fa', '2fa-email', '2fa-sms', '2fa'];
  return upward.find((level) => judgeAcr(requested, level).met) ?? 'phr';
}

/** Login and consent in one result: one interaction, no loop. Always with `ts`, or a merged result would move auth_time. */
async function resultOf(provider: Provider, stored: LibraryInteraction, { login, grant }: Finished): Promise<object> {
  const consent = grant
    ? {
        consent: {
          grantId: await told(() => grantFor(provider, stored, { ...grant, claims: requestedClaims(stored.params) })),
        },
      }
    : {};
  if (!login) return consent;
  const { accountId, level, proofs, sessionVersion, stay } = login;
  const latest = Math.max(...proofs.map(({ at }) => at.getTime()));
  const summary = { accountId, acr: acrOf(level), amr: amrOf(proofs), ts: Math.floor(latest / 1000), remember: stay };
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
  const session = await told(() => provider.Session.get(change.ctx));
  if (!session.accountId || session.accountId === change.accountId) return;
  await told(() => session.destroy());
  await endSession(change.ctx, { uid: session.uid, accountId: session.accountId });
  change.stored.session = undefined;
}

async function read(provider: Provider, ctx: Context): Promise<LibraryInteraction | undefined> {
  try {
    return await provider.interactionDetails(ctx.req, ctx.res);
  } catch (error) {
    if (!(error instanceof errors.SessionNotFound)) throw asProblem(error);
    return error.error_description === 'session not found' ? told(() => withoutSession(provider, ctx)) : undefined;
  }
}

/** The session it began in is over (its absolute end, a sign-out in another tab): it goes on as a browser's without one, where everything is asked. */
async function withoutSession(provider: Provider, ctx: Context): Promise<LibraryInteraction | undefined> {
  const { cookies } = provider.createContext(ctx.req, ctx.res);
  const uid = cookies.get(provider.cookieName('interaction'), { signed: true });
  const stored = uid ? await provider.Interaction.find(uid) : undefined;
  if (stored) stored.session = undefined;
  return stored;
}

async function told<T>(work: () => Promise<T>): Promise<T> {
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
