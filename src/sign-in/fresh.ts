import type { Account } from '../accounts/account.ts';
import type { Level } from '../factors/factor.ts';
import { levelReached, meets } from './assurance.ts';
import type { SessionRecord } from './sessions.ts';

const freshMilliseconds = 5 * 60_000;

/**
 * What has to be proved before an account's way in is changed (ASVS 7.5.1): the password, and where the account has a factor,
 * one of them. Neither a remembered device nor a rescue by mail reaches that level (check 53).
 */
export function changeLevel(account: Account, asked: Level = '1fa'): Level {
  const least: Level = account.factors.length > 0 ? '2fa-email' : '1fa';
  return meets(asked, least) ? asked : least;
}

/** Whether all of it was proved within five minutes: by the times of the proofs themselves, since a session's auth_time tells of its last proof only. */
export function isFresh({ proofs }: Pick<SessionRecord, 'proofs'>, level: Level, now: Date): boolean {
  const since = now.getTime() - freshMilliseconds;
  const reached = levelReached(proofs.filter(({ at }) => at.getTime() > since));
  return reached !== undefined && meets(reached, level);
}
