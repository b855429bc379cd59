import { setTimeout as pause } from 'node:timers/promises';
import { rowsOf } from './database.ts';
import type { World } from './world.ts';

/** Events that the library's own answers lead to are written beside the answer: the database is asked until the first is there. */
export async function eventsOf(world: World, kind: string): Promise<readonly Record<string, unknown>[]> {
  for (let asked = 0; asked < 600; asked += 1) {
    const found = (await rowsOf(world.database, 'events')).filter((event) => event.kind === kind);
    if (found.length > 0) return found;
    // Counted in pauses, not by a clock that a test may have stopped: a minute at least.
    await pause(100);
  }
  return [];
}
