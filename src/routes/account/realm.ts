import type { Context } from 'koa';
import type { z } from 'zod';
import type { flashes } from '../../http/cookies/flash.ts';
import type { FormPlace, savedInput } from '../../http/cookies/saved-input.ts';
import { accountPath } from '../../oidc/own-client.ts';
import { defined } from '../../platform/defined.ts';
import { restoredOf, tooLong, withinLengths } from '../../platform/fields.ts';
import { type FreshProof, type Guard, type Input, type Page, restored } from '../forms/contract.ts';
import { seeOther } from '../forms/dispatch.ts';
import type { Realm, Typed } from '../forms/realm.ts';
import type { Entrance } from './entrance.ts';
import { newGoOn, waiting, waits } from './go-on.ts';
import type { AccountVisit } from './page.ts';

export interface AreaRealmDeps {
  readonly entrance: Entrance;
  readonly flash: ReturnType<typeof flashes>;
  readonly savedInputs: ReturnType<typeof savedInput>;
}

/** The account area: whoever is signed in well enough, and for a change whoever has just proved what it needs. */
export function accountRealm({ entrance, flash, savedInputs }: AreaRealmDeps): Realm<AccountVisit> {
  return {
    address: addressOf,
    pageOf,

    async admit(ctx, { page, form }) {
      // Where the library's answers to our own requests arrive.
      const arrived = !form && page?.path === '' ? await entrance.arrival(ctx) : undefined;
      const visit = arrived === undefined ? await entrance.visitOf(ctx) : undefined;
      if (visit) return visit;
      seeOther(ctx, arrived ?? (form ? accountPath : entrance.toSignIn(ctx))); // guard: account-needs-session
      return undefined;
    },

    async proved(ctx, visit, wanted) {
      const { guard } = 'input' in wanted ? wanted.form : wanted;
      const needed = await proofOf(guard, visit);
      if (!needed) return true;
      const saved = 'input' in wanted ? whileProving(ctx, visit, wanted) : { to: ctx.path };
      const unproved = entrance.requireFresh(ctx, visit, { ...needed, to: saved.to });
      if (unproved === undefined) return true; // guard: area-change-needs-fresh-proof
      if ('place' in saved) savedInputs.keep(ctx, saved.place, saved.plain);
      seeOther(ctx, unproved);
      return false;
    },

    formsOf,
    addressOf: ({ origin }) => origin.address,

    async goOn(ctx, { session }, answer) {
      const { notice, to } = answer.outcome === 'done' ? answer : {};
      if (notice) flash.keep(ctx, session.id, notice);
      seeOther(ctx, to ?? accountPath);
    },

    dress(ctx, visit, { page, shown, errors }) {
      const taken = ctx.method === 'POST' ? {} : savedInputs.take(ctx, placeOf(visit, ctx.path));
      const notice = (errors ? undefined : flash.take(ctx, visit.session.id)) ?? shown.notice;
      return {
        facts: {},
        values: plainOf(page, taken),
        actions: shown.actions ?? [],
        account: visit.account.email,
        ...defined({ notice, errors: errors ?? shown.errors }),
      };
    },
  };
}

function proofOf(
  guard: Guard<AccountVisit>,
  visit: AccountVisit,
): Promise<FreshProof | undefined> | FreshProof | undefined {
  return guard.who === 'fresh' ? guard.proof(visit) : undefined;
}

/** What was typed comes back after the proof: at once on its page, or as the whole form where it holds nothing but plain input. */
function whileProving(ctx: Context, visit: AccountVisit, { page, form, input }: Typed<AccountVisit>) {
  const schema = form.inputOf(visit);
  const plain = restored(schema, withinLengths(schema, input));
  const carried = waits(schema) && !tooLong(schema, input);
  const to = carried ? newGoOn() : pageOf(ctx, page);
  return carried
    ? { to, place: goOnPlace(visit, to), plain: waiting(ctx.path, plain) }
    : { to, place: placeOf(visit, to), plain };
}

/** Neither a password nor a code is ever among it. */
function plainOf({ forms }: Page<AccountVisit>, input: Input): Input {
  const names = forms.flatMap(({ inputs }) => inputs.flatMap((schema: z.ZodObject) => restoredOf(schema)));
  return Object.fromEntries(Object.entries(input).filter(([name]) => names.includes(name)));
}

/** Beside the account its session: another one of the same person goes on with nothing of this one's. */
export function goOnPlace({ account, session }: AccountVisit, path: string): FormPlace {
  return { accountId: account.id, path: `${session.id} ${path}` }; // guard: waiting-form-own-session
}

function placeOf({ account }: AccountVisit, path: string): FormPlace {
  return { accountId: account.id, path };
}

/** Forms are bound to the session: one that was opened by somebody else in this browser does nothing. */
export function formsOf({ session }: AccountVisit): string {
  return `account:${session.id}`; // guard: area-form-own-session
}

export function addressOf(path: string): string {
  return path === '' ? accountPath : `${accountPath}/${path}`;
}

/** The page of a form that was posted below it. */
function pageOf(ctx: Context, page: Page<AccountVisit> | undefined): string {
  const named = (_: string, name: string) => encodeURIComponent(String(ctx.params[name]));
  return addressOf(page?.path ?? '').replace(/:(\w+)/g, named);
}
