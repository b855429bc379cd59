import type { Database } from './connection.ts';
import { dropInteractions } from './dropped-interactions.ts';
import { moveFactorData } from './factor-data.ts';
import { gatherOidcRows } from './gathered-rows.ts';
import { joinSessions } from './joined-sessions.ts';
import { fillUsernameSkeletons } from './username-skeletons.ts';

/** Brings rows from before to the form of today: before the first request, and before the command line's first command. */
export async function migrate(database: Database, now: Date): Promise<void> {
  await fillUsernameSkeletons(database, now);
  await moveFactorData(database, now);
  await joinSessions(database, now);
  await dropInteractions(database);
  await gatherOidcRows(database, now);
}
