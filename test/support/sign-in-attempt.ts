import type { Attempts, SignInAttempt } from '../../src/sign-in/attempt.ts';

/** The sign-in of this id, which runs. */
export async function signInAttempt(attempts: Pick<Attempts, 'find'>, id: string, now: Date): Promise<SignInAttempt> {
  const attempt = await attempts.find(id, now);
  if (attempt?.purpose !== 'sign-in') throw new Error(`no sign-in ${id}`);
  return attempt;
}
