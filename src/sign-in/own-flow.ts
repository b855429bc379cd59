import type { Attempt } from './attempt.ts';

/** What goes on although its account changed: this very attempt and, where it is a change, the session it is made in. */
export function ownFlow(attempt: Attempt): { attempt: string; session?: string } {
  const { id, purpose } = attempt;
  return purpose === 'change' ? { attempt: id, session: attempt.sessionId } : { attempt: id };
}
