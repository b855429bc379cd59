import type Router from '@koa/router';
import type { Context } from 'koa';
import type { Forgery } from '../../http/forgery.ts';
import { readInput } from '../../http/input.ts';
import type { FormPlace, keptInput } from '../../http/kept-input.ts';
import type { Renderer } from '../../http/render.ts';
import type { toldOnce } from '../../http/told-once.ts';
import { tooLong, withinLengths } from '../../http/too-long.ts';
import { accountPath } from '../../oidc/own-client.ts';
import { defined } from '../../platform/defined.ts';
import type { Refusal } from '../../sign-in/outcome.ts';
import { type Entrance, type EntranceDeps, entrance } from './entrance.ts';
import { goOnPath, goOnPattern, newGoOn, waited, waiting, waits } from './go-on.ts';
import { type AccountPage, type AccountPost, type AccountVisit, back, type Guarded, type Input } from './page.ts';

export interface AreaDeps extends Omit<EntranceDeps, 'isPage'> {
  readonly renderer: Renderer;
  readonly forgery: Forgery;
  readonly told: ReturnType<typeof toldOnce>;
  readonly inputs: ReturnType<typeof keptInput>;
  readonly pages: readonly AccountPage[];
}

interface Area extends AreaDeps {
  readonly way: Entrance;
}

export function accountRoutes(router: Router, deps: AreaDeps): void {
  const patterns = deps.pages.map(({ path }) => new RegExp(`^${addressOf(path).replace(/:\w+/g, '[\\w-]{1,128}')}$`));
  const isPage = (path: string) => [...patterns, goOnPattern].some((pattern) => pattern.test(path));
  const area: Area = { ...deps, way: entrance({ ...deps, isPage }) };
  // What a person types who knows the host alone.
  router.get('/', (ctx) => seeOther(ctx, accountPath));
  router.get(goOnPath, (ctx) => goOn(area, ctx));
  for (const page of deps.pages) {
    router.get(addressOf(page.path), (ctx) => open(area, ctx, page));
    for (const post of page.posts) {
      router.post(addressOf(post.path), (ctx) => answer(area, ctx, { page, post }));
      // A refused form is shown at the address it was posted to: a tab that is restored asks for it.
      if (post.path !== page.path) router.get(addressOf(post.path), (ctx) => seeOther(ctx, pageOf(page, ctx)));
    }
  }
}

async function open(area: Area, ctx: Context, page: AccountPage): Promise<void> {
  const arrived = page.path === '' ? await area.way.arrival(ctx) : undefined;
  if (arrived !== undefined) return seeOther(ctx, arrived);
  const visit = await area.way.visitOf(ctx);
  if (!visit) return seeOther(ctx, area.way.toSignIn(ctx)); // guard: account-needs-session
  const unproved = await proofMissing(area, ctx, { visit, guarded: page, to: ctx.path });
  if (unproved !== undefined) return seeOther(ctx, unproved);
  return show(area, ctx, { page, visit, input: area.inputs.take(ctx, placeOf(visit, ctx.path)) });
}

/** In this order: who it is, whether the form is ours, whether it was proved just now; only then is anything done. */
async function answer(
  area: Area,
  ctx: Context,
  { page, post }: { readonly page: AccountPage; readonly post: AccountPost },
): Promise<void> {
  const visit = await area.way.visitOf(ctx);
  if (!visit) return seeOther(ctx, accountPath);
  const input = await readInput(ctx, ['forgery', ...post.fields]);
  area.forgery.assert(ctx, formsOf(visit), input.forgery); // guard: area-form-bound-to-session
  const plain = plainOf(page, withinLengths(input));
  const long = tooLong(input);
  const carried = waits(page, post) && !long;
  const to = carried ? newGoOn() : pageOf(page, ctx);
  const unproved = await proofMissing(area, ctx, { visit, guarded: post, to }); // guard: area-change-needs-fresh-proof
  if (unproved !== undefined) {
    if (carried) area.inputs.keep(ctx, goOnPlace(visit, to), waiting(ctx.path, plain));
    else area.inputs.keep(ctx, placeOf(visit, to), plain);
    return seeOther(ctx, unproved);
  }
  const outcome = long ?? (await post.act(visit, input));
  if (outcome.outcome === 'refused') return show(area, ctx, { page, visit, refusals: outcome.refusals, input });
  if (outcome.outcome === 'too-many') {
    ctx.set('Retry-After', String(outcome.retryAfterSeconds));
    return show(area, ctx, { page, visit, refusals: outcome.told.refusals, input, status: 429 });
  }
  if (outcome.notice) area.told.keep(ctx, visit.session.id, outcome.notice);
  return seeOther(ctx, outcome.to ?? accountPath);
}

