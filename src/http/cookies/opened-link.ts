import type { Context } from 'koa';
import { z } from 'zod';
import type { Cipher } from '../../platform/cipher.ts';
import { randomId } from '../../platform/random.ts';
import { ownCookie } from './own-cookie.ts';

const content = z.object({ token: z.string(), holder: z.string(), until: z.number() });

/** No link lives in a browser for longer, whatever it is good for: it may be opened again from its mail. */
const keptSeconds = 60 * 60;

interface Deps {
  readonly cipher: Pick<Cipher, 'seal' | 'open'>;
  readonly issuer: string;
  readonly now: () => Date;
}

/** What a browser shows of the link that was opened in it last. */
export interface OpenedLink {
  readonly token: string;
  /** Made when it was opened, and nobody else's. */
  readonly holder: string;
}

/** The token of a mailed link once it has left the address: sealed, one cookie for each purpose, so that one link leaves another be. */
export function openedLinks({ cipher, issuer, now }: Deps) {
  const cookieOf = (purpose: string) =>
    ownCookie({ cipher, issuer, name: `twofold_link_${purpose}`, content, seconds: keptSeconds });
  const contextOf = (purpose: string) => `link:${purpose}`; // guard: opened-link-own-purpose

  function read(ctx: Context, purpose: string): OpenedLink | undefined {
    const found = cookieOf(purpose).read(ctx, contextOf(purpose));
    if (!found || found.until <= now().getTime()) return undefined; // guard: opened-link-one-hour
    return { token: found.token, holder: found.holder };
  }

  return {
    read,

    /** Opened once more in this browser it is the same: what was begun with it goes on. */
    keep(ctx: Context, purpose: string, token: string): void {
      const before = read(ctx, purpose);
      const holder = before?.token === token ? before.holder : randomId(32); // guard: link-holder-random
      const until = now().getTime() + keptSeconds * 1000;
      cookieOf(purpose).write(ctx, { token, holder, until }, contextOf(purpose));
    },

    forget: (ctx: Context, purpose: string): void => cookieOf(purpose).clear(ctx),
  };
}
