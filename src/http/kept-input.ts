import type { Context } from 'koa';
import { z } from 'zod';
import type { Cipher } from '../platform/cipher.ts';

const shape = z.object({ until: z.number(), input: z.record(z.string(), z.string()) });

/** As long as a sign-in may take, roughly; what is typed is not left in a browser for ever. */
const keptSeconds = 30 * 60;
/** What browsers take is 4096 bytes with the name and the seal: of more than that nothing is kept. */
const mostBytes = 2500;

/** Whose form, and where it is shown. */
export interface FormPlace {
  readonly accountId: string;
  readonly path: string;
}

/**
 * Plain input of a form that waits until its sender has proved more (WCAG 3.3.7): it comes back once, on that page, for
 * that account. Sealed, so that it is in no address and no other account reads it. Callers hand over no password and no code.
 */
export function keptInput({
  cipher,
  issuer,
  now,
  cookie = 'twofold_input',
}: {
  readonly cipher: Pick<Cipher, 'seal' | 'open'>;
  readonly issuer: string;
  readonly now: () => Date;
  readonly cookie?: string;
}) {
  const secure = issuer.startsWith('https:');
  const name = `${secure ? '__Host-' : ''}${cookie}`;
  const flags = { signed: false, secure, httpOnly: true, sameSite: 'lax', path: '/', overwrite: true } as const; // guard: saved-input-cookie-flags
  const contextOf = (place: FormPlace) => `input:${JSON.stringify([place.accountId, place.path])}`; // guard: saved-input-own-page

  return {
    keep(ctx: Context, place: FormPlace, input: Readonly<Record<string, string>>): void {
      const until = now().getTime() + keptSeconds * 1000;
      const plain = JSON.stringify({ until, input });
      if (Object.keys(input).length === 0 || Buffer.byteLength(plain) > mostBytes) return;
      ctx.cookies.set(name, cipher.seal(plain, contextOf(place)), { ...flags, maxAge: keptSeconds * 1000 });
    },

    /** It stays there: a page that is opened again says the same. */
    read(ctx: Context, place: FormPlace): Readonly<Record<string, string>> {
      const sealed = ctx.cookies.get(name, { signed: false });
      const kept = sealed === undefined ? undefined : opened(sealed, place);
      return kept && kept.until > now().getTime() ? kept.input : {}; // guard: confirmation-half-hour
    },

    /** What belongs to another page stays for it. */
    take(ctx: Context, place: FormPlace): Readonly<Record<string, string>> {
      const sealed = ctx.cookies.get(name, { signed: false });
      const kept = sealed === undefined ? undefined : opened(sealed, place);
      if (!kept) return {};
      ctx.cookies.set(name, null, flags); // guard: saved-input-once
      return kept.until > now().getTime() ? kept.input : {}; // guard: saved-input-half-hour
    },
  };

  function opened(sealed: string, place: FormPlace): z.infer<typeof shape> | undefined {
    try {
      return shape.parse(JSON.parse(cipher.open(sealed, contextOf(place))));
    } catch {
      return undefined;
    }
  }
}
