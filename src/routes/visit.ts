import type { Context } from 'koa';
import type { Account, Accounts } from '../accounts/account.ts';
import { originOf } from '../http/origin.ts';
import type { Interaction, Interactions } from '../oidc/interactions.ts';
import { hashId } from '../platform/hash.ts';
import { Problem } from '../platform/problem.ts';
import type { Attempt, Attempts } from '../sign-in/attempt.ts';
import { next, type SignInPolicy, type Stage } from '../sign-in/next.ts';
import type { Step } from '../sign-in/outcome.ts';
import type { Consents } from '../sign-in/sessions.ts';

/** One request of a browser that is in the middle of a sign-in. */
export interface Visit {
  readonly interaction: Interaction;
  readonly step: Step;
  readonly stage: Stage;
  /** Path of the dispatcher, below which every form posts. */
  readonly base: string;
}

export interface VisitDeps {
  readonly interactions: Interactions;
  readonly attempts: Attempts;
  readonly accounts: Accounts;
  readonly consents: Consents;
  readonly policy: SignInPolicy;
  readonly now: () => Date;
}

/** Loads all that decides what comes next; throws a Problem that leads back where there is no such sign-in in this browser. */
export async function loadVisit(deps: VisitDeps, ctx: Context, uid: string): Promise<Visit> {
  const id = hashId(uid);
  const interaction = await deps.interactions.find(ctx, uid);
  const attempt = interaction && (await deps.attempts.find(id, deps.now()));
  if (!interaction || !attempt) throw await gone(deps, { ctx, id, elsewhere: !interaction });

  const account = await standingAccount(deps, attempt, interaction);
  const allowed =
    account && !interaction.request.firstParty
      ? await deps.consents.find({ accountId: account.id, clientId: attempt.clientId })
      : [];
  const request = { ...interaction.request, allowed };
  const step: Step = {
    attempt,
    account,
    request,
    policy: deps.policy,
    origin: originOf(ctx),
    clientName: interaction.client.name,
  };
  return { interaction, step, stage: next(step), base: `/interaction/${uid}` };
}

/** An account that was disabled, or changed since its password was proved here, proves nothing any more; a session that does not stand names nobody. */
async function standingAccount(
  { accounts }: VisitDeps,
  attempt: Attempt,
  { request }: Interaction,
): Promise<Account | undefined> {
  const ofSession =
    request.prompt === 'consent' ||
    attempt.chosen === 'continue' ||
    (request.sessionAccountId !== undefined && request.prompt === 'select_account' && attempt.chosen === undefined);
  const id = ofSession ? request.sessionAccountId : attempt.accountId;
  const account = id === undefined ? undefined : await accounts.find(id);
  if (!account?.active) return undefined;
  return ofSession || account.sessionVersion === attempt.sessionVersion ? account : undefined;
}

async function gone(
  { attempts, now }: VisitDeps,
  { ctx, id, elsewhere }: { ctx: Context; id: string; elsewhere: boolean },
): Promise<Problem> {
  const clientId = await attempts.findClient(id, now());
  const details = clientId === undefined ? {} : { clientId };
  const attempt = elsewhere ? await attempts.find(id, now()) : undefined;
  if (attempt?.finishedAt) return new Problem('already_signed_in', 409, details);
  if (!attempt) return new Problem('sign_in_ended', 410, details);
  return new Problem(ctx.get('cookie') ? 'wrong_browser' : 'cookies_needed', 403, details);
}