/** The form that waited for a proof: shown once, in the session that posted it, and posted by its button (or by a script at once). */
async function goOn(area: Area, ctx: Context): Promise<void> {
  const visit = await area.way.visitOf(ctx);
  const found = visit && waited(area.inputs.take(ctx, goOnPlace(visit, ctx.path)));
  if (!visit) return seeOther(ctx, accountPath);
  if (!found) {
    area.told.keep(ctx, visit.session.id, { code: 'nothing_waits' });
    return seeOther(ctx, accountPath);
  }
  const { href, plain } = found;
  await area.renderer.page(ctx, {
    view: 'account/go-on',
    stage: 'go-on',
    facts: {},
    account: visit.account.email,
    values: plain,
    actions: [{ name: 'go-on', method: 'POST', href, fields: Object.keys(plain) }, back],
    forgery: area.forgery.token(formsOf(visit)),
  });
}

async function proofMissing(
  { way }: Area,
  ctx: Context,
  { visit, guarded, to }: { readonly visit: AccountVisit; readonly guarded: Guarded; readonly to: string },
): Promise<string | undefined> {
  const { proof } = guarded;
  const asked = typeof proof === 'function' ? await proof(visit) : proof;
  return asked === 'session' ? undefined : way.requireFresh(ctx, visit, { ...asked, to });
}

interface Showing {
  readonly page: AccountPage;
  readonly visit: AccountVisit;
  readonly refusals?: readonly Refusal[];
  readonly input?: Input;
  readonly status?: number;
}

async function show(area: Area, ctx: Context, { page, visit, refusals, input = {}, status }: Showing): Promise<void> {
  const { values, ...shown } = await page.show(visit);
  const notice = refusals ? undefined : area.told.take(ctx, visit.session.id);
  await area.renderer.page(ctx, {
    ...shown,
    account: visit.account.email,
    values: { ...values, ...plainOf(page, input) },
    forgery: area.forgery.token(formsOf(visit)),
    ...(notice ? { notice } : {}),
    ...(refusals ? { errors: refusals } : {}),
    ...defined({ status }),
  });
}

/** Neither a password nor a code is ever among it. */
function plainOf({ kept }: AccountPage, input: Input): Input {
  return Object.fromEntries(kept.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])));
}

/** Beside the account its session: another one of the same person goes on with nothing of this one's. */
function goOnPlace({ account, session }: AccountVisit, path: string): FormPlace {
  return { accountId: account.id, path: `${session.id} ${path}` }; // guard: waiting-form-own-session
}

function placeOf({ account }: AccountVisit, path: string): FormPlace {
  return { accountId: account.id, path };
}

/** Forms are bound to the session: one that was opened by somebody else in this browser does nothing. */
function formsOf({ session }: AccountVisit): string {
  return `account:${session.id}`; // guard: area-form-own-session
}

function addressOf(path: string): string {
  return path === '' ? accountPath : `${accountPath}/${path}`;
}

/** The page of a form that was posted below it. */
function pageOf({ path }: AccountPage, ctx: Context): string {
  return addressOf(path).replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(ctx.params[name])));
}

function seeOther(ctx: Context, location: string): void {
  ctx.status = 303;
  ctx.redirect(location);
}
