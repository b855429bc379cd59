import type Router from '@koa/router';
import type { Context } from 'koa';
import { type LinkPurpose, linkPurposes } from '../../delivery/links.ts';
import type { Page } from '../forms/contract.ts';
import { type Dispatching, pageRoutes, seeOther } from '../forms/dispatch.ts';
import { type LinkRealmDeps, type LinkVisit, linkEnded, linkPath, linkRealm } from './realm.ts';

export interface LinkDeps extends LinkRealmDeps, Omit<Dispatching<LinkVisit>, 'realm'> {
  /** The pages of each purpose that has none of another kind. */
  readonly pages: Partial<Readonly<Record<LinkPurpose, readonly Page<LinkVisit>[]>>>;
}

export function linkRoutes(router: Router, deps: LinkDeps): void {
  for (const purpose of linkPurposes)
    pageRoutes(router, { ...deps, realm: linkRealm(purpose, deps) }, deps.pages[purpose] ?? []);
}

/**
 * Where every mailed link leads: its token moves out of the address, out of histories and of what a next page is told, into a
 * sealed cookie. Nothing is asked and nothing is changed: programs that look into mails open links too. Mounted last.
 */
export function linkEntrance(router: Router, deps: Pick<LinkRealmDeps, 'openedLinks'>): void {
  router.get('/link/:purpose/:token', (ctx) => open(deps, ctx));
}

function open({ openedLinks }: Pick<LinkRealmDeps, 'openedLinks'>, ctx: Context): void {
  const purpose = linkPurposes.find((one) => one === ctx.params.purpose);
  if (!purpose) return;
  const token = String(ctx.params.token);
  if (!/^[\w-]{43}$/.test(token)) throw linkEnded();
  ctx.set('Referrer-Policy', 'no-referrer'); // guard: link-address-untold
  openedLinks.keep(ctx, purpose, token);
  seeOther(ctx, linkPath(purpose)); // guard: link-token-leaves-address
}
