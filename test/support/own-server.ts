import { delimiter, dirname } from 'node:path';
import { env, kill } from 'node:process';
import { mongodPath } from './mongod.ts';

/** The environment of a server of development that keeps its own data and starts its own MongoDB. */
export function ownServerEnvironment(place: {
  readonly data: string;
  readonly port: number;
  readonly demoPort: number;
}): Record<string, string | undefined> {
  const { MONGODB_URI: _, ...inherited } = env;
  return {
    ...inherited,
    PATH: `${dirname(mongodPath())}${delimiter}${env.PATH}`,
    NODE_ENV: 'development',
    TWOFOLD_DATA: place.data,
    TWOFOLD_PORT: String(place.port),
    TWOFOLD_DEMO_PORT: String(place.demoPort),
  };
}

export function alive(pid: number): boolean {
  try {
    return kill(pid, 0);
  } catch {
    return false;
  }
}
