import type { Context } from 'koa';
import { z } from 'zod';
import type { Cipher } from '../../platform/cipher.ts';
import { hostCookie } from './own-cookie.ts';

/** Which device it is, and the secret that counts now. */
const content = z.object({ id: z.string().min(16).max(64), secret: z.string().min(43).max(64) });

type HeldDevice = z.infer<typeof content>;

/** The cookies of one request. */
interface DeviceCookies {
  /** Undefined: none of this account that was written here. */
  read(accountId: string): HeldDevice | undefined;
  write(accountId: string, held: HeldDevice, until: Date): void;
  clear(accountId: string): void;
}

/** A shared computer's accounts; the cookie that was there first is let go, so that a request stays small. */
const mostAccounts = 8;

/**
 * One cookie for each account that remembers this browser. Its name is a keyed hash of the account, so that whoever reads the
 * cookies of a shared computer does not learn who signs in there; its value is sealed for that account, so that what was
 * altered, or belongs to another, is none.
 */
export function deviceCookies({ cipher, issuer }: { readonly cipher: Cipher; readonly issuer: string }) {
  const { name: prefix, flags } = hostCookie({ name: 'twofold_device_', issuer });

  /** Those of the request as they came: oldest first (RFC 6265 section 5.4). */
  function sent(ctx: Context): readonly (readonly [name: string, value: string])[] {
    const pairs = ctx.req.headers.cookie?.split(/; */) ?? [];
    return pairs.flatMap((pair) => {
      const split = pair.indexOf('=');
      return pair.startsWith(prefix) ? [[pair.slice(0, split), pair.slice(split + 1)] as const] : [];
    });
  }

  function ownOf(ctx: Context, accountId: string): readonly (readonly [name: string, value: string])[] {
    return sent(ctx).filter(([name]) => cipher.matchesMac(name.slice(prefix.length), accountId, nameContext)); // guard: device-name-keyed
  }

  function opened(value: string, accountId: string): HeldDevice | undefined {
    try {
      return content.parse(JSON.parse(cipher.open(value, valueContext(accountId)))); // guard: device-cookie-sealed
    } catch {
      return undefined;
    }
  }

  return (ctx: Context): DeviceCookies => {
    const drop = (names: readonly string[]) => {
      for (const name of names) ctx.cookies.set(name, null, flags);
    };
    const namesOf = (accountId: string) => ownOf(ctx, accountId).map(([name]) => name);
    return {
      read: (accountId) => ownOf(ctx, accountId).flatMap(([, value]) => opened(value, accountId) ?? [])[0],

      write(accountId, held, until) {
        const name = `${prefix}${cipher.mac(accountId, nameContext)}`;
        const before = namesOf(accountId);
        const others = sent(ctx).flatMap(([each]) => (before.includes(each) ? [] : [each]));
        // Also one that an older key has named.
        drop([
          ...before.filter((each) => each !== name),
          ...others.slice(0, Math.max(0, others.length - mostAccounts + 1)),
        ]);
        const value = cipher.seal(JSON.stringify(held), valueContext(accountId));
        ctx.cookies.set(name, value, { ...flags, expires: until });
      },

      clear: (accountId) => drop(namesOf(accountId)),
    };
  };
}

const nameContext = 'device-cookie';
const valueContext = (accountId: string) => `remembered-device:${accountId}`; // guard: device-cookie-own-account
