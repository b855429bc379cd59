import { homedir } from 'node:os';
import { join } from 'node:path';

/** Programs that were brought; outside the project's data folder, which people remove to begin anew. */
export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'twofold');
