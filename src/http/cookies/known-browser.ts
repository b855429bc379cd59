import type { Context } from 'koa';
import { z } from 'zod';
import type { Cipher } from '../../platform/cipher.ts';
import { randomId } from '../../platform/random.ts';
import type { KnownBrowser } from '../../protection/budgets.ts';
import { ownCookie } from './own-cookie.ts';

const context = 'known-browser';
const yearSeconds = 365 * 24 * 60 * 60;
/** A shared computer's accounts; the oldest is forgotten first, so that the cookie stays small. */
const mostAccounts = 8;

const content = z.object({
  id: z.string().regex(/^[\w-]{16,64}$/),
  accounts: z.array(z.string().max(64)).max(mostAccounts),
});

/** The sealed cookie of a browser that finished a sign-in before. It proves nothing: it only gives its accounts a guess budget of their own. */
export function knownBrowsers(given: { readonly cipher: Pick<Cipher, 'seal' | 'open'>; readonly issuer: string }) {
  const cookie = ownCookie({ ...given, name: 'twofold_browser', content, seconds: yearSeconds });
  const read = (ctx: Context): KnownBrowser | undefined => cookie.read(ctx, context);

  function remember(ctx: Context, accountId: string): void {
    const known = read(ctx);
    const others = (known?.accounts ?? []).filter((id) => id !== accountId);
    const accounts = [accountId, ...others].slice(0, mostAccounts);
    cookie.write(ctx, { id: known?.id ?? randomId(), accounts }, context);
  }

  return { read, remember };
}
