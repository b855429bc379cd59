import type { Context } from 'koa';
import { z } from 'zod';
import type { Cipher } from '../../platform/cipher.ts';
import { ownCookie } from './own-cookie.ts';

const content = z.object({ until: z.number(), input: z.record(z.string(), z.string()) });

/** As long as a sign-in may take, roughly; what is typed is not left in a browser for ever. */
const keptSeconds = 30 * 60;
/** What browsers take is 4096 bytes with the name and the seal: of more than that nothing is kept. */
const mostBytes = 2500;

/** Whose form, and where it is shown. */
export interface FormPlace {
  readonly accountId: string;
  readonly path: string;
}

interface Deps {
  readonly cipher: Pick<Cipher, 'seal' | 'open'>;
  readonly issuer: string;
  readonly now: () => Date;
  readonly cookie?: string;
}

/**
 * Plain input of a form that waits until its sender has proved more (WCAG 3.3.7): it comes back once, on that page, for
 * that account. Sealed, so that it is in no address and no other account reads it. Callers hand over no password and no code.
 */
export function savedInput({ cipher, issuer, now, cookie: name = 'twofold_input' }: Deps) {
  const cookie = ownCookie({ cipher, issuer, name, content, seconds: keptSeconds });
  const contextOf = (place: FormPlace) => `input:${JSON.stringify([place.accountId, place.path])}`; // guard: saved-input-own-page
  const inputIn = (found: z.infer<typeof content> | undefined) =>
    found && found.until > now().getTime() ? found.input : {}; // guard: saved-input-half-hour

  return {
    keep(ctx: Context, place: FormPlace, input: Readonly<Record<string, string>>): void {
      const waiting = { until: now().getTime() + keptSeconds * 1000, input };
      if (Object.keys(input).length === 0 || Buffer.byteLength(JSON.stringify(waiting)) > mostBytes) return;
      cookie.write(ctx, waiting, contextOf(place));
    },

    /** It stays there: a page that is opened again says the same. */
    read: (ctx: Context, place: FormPlace): Readonly<Record<string, string>> =>
      inputIn(cookie.read(ctx, contextOf(place))),

    /** What belongs to another page stays for it. */
    take(ctx: Context, place: FormPlace): Readonly<Record<string, string>> {
      const found = cookie.read(ctx, contextOf(place));
      if (found) cookie.clear(ctx); // guard: saved-input-once
      return inputIn(found);
    },
  };
}
