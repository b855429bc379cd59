import type { Middleware } from 'koa';
import { Problem } from '../platform/problem.ts';
import type { AddressPace } from '../protection/address-pace.ts';
import { clientAddress } from './client-address.ts';

const path = '/auth';

/**
 * An authorization request of a stranger is stored, with its attempt, for as long as a sign-in may stay open: how large each is
 * is bounded by the address that it comes in (http/request-target), how many there are of one client, here.
 */
export function authorizationLimit({
  pace,
  now,
}: {
  readonly pace: AddressPace;
  readonly now: () => Date;
}): Middleware {
  return async (ctx, next) => {
    if (ctx.path !== path) return next();
    const until = pace.take(clientAddress(ctx));
    if (!until) return next(); // guard: paced-requests-not-stored
    const seconds = Math.max(1, Math.ceil((until.getTime() - now().getTime()) / 1000));
    throw new Problem('network', 429, { retryAfterSeconds: seconds, params: { seconds } });
  };
}
