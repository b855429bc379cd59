import type { SignInAttempt } from '../../../src/sign-in/attempt.ts';
import type { Finished, Interactions } from '../../../src/sign-in/finish.ts';

/** The library's half of a row with what it was told in clear. One that was resumed has none. */
export const legibleInteractions: Interactions = {
  finished: async ({ interaction }, finished) => interaction && JSON.stringify(finished),
  refused: async ({ interaction }) => interaction && 'refused',
};

export function toldIn(attempt: SignInAttempt | undefined): Finished | undefined {
  return attempt?.interaction === undefined ? undefined : JSON.parse(attempt.interaction);
}
