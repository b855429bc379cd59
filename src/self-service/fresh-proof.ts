import { meets } from '../accounts/level.ts';
import type { Level } from '../factors/factor.ts';
import { levelReached } from '../sign-in/policy/assurance.ts';
import type { SessionRecord } from '../sign-in/sessions.ts';

const freshMilliseconds = 5 * 60_000; // guard: fresh-five-minutes

/** Whether what a change needs (proof-changes) was proved within five minutes: by the times of the proofs themselves, since a session's auth_time tells of its last proof only. Neither a remembered device nor a rescue by mail reaches the level of a factor (check 53). */
export function isFresh({ proofs }: Pick<SessionRecord, 'proofs'>, level: Level, now: Date): boolean {
  const since = now.getTime() - freshMilliseconds;
  const reached = levelReached(proofs.filter(({ at }) => at.getTime() > since)); // guard: fresh-proofs-count-alone
  return reached !== undefined && meets(reached, level);
}
