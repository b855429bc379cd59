import type { Attempts } from './attempt.ts';
import { moved, type Outcome, type Step } from './outcome.ts';
import { blank, type proceeding } from './proceed.ts';

/** The steps that prove nothing: what a person chooses on the way. */
export function choosing(deps: {
  readonly attempts: Attempts;
  readonly proceed: ReturnType<typeof proceeding>;
  readonly now: () => Date;
}) {
  return {
    /** "Not you?", "Use another address": everything that was proved or typed is gone. */
    async restart(step: Step): Promise<Outcome> {
      await deps.attempts.advance(step.attempt, blank, deps.now());
      return moved;
    },

    async chooseAccount(step: Step, chosen: 'continue' | 'other'): Promise<Outcome> {
      await deps.attempts.advance(step.attempt, { chosen }, deps.now());
      return moved;
    },

    allow: (step: Step): Promise<Outcome> =>
      deps.proceed(step, { account: step.account, change: { consent: step.request.scopes } }),

    /** Cancelled or denied. True for the one whose write ended it: that one tells the library. */
    async refuse(step: Step): Promise<boolean> {
      const now = deps.now();
      return (
        (await deps.attempts.advance(step.attempt, { ...blank, finishedAt: now, refused: true }, now)) !== undefined
      );
    },
  };
}
