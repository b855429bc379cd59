import { access, mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { brokenOff, launchMongod, type Place, type Running } from './mongod.ts';
import { keepPort, keptPort, loopback, uriAt } from './port.ts';
import { joinReplicaSet, replicaSet, rewriteMember } from './replica-set.ts';

export interface EmbeddedDatabase {
  /** Names the replica set and no database. */
  readonly uri: string;
  /** Settles, with the cause in one line, when mongod ends without `stop()`; never otherwise. */
  readonly exited: Promise<string>;
  stop(): Promise<void>;
}

/** Starts mongod on the data kept in `folder`, and waits until it takes writes. Throws an Error of one line that a person can act on. */
export async function startEmbedded(options: {
  readonly mongod: string;
  readonly folder: string;
  /** Breaks the start off: it throws once nothing of it runs any more. */
  readonly signal?: AbortSignal;
}): Promise<EmbeddedDatabase> {
  const { mongod, signal } = options;
  const dbPath = join(options.folder, 'mongo');
  await mkdir(dbPath, { recursive: true, mode: 0o700 });
  const lastPort = await keptPort(options.folder);
  const port = await choosePort(lastPort);
  const moved = port !== lastPort && (await exists(join(dbPath, 'WiredTiger')));
  const place = { mongod, dbPath, port, ...(signal ? { signal } : {}) };
  const running = await bringUp(place, moved);
  await during(running, place, () => keepPort(options.folder, port));
  return embedded(running, port);
}

function embedded(running: Running, port: number): EmbeddedDatabase {
  let stopping = false;
  return {
    uri: uriAt(port),
    exited: running.exited.then((cause) => (stopping ? new Promise<never>(() => {}) : cause)),
    async stop() {
      stopping = true;
      await running.stop();
    },
  };
}

/**
 * The replica set's configuration names its one member by port. On another port mongod looks for itself at the old one, for half a
 * minute if something silent listens there, and gives up: so the member is rewritten first, by a mongod that runs alone.
 */
async function bringUp(place: Place, moved: boolean): Promise<Running> {
  if (moved) {
    const alone = await launchMongod(place, []);
    await during(alone, place, () => rewriteMember(loopback, place.port));
    await alone.stop();
  }
  const running = await launchMongod(place, ['--replSet', replicaSet]);
  if (await during(running, place, () => joinReplicaSet(loopback, place.port))) return running;
  await running.stop();
  if (moved) throw new Error(`The local MongoDB does not find itself at ${loopback}:${place.port}.`);
  return bringUp(place, true);
}

/** No mongod outlives a step that failed or was broken off, and no step waits for a mongod that is gone. */
async function during<T>(running: Running, { signal }: Place, step: () => Promise<T>): Promise<T> {
  const ended = running.exited.then((cause): never => {
    throw new Error(`The local MongoDB ended while starting: ${cause}`);
  });
  try {
    return await Promise.race([step(), ended, brokenOff(signal)]);
  } catch (error) {
    await running.stop();
    throw error;
  }
}

async function choosePort(lastPort: number | undefined): Promise<number> {
  if (lastPort !== undefined && (await freePort(lastPort)) === lastPort) return lastPort;
  const port = await freePort(0);
  if (port === undefined) throw new Error(`No free port on ${loopback} for the local MongoDB.`);
  return port;
}

function freePort(wanted: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen(wanted, loopback, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
