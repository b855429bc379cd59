import type { Context } from 'koa';
import { z } from 'zod';
import type { Cipher } from '../platform/cipher.ts';
import { defined } from '../platform/defined.ts';
import type { Sentence } from './render.ts';

const shape = z.object({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});

/** A status line that outlives one redirect: after a POST the next page tells what was done. Sealed for one session, so that nobody else writes our sentences. */
export function toldOnce({
  cipher,
  issuer,
}: {
  readonly cipher: Pick<Cipher, 'seal' | 'open'>;
  readonly issuer: string;
}) {
  const secure = issuer.startsWith('https:');
  const name = `${secure ? '__Host-' : ''}twofold_told`;
  const flags = { signed: false, secure, httpOnly: true, sameSite: 'lax', path: '/', overwrite: true } as const; // guard: flash-cookie-flags
  const contextOf = (session: string) => `told:${session}`; // guard: flash-own-session

  return {
    keep(ctx: Context, session: string, sentence: Sentence): void {
      ctx.cookies.set(name, cipher.seal(JSON.stringify(sentence), contextOf(session)), flags);
    },

    take(ctx: Context, session: string): Sentence | undefined {
      const sealed = ctx.cookies.get(name, { signed: false });
      if (!sealed) return undefined;
      ctx.cookies.set(name, null, flags);
      try {
        const { code, params } = shape.parse(JSON.parse(cipher.open(sealed, contextOf(session))));
        return { code, ...defined({ params }) };
      } catch {
        return undefined;
      }
    },
  };
}
