import type { Factor } from '../../factors/factor.ts';
import { currentOffer, offersAt } from '../factor/offers.ts';
import { moved, type Outcome, type SignInStep } from '../outcome.ts';
import type { proceeding } from '../proceed.ts';
import { rescueByMail, rescueWay } from './by-mail.ts';

/** "Send me a code": the way that is asked for from then on, and the POST that sends it. */
export function choosingRescue(deps: {
  readonly factors: readonly Factor[];
  readonly proceed: ReturnType<typeof proceeding>;
}) {
  return async function chooseRescue(step: SignInStep): Promise<Outcome> {
    const { account, attempt } = step;
    if (attempt.way === rescueWay) return moved;
    const asked = currentOffer(offersAt(deps.factors, step), attempt.way)?.offer.id;
    if (!rescueByMail(step, asked)?.open) return moved; // guard: closed-rescue-sends-nothing
    return deps.proceed(step, { account, change: { way: rescueWay } });
  };
}
