// Routes: what a request asks for and which use case answers it. Handlers translate; what is right, wrong or next is decided
// in sign-in/, and words and looks live in views/. This file is the dispatcher: every form of the sign-in posts below it and
// comes back to it, and it alone shows the page of the stage that is next.

import type Router from '@koa/router';
import type { Context } from 'koa';
import type { PageFacts } from '../factors/factor.ts';
import type { createForgery } from '../http/forgery.ts';
import { readInput } from '../http/input.ts';
import type { knownBrowsers } from '../http/known-browser.ts';
import type { Action, FieldError, Renderer } from '../http/render.ts';
import { tooLong } from '../http/too-long.ts';
import { wantsJson } from '../http/wants-json.ts';
import { defined } from '../platform/defined.ts';
import { Problem } from '../platform/problem.ts';
import type { SignInStage } from '../sign-in/next.ts';
import { type Outcome, type SignInStep, stepAt } from '../sign-in/outcome.ts';
import { skipsLeft } from '../sign-in/policy.ts';
import { mayPutOff } from '../sign-in/put-off.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import { type LimitDeps, readWithinLimit, withinLimit } from './address-limit.ts';
import type { Input, Post, StagePage } from './sign-in/stage-page.ts';
import { loadVisit, over, type Visit, type VisitDeps, withStage } from './visit.ts';

export interface InteractionDeps extends VisitDeps, LimitDeps {
  readonly renderer: Renderer;
  readonly forgery: ReturnType<typeof createForgery>;
  readonly browsers: ReturnType<typeof knownBrowsers>;
  readonly restart: SignIn['restart'];
  readonly refuse: SignIn['refuse'];
  readonly putOff: SignIn['putOff'];
  readonly finish: SignIn['finish'];
  /** The page of each stage; 'finish' has none. */
  readonly pages: Readonly<Record<Exclude<SignInStage, 'finish'>, StagePage>>;
  /** Pages by an address of their own: which of them serves a stage is the person's choice and no step of its own. */
  readonly choices: Readonly<Record<string, StagePage>>;
}

const path = '/interaction/:uid';

export function interactionRoutes(router: Router, deps: InteractionDeps): void {
  router.get(path, (ctx) => dispatch(deps, ctx));
  for (const [choice, page] of Object.entries(deps.choices)) {
    router.get(`${path}/${choice}`, (ctx) => showAt(deps, ctx, page));
  }
  for (const page of new Set([...Object.values(deps.pages), ...Object.values(deps.choices)])) {
    for (const post of page.posts) {
      router.post(`${path}/${post.path}`, (ctx) => answer(deps, ctx, { page, post }));
      // A refused form is shown at the address it was posted to: a tab that is restored, or reloaded by hand, asks for it.
      router.get(`${path}/${post.path}`, (ctx) => seeOther(ctx, `/interaction/${uidOf(ctx)}`));
    }
  }
  for (const way of waysOut(deps)) router.post(`${path}/${way.path}`, (ctx) => answer(deps, ctx, { post: way }));
}

/** Posted from any stage: nothing but what was done so far is lost, and what may be put off is judged by its use case. */
function waysOut(deps: InteractionDeps): readonly Post[] {
  return [
    { name: 'restart', path: 'restart', fields: () => [], act: ({ step }) => deps.restart(step) },
    { name: 'later', path: 'later', fields: () => [], act: ({ step }) => deps.putOff(step) },
    { name: 'cancel', path: 'cancel', fields: () => [], act: async () => ({ outcome: 'refusal' }) },
  ];
}

async function dispatch(deps: InteractionDeps, ctx: Context): Promise<void> {
  const visit = await loadVisit(deps, ctx, uidOf(ctx));
  if (visit.step.attempt.finishedAt || visit.stage === 'finish') return conclude(deps, ctx, visit);
  return show(deps, ctx, { visit, page: deps.pages[visit.stage] });
}

async function showAt(deps: InteractionDeps, ctx: Context, page: StagePage): Promise<void> {
  const visit = await loadVisit(deps, ctx, uidOf(ctx));
  if (visit.step.attempt.finishedAt || !page.stages.includes(visit.stage)) return seeOther(ctx, visit.base);
  return show(deps, ctx, { visit, page });
}

/** A POST for a stage that has passed (a double click, a way back, a captured request) is not judged: no guess, on to what is next. */
async function answer(
  deps: InteractionDeps,
  ctx: Context,
  { page, post }: { page?: StagePage; post: Post },
): Promise<void> {
  const visit = await loadVisit(deps, ctx, uidOf(ctx));
  // Asked before the form is read: which fields it may have is known in its own stages only.
  const passed = page ? !page.stages.includes(visit.stage) : visit.stage === 'finish';
  if (visit.step.attempt.finishedAt || passed) return seeOther(ctx, visit.base); // guard: passed-stage-not-judged
  const asked = { limit: post.limit, address: visit.step.origin.address, isOurs: deps.forgery.isOurs(ctx) };
  const input = await readWithinLimit(deps, asked, () => readInput(ctx, ['forgery', ...post.fields(visit)])); // guard: form-own-fields
  deps.forgery.assert(ctx, visit.uid, input.forgery); // guard: form-forgery-checked
  const outcome = tooLong(input) ?? (await withinLimit(deps, { post, visit }, () => post.act(visit, input, ctx)));
  switch (outcome.outcome) {
    case 'refusal':
      return refuse(deps, ctx, visit);
    case 'refused':
      return page ? show(deps, ctx, { visit, page, refusal: { outcome, input } }) : seeOther(ctx, visit.base);
    case 'too-many':
      ctx.set('Retry-After', String(outcome.retryAfterSeconds));
      return page && show(deps, ctx, { visit, page, refusal: { outcome: outcome.told, input }, status: 429 });
    case 'moved':
      return goOn(deps, ctx, { visit, outcome });
  }
}

