import type { Context, Middleware } from 'koa';
import type { AddressBudget } from '../protection/address-budget.ts';
import { clientAddress } from './client-address.ts';

const path = '/token';

/**
 * Whoever guesses client secrets is stopped (RFC 6749 section 2.3.1). Counted by address alone: counted by client, a stranger
 * could shut a relying party out by guessing in its name.
 */
export function clientGuesses({
  addressLimits,
  showedTwoSecrets,
  now,
}: {
  readonly addressLimits: AddressBudget;
  /** Refused before either was compared: a guess all the same. */
  readonly showedTwoSecrets: (ctx: Context) => boolean;
  readonly now: () => Date;
}): Middleware {
  return async (ctx, next) => {
    if (ctx.path !== path || ctx.method !== 'POST') return next();
    const address = clientAddress(ctx);
    const until = await addressLimits.admit('client', address);
    if (!until) {
      await next();
      if (ctx.status === 401 || showedTwoSecrets(ctx)) await addressLimits.charge('client', address);
      return;
    }
    const seconds = Math.max(1, Math.ceil((until.getTime() - now().getTime()) / 1000));
    ctx.status = 429;
    ctx.set({ 'Retry-After': String(seconds), 'Cache-Control': 'no-store' });
    ctx.body = {
      error: 'temporarily_unavailable',
      error_description: 'too many failed client authentications came from this address',
    };
  };
}
