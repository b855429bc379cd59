import type { Factor } from '../factors/factor.ts';
import type { Attempts, SignInAttempt } from './attempt.ts';
import { blankButCode } from './blank.ts';
import { currentOffer, offersAt } from './factor/offers.ts';
import type { Interactions } from './finish.ts';
import { moved, type Outcome, type ProvingStep, type SignInStep } from './outcome.ts';
import type { proceeding } from './proceed.ts';
import type { Asked } from './request.ts';

/** What is asked: a whole sign-in, once the session's owner is not the one who answers or somebody began to sign in. */
export function promptOf({ asked: { prompt }, chosen, accountId }: SignInAttempt): Asked['prompt'] {
  return prompt === 'consent' && (chosen === 'other' || accountId !== undefined) ? 'login' : prompt; // guard: consent-session-owner
}

/** Whether the person is whom this browser's session says, or has yet to say who they are. */
export function asksTheSession(attempt: SignInAttempt): boolean {
  const { asked, chosen, accountId } = attempt;
  const prompt = promptOf(attempt);
  if (prompt === 'consent' || chosen === 'continue') return true;
  return (
    prompt === 'select_account' &&
    asked.sessionAccountId !== undefined &&
    chosen === undefined &&
    accountId === undefined
  );
}

/** The steps that prove nothing: what a person chooses on the way. */
export function choosing(deps: {
  readonly attempts: Attempts;
  readonly factors: readonly Factor[];
  readonly interactions: Interactions;
  readonly proceed: ReturnType<typeof proceeding>;
  readonly now: () => Date;
}) {
  return {
    /** "Not you?", "Use another address": everything that was proved or typed is gone, and this browser's session names nobody here. */
    async restart({ attempt }: SignInStep): Promise<Outcome> {
      const change = asksTheSession(attempt) ? ({ ...blankButCode, chosen: 'other' } as const) : blankButCode; // guard: restart-leaves-session
      await deps.attempts.advance(attempt, change, deps.now());
      return moved;
    },

    async chooseAccount(step: SignInStep, chosen: 'continue' | 'other'): Promise<Outcome> {
      await deps.attempts.advance(step.attempt, { chosen }, deps.now());
      return moved;
    },

    /** Another way: what it needs is begun by this choice. A code that is under way stays good for whoever comes back to it, until another way is sent one: an attempt holds one code. */
    async chooseWay(step: ProvingStep, way: string | undefined): Promise<Outcome> {
      const offers = offersAt(deps.factors, step);
      const chosen = offers.find(({ offer }) => offer.id === way);
      if (!chosen || chosen === currentOffer(offers, step.attempt.way)) return moved;
      return deps.proceed(step, { account: step.account, change: { way: chosen.offer.id } });
    },

    allow: (step: SignInStep): Promise<Outcome> =>
      deps.proceed(step, { account: step.account, change: { consent: step.request.scopes } }),

    /** Cancelled or denied, and the library told of it, in one write. Undefined: another moved it on first. */
    async refuse({ attempt }: SignInStep): Promise<SignInAttempt | undefined> {
      const now = deps.now();
      const interaction = await deps.interactions.refused(attempt);
      const ended = { ...blankButCode, finishedAt: now, refused: true, interaction };
      return deps.attempts.advance(attempt, ended, now);
    },
  };
}
