import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import type { Account } from '../accounts/account.ts';
import { canonicalIdentifier } from '../accounts/identifier.ts';
import { meets } from '../accounts/level.ts';
import type { Level, Proof } from '../factors/factor.ts';
import {
  amrOf,
  judgeAcr,
  type MfaRule,
  type RequestedAcr,
  reachable,
  rememberedSince,
  requestedAcr,
} from '../sign-in/policy/assurance.ts';
import type { Asked } from '../sign-in/request.ts';
import type { KnownAccount } from './claims.ts';
import { UnmetAuthenticationRequirements } from './faults.ts';
import { provedAnew } from './proved-anew.ts';
import type { LeastLevel, ValidSession } from './valid-session.ts';

const { Check, Prompt, base } = interactionPolicy;
const needed = Check.REQUEST_PROMPT;
const fine = Check.NO_NEED_TO_PROMPT;

/** Whether the remembered device that a session rests on is enough for a request of this client. */
export type DeviceCounts = (
  account: Account,
  asked: { readonly clientId: string; readonly proofs: readonly Proof[] } & Pick<Asked, 'anew' | 'maxAgeSeconds'>,
) => boolean;

export interface PolicyDeps {
  readonly validSession: (ctx: KoaContextWithOIDC) => Promise<ValidSession | undefined>;
  /** Levels that this installation can prove at all. */
  readonly levels: readonly Level[];
  readonly leastLevel: LeastLevel;
  /** What a client always asks for. */
  readonly leastOfClient: (clientId: string) => Level;
  readonly mfa: MfaRule;
  readonly deviceCounts: DeviceCounts;
}

/**
 * The library's own judgement of a session, made independent of the pages: whatever they did, a session that lacks what the
 * request needs gets no code. Order of prompts: create, select_account, login, consent; the first that is not resolved stops.
 */
export function signInPolicy(deps: PolicyDeps): interactionPolicy.DefaultPolicy {
  const policy = base();
  const login = policy.get('login');
  if (!login) throw new Error('the library has no login prompt');
  // Compared for equality and looping on a higher level; replaced by our check of the level.
  login.checks.remove('essential_acr');
  login.checks.remove('essential_acrs');
  // These two loop when another person signs in than the one that is named; replaced by our check of the subject.
  login.checks.remove('id_token_hint');
  login.checks.remove('claims_id_token_sub_value');
  // What prompt=none answers (OpenID Connect Core 3.1.2.6); unnamed, the library would say interaction_required.
  const errorCode = 'login_required';
  const check = (reason: string, description: string, judge: (ctx: KoaContextWithOIDC) => boolean | Promise<boolean>) =>
    login.checks.add(new Check(reason, description, errorCode, judge));
  check('account_or_record_gone', 'End-User authentication is required', (ctx) => recordGone(deps, ctx));
  check('subject', 'requested subject could not be obtained', otherSubject); // guard: hinted-account-or-nobody
  check('assurance', 'a stronger authentication is required', (ctx) => requestUnmet(deps, ctx));
  policy.add(
    new Prompt(
      { name: 'select_account', requestable: true },
      new Check('login_hint', 'another account is named', 'account_selection_required', (ctx) =>
        otherHinted(deps, ctx),
      ),
    ),
    0,
  );
  policy.add(new Prompt({ name: 'create', requestable: true }), 0);
  return policy;
}

async function recordGone({ validSession, mfa }: PolicyDeps, ctx: KoaContextWithOIDC): Promise<boolean> {
  if (!ctx.oidc.session?.accountId) return fine;
  const found = await validSession(ctx);
  if (!found) return needed; // guard: session-needs-record
  // The library reads both by getters from its session; what a client is told comes from the record alone.
  Object.defineProperty(ctx.oidc, 'amr', { value: amrOf(found.record.proofs, mfa), configurable: true }); // guard: amr-of-record
  return fine;
}

