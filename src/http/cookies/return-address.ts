import type { Context } from 'koa';
import type { Cipher } from '../../platform/cipher.ts';
import { randomId } from '../../platform/random.ts';
import { hostCookie } from './own-cookie.ts';

/** Where a person wants to be once they have signed in. */
export interface Return {
  /** A path of ours. */
  readonly to: string;
  /** Only this account is led there. */
  readonly accountId?: string;
}

export interface ReturnAddresses {
  /** The `state` that leads this browser there. */
  state(ctx: Context, wanted: Return): string;
  /** Undefined: not ours, not this browser's, or not this account's. */
  read(ctx: Context, state: string, accountId: string | undefined): string | undefined;
}

const context = 'return-address';

/** A keyed `state` (RFC 6749 section 10.12), bound to the browser by a cookie: an answer that this browser did not ask for leads nowhere. */
export function returnAddresses({
  cipher,
  issuer,
}: {
  readonly cipher: Pick<Cipher, 'mac' | 'matchesMac'>;
  readonly issuer: string;
}): ReturnAddresses {
  const { name, flags } = hostCookie({ name: 'twofold_return', issuer });

  function browserOf(ctx: Context): string | undefined {
    const value = ctx.cookies.get(name, { signed: false });
    return value && /^[\w-]{16,64}$/.test(value) ? value : undefined;
  }

  function mark(ctx: Context): string {
    const made = randomId();
    ctx.cookies.set(name, made, flags); // guard: state-cookie-flags
    return made;
  }

  return {
    state(ctx, { to, accountId = '' }) {
      const browser = browserOf(ctx) ?? mark(ctx);
      return `${Buffer.from(to).toString('base64url')}.${cipher.mac(bound(browser, accountId, to), context)}`;
    },

    read(ctx, state, accountId) {
      const browser = browserOf(ctx);
      const split = state.indexOf('.');
      if (browser === undefined || split < 0) return undefined;
      const to = Buffer.from(state.slice(0, split), 'base64url').toString();
      const mac = state.slice(split + 1);
      const accounts = accountId === undefined ? [''] : ['', accountId];
      return accounts.some((id) => cipher.matchesMac(mac, bound(browser, id, to), context)) ? to : undefined; // guard: state-bound-to-browser
    },
  };
}

function bound(browser: string, accountId: string, to: string): string {
  return JSON.stringify([browser, accountId, to]);
}
