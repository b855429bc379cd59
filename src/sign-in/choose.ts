import type { Attempts } from './attempt.ts';
import { moved, type Outcome, type Step } from './outcome.ts';
import { blank } from './proceed.ts';

/** The steps that prove nothing: what a person chooses on the way. */
export function choosing(deps: { readonly attempts: Attempts; readonly now: () => Date }) {
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

    async allow(step: Step): Promise<Outcome> {
      await deps.attempts.advance(step.attempt, { consent: step.request.scopes }, deps.now());
      return moved;
    },
  };
}
