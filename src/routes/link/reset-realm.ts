import type Router from '@koa/router';
import type { ShownLink } from '../../delivery/links.ts';
import type { knownBrowsers } from '../../http/cookies/known-browser.ts';
import { originOf } from '../../http/origin.ts';
import { type Clients, wayBack } from '../../oidc/clients.ts';
import { accountPath } from '../../oidc/own-client.ts';
import { defined } from '../../platform/defined.ts';
import { next, type ResetStage } from '../../sign-in/next.ts';
import type { ResetStep } from '../../sign-in/outcome.ts';
import { isDone } from '../../sign-in/password/reset.ts';
import type { PasswordReset } from '../../sign-in/password-reset.ts';
import { post } from '../forms/contract.ts';
import { type Dispatching, pageRoutes, seeOther, show } from '../forms/dispatch.ts';
import type { Realm } from '../forms/realm.ts';
import { formsOf, type LinkRealmDeps, linkEnded, linkPath, shownIn } from './realm.ts';
import { type ResetPurpose, type resetPages, resetPath, resetPurposes } from './reset.ts';

/** One request of a browser whose reset is under way. */
export interface ResetVisit {
  readonly shown: ShownLink;
  readonly step: ResetStep;
  readonly stage: Exclude<ResetStage, 'over'>;
  readonly client: { readonly clientId: string };
  readonly base: string;
  /** Where whoever has a new password signs in: at the client that it was forgotten at. */
  readonly signInAt: string;
}

export interface ResetDeps
  extends Pick<LinkRealmDeps, 'openedLinks'>,
    Omit<Dispatching<ResetVisit>, 'realm'>,
    ReturnType<typeof resetPages> {
  readonly find: PasswordReset['find'];
  readonly browsers: Pick<ReturnType<typeof knownBrowsers>, 'remember'>;
  readonly clients: Clients;
}

export function resetRoutes(router: Router, deps: ResetDeps): void {
  for (const purpose of resetPurposes) {
    const realm = resetRealm(purpose, deps);
    const dispatching = { ...deps, realm };
    router.get(realm.address(''), async (ctx) => {
      const visit = await realm.admit(ctx, {});
      if (visit) await show(dispatching, ctx, { visit, page: deps.stages[visit.stage] });
    });
    pageRoutes(router, dispatching, deps.pages);
  }
}

/** A reset goes on in the browser whose button began it, at the stage that is next and at no other. */
function resetRealm(purpose: ResetPurpose, deps: ResetDeps): Realm<ResetVisit> {
  const base = resetPath(purpose);
  return {
    address: (path) => (path === '' ? base : `${base}/${path}`),
    pageOf: () => base,

    async admit(ctx, { page, form }) {
      const shown = shownIn(deps, ctx, purpose);
      const step = await deps.find(shown, originOf(ctx));
      const stage = step && next(step);
      if (stage === 'over') throw linkEnded();
      const { guard } = form ?? page ?? {};
      const open = guard === undefined || (guard.who === 'by-link' && stage && guard.stages?.includes(stage)); // guard: reset-stage-not-jumped
      if (step && stage && open) return visitOf(deps, { shown, step, stage, base });
      seeOther(ctx, step ? base : linkPath(purpose));
      return undefined;
    },

    proved: async () => true,
    formsOf,
    addressOf: ({ step }) => step.origin.address,

    /** Whoever proved a factor and chose the password here is no stranger. */
    async goOn(ctx, { step }, answer) {
      const account = answer.outcome === 'moved' ? answer.reached?.account : undefined;
      if (account && isDone(account, step.attempt)) deps.browsers.remember(ctx, account.id); // guard: reset-browser-known
      seeOther(ctx, base);
    },

    dress(_ctx, visit, { page, shown, errors = shown.errors }) {
      const posts = page.forms.map((form) => post(form, visit, form.name, `${base}/${form.path}`));
      const actions = [...posts, ...(shown.links ?? [])].filter(({ name }) => !shown.closed?.includes(name));
      const { shown: account } = visit.step.attempt;
      return { facts: {}, values: {}, actions, ...defined({ account, notice: shown.notice, errors }) };
    },
  };
}

function visitOf({ clients }: Pick<ResetDeps, 'clients'>, visit: Omit<ResetVisit, 'client' | 'signInAt'>): ResetVisit {
  const { clientId } = visit.step.attempt;
  const signInAt = wayBack(clients.get(clientId))?.uri ?? accountPath;
  return { ...visit, client: { clientId }, signInAt };
}
