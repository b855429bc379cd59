import type Router from '@koa/router';
import type { Context } from 'koa';
import type { Forgery } from '../../http/forgery.ts';
import { readInput } from '../../http/input.ts';
import type { Renderer } from '../../http/render.ts';
import { defined } from '../../platform/defined.ts';
import { tooLong } from '../../platform/fields.ts';
import type { Outcome } from '../../sign-in/outcome.ts';
import { type LimitDeps, readWithinLimit, withinLimit } from './address-limit.ts';
import { type Form, type Input, type Page, restored } from './contract.ts';
import { draw } from './draw.ts';
import type { Realm } from './realm.ts';

export interface Dispatching<Visit> extends LimitDeps {
  readonly realm: Realm<Visit>;
  readonly renderer: Renderer;
  readonly forgery: Forgery;
}

/** The routes of every page and form in the list, and of nothing else. */
export function pageRoutes<Visit>(router: Router, deps: Dispatching<Visit>, pages: readonly Page<Visit>[]): void {
  const { realm } = deps;
  for (const page of pages) {
    if (page.path !== undefined) router.get(realm.address(page.path), (ctx) => open(deps, ctx, page));
    for (const form of page.forms) {
      router.post(realm.address(form.path), (ctx) => answer(deps, ctx, { page, form }));
      // A form that did not hold is shown at the address it was posted to: a tab that is restored, or reloaded by hand, asks for it.
      if (form.path !== page.path)
        router.get(realm.address(form.path), (ctx) => seeOther(ctx, realm.pageOf(ctx, page)));
    }
  }
}

export function formRoutes<Visit>(router: Router, deps: Dispatching<Visit>, forms: readonly Form<Visit>[]): void {
  for (const form of forms) router.post(deps.realm.address(form.path), (ctx) => answer(deps, ctx, { form }));
}

async function open<Visit>(deps: Dispatching<Visit>, ctx: Context, page: Page<Visit>): Promise<void> {
  const visit = await deps.realm.admit(ctx, { page });
  if (visit && (await deps.realm.proved(ctx, visit, page))) await show(deps, ctx, { visit, page });
}

/** In this order: who it is, whether the form is ours, whether enough was proved; only then is anything judged or done. */
async function answer<Visit>(
  deps: Dispatching<Visit>,
  ctx: Context,
  { page, form }: { readonly page?: Page<Visit>; readonly form: Form<Visit> },
): Promise<void> {
  const { realm, forgery } = deps;
  const visit = await realm.admit(ctx, { form, ...defined({ page }) });
  if (!visit) return;
  const schema = form.inputOf(visit);
  const limited = { limit: form.limit, address: realm.addressOf(visit) };
  const read = () => readInput(ctx, schema); // guard: form-own-fields
  const { forgery: token, ...input } = await readWithinLimit(deps, { ...limited, isOurs: forgery.isOurs(ctx) }, read);
  forgery.assert(ctx, realm.formsOf(visit), token); // guard: area-form-bound-to-session, form-forgery-checked
  if (!(await realm.proved(ctx, visit, { form, input, ...defined({ page }) }))) return;
  const entered = tooLong(schema, input) ?? (await form.enter(visit));
  const outcome = typeof entered === 'function' ? await withinLimit(deps, limited, () => entered(input)) : entered;
  const again = (invalid: Extract<Outcome, { outcome: 'invalid' }>, status?: number) =>
    page
      ? show(deps, ctx, { visit, page, invalid, values: restored(schema, input), ...defined({ status }) })
      : seeOther(ctx, realm.pageOf(ctx, page));
  switch (outcome.outcome) {
    case 'invalid':
      return again(outcome);
    case 'too-many':
      ctx.set('Retry-After', String(outcome.retryAfterSeconds));
      return again(outcome.invalid, 429);
    default:
      return realm.goOn(ctx, visit, outcome);
  }
}

interface Showing<Visit> {
  readonly visit: Visit;
  readonly page: Page<Visit>;
  readonly invalid?: Extract<Outcome, { outcome: 'invalid' }>;
  readonly values?: Input;
  readonly status?: number;
}

/** The one way from a page of the list to the renderer. */
export async function show<Visit>(
  { realm, renderer, forgery }: Dispatching<Visit>,
  ctx: Context,
  { visit, page, invalid, values = {}, status }: Showing<Visit>,
): Promise<void> {
  const shown = await page.show(visit);
  const { screen, facts } = shown;
  const dressed = realm.dress(ctx, visit, { page, shown, ...defined({ errors: invalid?.errors }) });
  await draw(renderer, ctx, {
    ...dressed,
    screen,
    facts: { ...facts, ...dressed.facts, ...invalid?.facts },
    values: { ...shown.values, ...dressed.values, ...values },
    forgery: forgery.token(realm.formsOf(visit)),
    ...defined({ status }),
  });
}

/** 303, never 307: a browser must not send the password on (RFC 9700 section 4.12). */
export function seeOther(ctx: Context, location: string): void {
  ctx.status = 303; // guard: redirect-303
  ctx.redirect(location);
}
