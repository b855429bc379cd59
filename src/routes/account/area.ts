import type Router from '@koa/router';
import type { Context } from 'koa';
import { accountPath } from '../../oidc/own-client.ts';
import { type Dispatching, pageRoutes, seeOther } from '../forms/dispatch.ts';
import { draw } from '../forms/draw.ts';
import { goOnScreen } from '../screens.ts';
import { type EntranceDeps, entrance } from './entrance.ts';
import { goOnPath, goOnPattern, waited } from './go-on.ts';
import { type AccountPage, type AccountVisit, back } from './page.ts';
import { wellKnownChangePassword } from './password.ts';
import { type AreaRealmDeps, accountRealm, addressOf, formsOf, goOnPlace } from './realm.ts';

export interface AreaDeps
  extends Omit<EntranceDeps, 'isPage'>,
    Omit<AreaRealmDeps, 'entrance'>,
    Omit<Dispatching<AccountVisit>, 'realm'> {
  readonly pages: readonly AccountPage[];
}

export function accountRoutes(router: Router, deps: AreaDeps): void {
  const patterns = deps.pages.map(({ path }) => new RegExp(`^${addressOf(path).replace(/:\w+/g, '[\\w-]{1,128}')}$`));
  const isPage = (path: string) => [...patterns, goOnPattern].some((pattern) => pattern.test(path));
  const way = entrance({ ...deps, isPage });
  // What a person types who knows the host alone.
  router.get('/', (ctx) => seeOther(ctx, accountPath));
  wellKnownChangePassword(router);
  router.get(goOnPath, (ctx) => goOn({ ...deps, entrance: way }, ctx));
  pageRoutes(router, { ...deps, realm: accountRealm({ ...deps, entrance: way }) }, deps.pages);
}

/** The form that waited for a proof: shown once, in the session that posted it, and posted by its button (or by a script at once). */
async function goOn(
  { entrance: way, savedInputs, flash, renderer, forgery }: AreaDeps & Pick<AreaRealmDeps, 'entrance'>,
  ctx: Context,
): Promise<void> {
  const visit = await way.visitOf(ctx);
  const found = visit && waited(savedInputs.take(ctx, goOnPlace(visit, ctx.path)));
  if (!visit) return seeOther(ctx, accountPath);
  if (!found) {
    flash.keep(ctx, visit.session.id, { code: 'nothing_waits' });
    return seeOther(ctx, accountPath);
  }
  const { href, plain } = found;
  await draw(renderer, ctx, {
    screen: goOnScreen,
    facts: {},
    account: visit.account.email,
    values: plain,
    actions: [{ name: 'go-on', method: 'POST', href, fields: Object.keys(plain) }, back],
    forgery: forgery.token(formsOf(visit)),
  });
}
