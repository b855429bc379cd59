import type { Context } from 'koa';
import { z } from 'zod';
import type { Cipher } from '../../platform/cipher.ts';
import type { Sentence } from '../render.ts';
import { ownCookie } from './own-cookie.ts';

const content = z.object({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).exactOptional(),
});

/** A status line that outlives one redirect: after a POST the next page tells what was done. Sealed for one session, so that nobody else writes our sentences. */
export function flashes(given: { readonly cipher: Pick<Cipher, 'seal' | 'open'>; readonly issuer: string }) {
  const cookie = ownCookie({ ...given, name: 'twofold_told', content });
  const contextOf = (session: string) => `told:${session}`; // guard: flash-own-session

  return {
    keep: (ctx: Context, session: string, sentence: Sentence): void => cookie.write(ctx, sentence, contextOf(session)),

    take(ctx: Context, session: string): Sentence | undefined {
      const sentence = cookie.read(ctx, contextOf(session));
      cookie.clear(ctx);
      return sentence;
    },
  };
}
