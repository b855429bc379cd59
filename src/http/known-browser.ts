import type { Context } from 'koa';
import { z } from 'zod';
import type { Cipher } from '../platform/cipher.ts';
import { randomId } from '../platform/random.ts';
import type { KnownBrowser } from '../protection/budgets.ts';

const context = 'known-browser';
const yearMilliseconds = 365 * 24 * 60 * 60_000;
/** A shared computer's accounts; the oldest is forgotten first, so that the cookie stays small. */
const mostAccounts = 8;

const shape = z.object({
  id: z.string().regex(/^[\w-]{16,64}$/),
  accounts: z.array(z.string().max(64)).max(mostAccounts),
});

/** The sealed cookie of a browser that finished a sign-in before. It proves nothing: it only gives its accounts a guess budget of their own. */
export function knownBrowsers({
  cipher,
  issuer,
}: {
  readonly cipher: Pick<Cipher, 'seal' | 'open'>;
  readonly issuer: string;
}) {
  const secure = issuer.startsWith('https:');
  const name = `${secure ? '__Host-' : ''}twofold_browser`;

  function read(ctx: Context): KnownBrowser | undefined {
    const sealed = ctx.cookies.get(name, { signed: false });
    if (!sealed) return undefined;
    try {
      return shape.parse(JSON.parse(cipher.open(sealed, context))); // guard: known-browser-sealed
    } catch {
      return undefined;
    }
  }

  function remember(ctx: Context, accountId: string): void {
    const known = read(ctx);
    const others = (known?.accounts ?? []).filter((id) => id !== accountId);
    const next: KnownBrowser = { id: known?.id ?? randomId(), accounts: [accountId, ...others].slice(0, mostAccounts) };
    const sealed = cipher.seal(JSON.stringify(next), context);
    ctx.cookies.set(name, sealed, {
      signed: false,
      secure, // guard: known-browser-https
      httpOnly: true, // guard: known-browser-http-only
      sameSite: 'lax', // guard: known-browser-same-site
      path: '/',
      maxAge: yearMilliseconds,
      overwrite: true,
    });
  }

  return { read, remember };
}
