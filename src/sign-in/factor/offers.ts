import type { Account } from '../../accounts/account.ts';
import { meets } from '../../accounts/level.ts';
import type { CodeHolder } from '../../delivery/code.ts';
import type { Enrolment, Factor, Flow, Level, Offer } from '../../factors/factor.ts';
import { defined } from '../../platform/defined.ts';
import { type Attempt, isSignIn } from '../attempt.ts';
import type { ProvingStep, ResetStep, SignInStep } from '../outcome.ts';
import { independence } from '../policy/channels.ts';
import { rescueByMail, rescueWay } from '../rescue/by-mail.ts';

export interface OfferedFactor {
  readonly factor: Factor;
  readonly offer: Offer;
}

/**
 * What this account can prove now, in the order it is offered: the preferred one, the last used, then what no factor of the account
 * stands behind (recovery codes), so that those are never asked first. Only what reaches the level that the client asked
 * for; where nothing but recovery codes does, everything: unless they are chosen, the policy then tells the client that it was
 * not met.
 */
export function offered(factors: readonly Factor[], account: Account, leastLevel: Level): readonly OfferedFactor[] {
  const open = factors.filter(({ chosenAlone }) => !chosenAlone); // guard: rescue-never-offered
  const all = open.flatMap((factor) => factor.offers(account).map((offer) => ({ factor, offer })));
  const enough = all.filter(({ factor }) => meets(factor.levelFor?.(account) ?? factor.level, leastLevel));
  const behind = ({ offer }: OfferedFactor) => account.factors.find(({ id }) => id === offer.id);
  const place = (each: OfferedFactor) =>
    each.offer.id === account.preferredFactorId ? Number.POSITIVE_INFINITY : (behind(each)?.lastUsedAt.getTime() ?? 0);
  return (enough.some(behind) ? enough : all).toSorted((a, b) => place(b) - place(a));
}

/** What may be proved at this step: in a sign-in for the level that its client asks for, with the code in the place of lost ways where somebody chose it; in a reset whatever lives elsewhere than the mailed link did. */
export function offersAt(factors: readonly Factor[], step: ProvingStep): readonly OfferedFactor[] {
  const { account } = step;
  if (!account) return [];
  if (isSignIn(step)) return [...offered(factors, account, step.request.leastLevel), ...chosenAlone(factors, step)];
  return offered(factors, account, '1fa').filter((each) => standsInReset(step, each, account));
}

/** The mailbox that the link went to is no second proof there, and what leads to a new way leads to it in a sign-in alone. */
function standsInReset({ attempt, now }: ResetStep, { factor, offer }: OfferedFactor, account: Account): boolean {
  if (factor.forLost) return false; // guard: pass-resets-no-password
  const place = factor.destination?.(account, offer);
  if (!place) return true;
  const link = { courier: 'mail', destination: attempt.mailbox, as: 'reset', at: now } as const;
  return independence({ ...place, as: 'factor' }, { here: [link] }, now).counts; // guard: reset-mailbox-no-factor
}

function chosenAlone(factors: readonly Factor[], step: SignInStep): readonly OfferedFactor[] {
  const { account, attempt } = step;
  if (!account || attempt.way !== rescueWay || !rescueByMail(step)?.open) return []; // guard: rescue-judged-at-each-step
  const alone = factors.filter((factor) => factor.chosenAlone);
  return alone.flatMap((factor) => factor.offers(account).map((offer) => ({ factor, offer })));
}

export interface SettableFactor extends Pick<Factor, 'kind' | 'level' | 'field' | 'shape'> {
  readonly enrolment: Enrolment;
}

/** Kinds that can be set up at all, in the configured order. */
export function settableOf(factors: readonly Factor[]): readonly SettableFactor[] {
  return factors.flatMap(({ kind, level, field, shape, enrolment }) =>
    enrolment ? [{ kind, level, field, enrolment, ...defined({ shape }) }] : [],
  );
}

/**
 * What can be set up in this sign-in, in the configured order. Only what reaches the level that the client asked for: whoever
 * set up less would be turned away with it, now and at every sign-in after. Where nothing does, everything.
 */
export function settable(factors: readonly Factor[], leastLevel: Level): readonly SettableFactor[] {
  const all = settableOf(factors);
  const enough = all.filter(({ level }) => meets(level, leastLevel));
  return enough.length > 0 ? enough : all; // guard: enrols-client-level
}

/** The one that is asked: what was chosen, as long as it is offered, else the first. */
export function currentOffer(offers: readonly OfferedFactor[], way: string | undefined): OfferedFactor | undefined {
  return offers.find(({ offer }) => offer.id === way) ?? offers[0];
}

/** Whose the codes are that are sent in it. An account change has no mark of a browser, but its session. */
export function holderOf(attempt: Attempt): CodeHolder {
  const { id, accountId } = attempt;
  const browser = attempt.purpose === 'sign-in' ? attempt.browserMark : undefined;
  return { id, ...defined({ accountId, browser }) };
}

/** The attempt as a factor sees it: of the running challenge what is its own, where it is the one that is asked. */
export function flowOf(attempt: Attempt, offer?: Offer): Flow {
  const { proofs, deliveredCode } = attempt;
  const purpose = attempt.purpose === 'sign-in' ? undefined : attempt.purpose;
  const { kind, factorId, data, expiresAt } = attempt.challenge;
  const isOwn = offer !== undefined && kind === offer.kind && factorId === offer.id; // guard: challenge-of-own-factor
  const challenge = isOwn ? defined({ data, expiresAt }) : undefined;
  return { ...holderOf(attempt), proofs, ...defined({ purpose, deliveredCode, challenge }) };
}
