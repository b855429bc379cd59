import type { Context } from 'koa';
import type { z } from 'zod';
import type { Cipher } from '../../platform/cipher.ts';
import { defined } from '../../platform/defined.ts';

interface Named {
  /** Without a prefix. */
  readonly name: string;
  readonly issuer: string;
}

/**
 * Name and flags of every cookie of ours (RFC 6265bis section 4.1.3). `__Host-`: no sibling host plants it, and none is sent it.
 * `Lax`: another site's form comes without it. `HttpOnly`: no script reads it.
 */
export function hostCookie({ name, issuer }: Named) {
  const secure = issuer.startsWith('https:');
  return {
    name: `${secure ? '__Host-' : ''}${name}`, // guard: own-cookie-host-prefix
    flags: {
      signed: false,
      secure, // guard: own-cookie-https
      httpOnly: true, // guard: own-cookie-http-only
      sameSite: 'lax', // guard: own-cookie-same-site
      path: '/',
      overwrite: true,
    },
  } as const;
}

interface Sealed<Content> extends Named {
  readonly cipher: Pick<Cipher, 'seal' | 'open'>;
  readonly content: z.ZodType<Content>;
  /** Absent: until the browser is closed. */
  readonly seconds?: number;
}

export interface OwnCookie<Content> {
  /** Undefined: none, or one that was not written here in this very context. */
  read(ctx: Context, context: string): Content | undefined;
  write(ctx: Context, content: Content, context: string): void;
  /** Answers nothing where the browser sent none. */
  clear(ctx: Context): void;
}

/** A cookie whose content nobody reads and nobody else writes: sealed, and bound to the context that it is read in. */
export function ownCookie<Content>({ cipher, content, seconds, ...named }: Sealed<Content>): OwnCookie<Content> {
  const { name, flags } = hostCookie(named);
  const maxAge = seconds === undefined ? undefined : seconds * 1000;
  const sent = (ctx: Context) => ctx.cookies.get(name, { signed: false });

  return {
    read(ctx, context) {
      const sealed = sent(ctx);
      if (!sealed) return undefined;
      try {
        return content.parse(JSON.parse(cipher.open(sealed, context))); // guard: own-cookie-sealed
      } catch {
        return undefined;
      }
    },
    write(ctx, given, context) {
      ctx.cookies.set(name, cipher.seal(JSON.stringify(given), context), { ...flags, ...defined({ maxAge }) });
    },
    clear(ctx) {
      if (sent(ctx)) ctx.cookies.set(name, null, flags);
    },
  };
}
