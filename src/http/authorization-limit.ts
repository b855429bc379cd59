import type { Context, Middleware } from 'koa';
import { Problem } from '../platform/problem.ts';
import type { AddressPace } from '../protection/address-pace.ts';
import { clientAddress } from './client-address.ts';

/** Throws a 429 Problem where this address has begun as much as it may. */
export type KeepPace = (ctx: Context) => void;

/**
 * What a stranger asks for is stored for a while: an authorization request with its attempt, for as long as a sign-in may stay
 * open; the question whether to sign out. How large each is is bounded by the address that it comes in (http/request-target),
 * how many there are of one client, here, by whichever address they are asked for.
 */
export function keepingPace({ pace, now }: { readonly pace: AddressPace; readonly now: () => Date }): KeepPace {
  return (ctx) => {
    const until = pace.take(clientAddress(ctx));
    if (!until) return; // guard: paced-requests-not-stored
    const seconds = Math.max(1, Math.ceil((until.getTime() - now().getTime()) / 1000));
    throw new Problem('network', 429, { retryAfterSeconds: seconds, params: { seconds } });
  };
}

const paced: readonly string[] = ['/auth', '/session/end']; // guard: sign-out-question-paced

/** A sign-in that is resumed before its end begins another one: that is seen where it is resumed (routes/resume). */
export function authorizationLimit(keepPace: KeepPace): Middleware {
  return async (ctx, next) => {
    if (paced.includes(ctx.path)) keepPace(ctx);
    return next();
  };
}