/** To the page of what is next, or, where nothing is, straight back to the library: one round less. The account is not read again here; the policy does at the last redirect. */
async function goOn(
  deps: InteractionDeps,
  ctx: Context,
  { visit, outcome }: { visit: Visit; outcome: Extract<Outcome, { outcome: 'moved' }> },
): Promise<void> {
  const { reached } = outcome;
  if (!reached) return seeOther(ctx, visit.base);
  const there = await withStage(deps, { ...visit, step: stepAt(visit.step, reached) });
  return there.stage === 'finish' ? conclude(deps, ctx, there, visit.step.attempt) : seeOther(ctx, visit.base);
}

/** Tells the library the result; whoever comes back after that is led on, or told that it is over. */
async function conclude(deps: InteractionDeps, ctx: Context, visit: Visit, before = visit.step.attempt): Promise<void> {
  const { attempt } = visit.step;
  const ended = new Problem('sign_in_ended', 410, { clientId: visit.client.clientId });
  const interaction = await deps.interactions.find(ctx, visit.uid);
  if (!interaction) throw over(before) ?? ended; // guard: finished-is-over
  if (attempt.refused) return leave(deps, ctx, interaction.finished ?? (await interaction.refuse())); // guard: cancelled-stays-cancelled
  if (interaction.finished) return leaveKnown(deps, ctx, { visit, location: interaction.finished });
  const finished = await deps.finish(visit.step);
  // Complete, but its account changed before the library could be told; or somebody else moved it on meanwhile.
  if (!finished && attempt.finishedAt) throw ended; // guard: changed-account-ends-sign-in
  if (!finished) return seeOther(ctx, visit.base);
  return leaveKnown(deps, ctx, { visit, location: await interaction.conclude(ctx, finished) });
}

/** A browser that finished a sign-in is known to the account from then on, also where the answer that said so was lost. */
function leaveKnown(
  deps: InteractionDeps,
  ctx: Context,
  { visit, location }: { visit: Visit; location: string },
): Promise<void> {
  const { accountId, proofs } = visit.step.attempt;
  if (accountId !== undefined && proofs.length > 0) deps.browsers.remember(ctx, accountId);
  return leave(deps, ctx, location);
}

async function refuse(deps: InteractionDeps, ctx: Context, visit: Visit): Promise<void> {
  const interaction = (await deps.refuse(visit.step)) ? await deps.interactions.find(ctx, visit.uid) : undefined; // guard: cancel-told-once
  return interaction ? leave(deps, ctx, await interaction.refuse()) : seeOther(ctx, visit.base);
}

interface Showing {
  readonly visit: Visit;
  readonly page: StagePage;
  readonly refusal?: { readonly outcome: Extract<Outcome, { outcome: 'refused' }>; readonly input: Input };
  readonly status?: number;
}

async function show(
  { renderer, forgery, pages }: InteractionDeps,
  ctx: Context,
  { visit, page, refusal, status }: Showing,
): Promise<void> {
  const { links = [], errors = [], values = {}, account, closed = [], ...shown } = await page.show(visit);
  const { step, uid } = visit;
  const told: readonly FieldError[] = refusal?.outcome.refusals ?? errors;
  const typed = page.kept.flatMap((name) => (refusal?.input[name] === undefined ? [] : [[name, refusal.input[name]]]));
  const first = page === pages['sign-in'] || page === pages.register;
  const who = account ?? (first ? undefined : step.attempt.shown);
  await renderer.page(ctx, {
    ...shown,
    facts: { ...shown.facts, ...putOffFacts(step), ...refusal?.outcome.facts },
    values: { ...values, ...Object.fromEntries(typed) },
    actions: [...actionsOf(visit, page, first), ...links].filter(({ name }) => !closed.includes(name)),
    forgery: forgery.token(uid),
    client: { name: step.clientName },
    ...defined({ status, account: who }),
    ...(told.length > 0 ? { errors: told } : {}),
  });
}

/** How often "Set up later" is open yet, where that is counted. */
function putOffFacts(step: SignInStep): PageFacts {
  const left = step.account && mayPutOff(step) ? skipsLeft(step.policy, step.account) : undefined;
  return left === undefined ? {} : { skipsLeft: left };
}

function actionsOf(visit: Visit, page: StagePage, first: boolean): readonly Action[] {
  const posts = page.posts.map(({ name, path, fields }) => ({ name, href: path, fields: fields(visit) }));
  const restart = first || visit.step.request.confirms ? [] : [{ name: 'restart', href: 'restart', fields: [] }];
  const later = mayPutOff(visit.step) ? [{ name: 'later', href: 'later', fields: [] }] : [];
  const all = [...posts, ...later, ...restart, { name: 'cancel', href: 'cancel', fields: [] }];
  return all.map(({ name, href, fields }) => ({ name, method: 'POST', href: `${visit.base}/${href}`, fields }));
}

function uidOf(ctx: Context): string {
  return String(ctx.params.uid);
}

/** Back to the library, or, for a program that drives the JSON twin, the address that its browser opens next. */
async function leave({ renderer }: InteractionDeps, ctx: Context, location: string): Promise<void> {
  if (!wantsJson(ctx)) return seeOther(ctx, location);
  const actions: readonly Action[] = [{ name: 'continue', method: 'GET', href: location, fields: [] }];
  await renderer.page(ctx, { view: '', stage: 'finish', facts: {}, actions });
}

/** 303, never 307: a browser must not send the password on (RFC 9700 section 4.12). */
function seeOther(ctx: Context, location: string): void {
  ctx.status = 303; // guard: redirect-303
  ctx.redirect(location);
}