/** OpenID Connect Core 3.1.2.1 and 5.5.1: the person named by id_token_hint or a requested sub, or an error; never another round. */
function otherSubject(ctx: KoaContextWithOIDC): boolean {
  const { oidc } = ctx;
  const named = [hintedSubject(oidc.params?.id_token_hint), requestedSubject(oidc.params?.claims)].filter(
    (sub) => sub !== undefined,
  );
  if (named.length === 0 || named.every((sub) => sub === oidc.session?.accountId)) return fine;
  if (oidc.result?.login) throw new errors.LoginRequired('requested subject could not be obtained');
  return needed;
}

async function requestUnmet(deps: PolicyDeps, ctx: KoaContextWithOIDC): Promise<boolean> {
  const { validSession, levels } = deps;
  const { oidc } = ctx;
  const requested = requestOf(oidc.params);
  if (!reachable(requested, levels)) throw new UnmetAuthenticationRequirements(); // guard: hopeless-level-refused-first
  const found = await validSession(ctx);
  if (!found) return fine;
  const judged = judgeAcr(requested, found.level);
  if (judged.met && strongEnough(deps, ctx, found)) {
    // guard: policy-judges-level, policy-judges-second-factor
    Object.defineProperty(oidc, 'acr', { value: judged.acr, configurable: true });
    return fine;
  }
  if (oidc.result?.login) throw new UnmetAuthenticationRequirements();
  return needed;
}

function strongEnough(
  { leastLevel, leastOfClient, deviceCounts }: PolicyDeps,
  { oidc }: KoaContextWithOIDC,
  found: ValidSession,
): boolean {
  const account = (oidc.account as KnownAccount | undefined)?.stored;
  const client = oidc.client?.clientId;
  if (!account || client === undefined) return false;
  const { proofs } = found.record;
  const rests = rememberedSince(proofs) !== undefined;
  if (rests && !deviceCounts(account, { clientId: client, proofs, ...provedAnew(oidc.params ?? {}) })) return false; // guard: policy-judges-device
  const fresh = oidc.result?.login !== undefined;
  const least = leastLevel(account, { proofs, fresh });
  return meets(found.level, least) && meets(found.level, leastOfClient(client)); // guard: policy-judges-client-level
}

/** A session of one person and a login_hint of another: the person decides, the library would silently take the session. */
async function otherHinted({ validSession }: PolicyDeps, ctx: KoaContextWithOIDC): Promise<boolean> {
  const { oidc } = ctx;
  const hint = oidc.params?.login_hint;
  const account = (oidc.account as KnownAccount | undefined)?.stored;
  if (typeof hint !== 'string' || !account || oidc.result?.login || oidc.result?.select_account) return fine;
  const hinted = canonicalIdentifier(hint);
  if (hinted === undefined || hinted === account.email || hinted === account.username) return fine;
  return (await validSession(ctx)) ? needed : fine; // guard: login-hint-no-silent-session
}

/** From the raw parameters: the library lets acr_values overwrite an essential acr. */
export function requestOf(params: Readonly<Record<string, unknown>> | undefined): RequestedAcr {
  const acrValues = params?.acr_values;
  return requestedAcr({ claims: params?.claims, ...(typeof acrValues === 'string' ? { acrValues } : {}) }); // guard: essential-acr-raw
}

/** The library verifies the hint when the request comes in and forgets it when the request is resumed: the sealed parameters still hold it. */
function hintedSubject(hint: unknown): unknown {
  if (typeof hint !== 'string') return undefined;
  const payload: { sub?: unknown } = JSON.parse(Buffer.from(hint.split('.')[1] ?? '', 'base64url').toString());
  return payload.sub;
}

function requestedSubject(claims: unknown): unknown {
  if (typeof claims !== 'string') return undefined;
  const parsed: { id_token?: { sub?: { value?: unknown } | null } } = JSON.parse(claims);
  return parsed.id_token?.sub?.value;
}
