import type Router from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import { wantsJson } from '../http/wants-json.ts';
import { Problem } from '../platform/problem.ts';
import type { SignInAttempt } from '../sign-in/attempt.ts';
import type { SignInStage } from '../sign-in/next.ts';
import { stepAt } from '../sign-in/outcome.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import { type Answer, anywhereInSignIn, type Form, form, link, type Page } from './forms/contract.ts';
import { type Dispatching, formRoutes, pageRoutes, seeOther, show } from './forms/dispatch.ts';
import { draw } from './forms/draw.ts';
import { finishScreen } from './screens.ts';
import { interactionPath, signInRealm, uidOf } from './sign-in/realm.ts';
import { loadVisit, over, type Visit, type VisitDeps, withStage } from './sign-in/visit.ts';

/** Shows the page of the stage that is next, and leads back to the library when there is none. */
export interface InteractionDeps extends VisitDeps, Omit<Dispatching<Visit>, 'realm'> {
  readonly restart: SignIn['restart'];
  readonly refuse: SignIn['refuse'];
  readonly putOff: SignIn['putOff'];
  readonly finish: SignIn['finish'];
  /** The page of each stage; 'finish' has none. */
  readonly stages: Readonly<Record<Exclude<SignInStage, 'finish'>, Page<Visit>>>;
  /** Every page of a sign-in. */
  readonly pages: readonly Page<Visit>[];
}

export function interactionRoutes(router: Router, deps: InteractionDeps): void {
  const waysOut = waysOutOf(deps);
  const realm = signInRealm({ ...deps, waysOut, goOn: (ctx, visit, answer) => goOn(deps, ctx, { visit, answer }) });
  const dispatching = { ...deps, realm };
  router.get(interactionPath, (ctx) => dispatch(deps, dispatching, ctx));
  pageRoutes(router, dispatching, deps.pages);
  formRoutes(router, dispatching, waysOut);
}

const nothing = z.object({});

function waysOutOf(deps: Pick<InteractionDeps, 'restart' | 'putOff'>): readonly Form<Visit>[] {
  const wayOut = (name: string, act: (visit: Visit) => Promise<Answer>) =>
    form({ name, path: name, guard: anywhereInSignIn, input: nothing, act });
  return [
    wayOut('later', ({ step }) => deps.putOff(step)),
    wayOut('restart', ({ step }) => deps.restart(step)),
    wayOut('cancel', async () => ({ outcome: 'cancelled' })),
  ];
}

async function dispatch(deps: InteractionDeps, dispatching: Dispatching<Visit>, ctx: Context): Promise<void> {
  const visit = await loadVisit(deps, ctx, uidOf(ctx));
  if (visit.step.attempt.finishedAt || visit.stage === 'finish') return conclude(deps, ctx, visit);
  return show(dispatching, ctx, { visit, page: deps.stages[visit.stage] });
}

/** To the page of what is next, or, where nothing is, straight back to the library: one round less. The account is not read again here; the policy does at the last redirect. */
async function goOn(
  deps: InteractionDeps,
  ctx: Context,
  { visit, answer }: { readonly visit: Visit; readonly answer: Exclude<Answer, { outcome: 'invalid' }> },
): Promise<void> {
  if (answer.outcome === 'cancelled') return cancel(deps, ctx, visit);
  if (answer.outcome === 'done') return seeOther(ctx, answer.to ?? visit.base);
  const { reached } = answer;
  if (!reached) return seeOther(ctx, visit.base);
  const there = await withStage(deps, { ...visit, step: stepAt(visit.step, reached) });
  return there.stage === 'finish' ? conclude(deps, ctx, there, visit.step.attempt) : seeOther(ctx, visit.base);
}

/** Ends a sign-in in which nothing is left to be asked; whoever comes back after that is led on, or told that it is over. */
async function conclude(deps: InteractionDeps, ctx: Context, visit: Visit, before = visit.step.attempt): Promise<void> {
  const { attempt } = visit.step;
  const { clientId } = visit.client;
  const isParked = attempt.finishedAt && !attempt.refused;
  // Complete, but its account changed since.
  if (isParked && visit.stage !== 'finish') throw new Problem('sign_in_ended', 410, { clientId }); // guard: changed-account-ends-sign-in
  const ended = attempt.finishedAt ? attempt : await deps.finish(visit.step);
  return ended ? leaveFor(deps, ctx, { ended, before }) : seeOther(ctx, visit.base);
}

/** A browser that finished a sign-in is known to the account from then on, and nobody else's session goes on in it: also where the answer that said so was lost. */
async function leaveFor(
  deps: InteractionDeps,
  ctx: Context,
  { ended, before }: { readonly ended: SignInAttempt; readonly before: SignInAttempt },
): Promise<void> {
  const { accountId, proofs, clientId } = ended;
  const location = deps.interactions.returnTo(ended);
  if (location === undefined) throw over(before) ?? new Problem('sign_in_ended', 410, { clientId }); // guard: finished-is-over
  if (accountId !== undefined && proofs.length > 0) {
    await deps.interactions.leaveOtherSession(ctx, accountId); // guard: other-persons-session-ends
    deps.browsers.remember(ctx, accountId);
  }
  return leave(deps, ctx, location);
}

async function cancel(deps: InteractionDeps, ctx: Context, visit: Visit): Promise<void> {
  const ended = await deps.refuse(visit.step);
  return ended ? leaveFor(deps, ctx, { ended, before: visit.step.attempt }) : seeOther(ctx, visit.base);
}

/** Back to the library, or, for a program that drives the JSON twin, the address that its browser opens next. */
async function leave({ renderer }: InteractionDeps, ctx: Context, location: string): Promise<void> {
  if (!wantsJson(ctx)) return seeOther(ctx, location);
  await draw(renderer, ctx, { screen: finishScreen, facts: {}, actions: [link('continue', location)] });
}
