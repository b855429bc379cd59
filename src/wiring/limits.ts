import { authorizationLimit, keepingPace } from '../http/authorization-limit.ts';
import { clientGuesses } from '../http/client-guesses.ts';
import { showedTwoSecrets } from '../oidc/client-authentication.ts';
import { addressBudget } from '../protection/address-budget.ts';
import { addressPace } from '../protection/address-pace.ts';
import type { Base } from './base.ts';
import type { Core } from './core.ts';

export type Limits = ReturnType<typeof limitsOf>;

/** What one client address may do over all accounts and clients. */
export function limitsOf({ config: { addressLimits: limits }, log, now }: Base, { addressCounters }: Core) {
  const addressLimits = addressBudget({
    counters: addressCounters,
    limits,
    report: (cause) => log.error({ err: cause }, 'a failure was not counted against its address'),
    now,
  });
  const pace = addressPace({ perMinute: limits.authorizationsPerMinute, now });
  const keepPace = keepingPace({ pace, now });
  return {
    addressLimits,
    keepPace,
    authorizationLimit: authorizationLimit(keepPace),
    clientGuesses: clientGuesses({ addressLimits, showedTwoSecrets, now }),
  };
}
