import { setTimeout as pause } from 'node:timers/promises';
import { MongoInstance, MongoInstanceEvents } from 'mongodb-memory-server-core/lib/util/MongoInstance.js';
import { ResolveConfigVariables, setDefaultValue } from 'mongodb-memory-server-core/lib/util/resolveConfig.js';
import { loopback } from './port.ts';

export interface Place {
  readonly mongod: string;
  readonly dbPath: string;
  readonly port: number;
  readonly signal?: AbortSignal;
}

export interface Running {
  /** Settles when the process is gone, with the cause in one line. */
  readonly exited: Promise<string>;
  stop(): Promise<void>;
}

/** Longer than a mongod needs to end whose Twofold was killed: its killer looks every two seconds. */
const folderWaitMs = 6_000;

/** A folder whose mongod is only just ending is waited for; one that stays in use belongs to another Twofold. */
export async function launchMongod(place: Place, args: readonly string[]): Promise<Running> {
  for (const deadline = Date.now() + folderWaitMs; ; await pause(250)) {
    const { instance, exited } = prepare(place, args);
    const stop = async () => void (await instance.stop());
    try {
      await Promise.race([instance.start(), brokenOff(place.signal)]);
      return { exited, stop };
    } catch (error) {
      const cause = instance.mongodProcess === undefined || place.signal?.aborted ? oneLine(error) : await exited;
      await stop();
      if (!cause.includes('DBPathInUse')) throw new Error(`The local MongoDB did not start: ${cause}`);
      if (Date.now() > deadline) throw new Error(`${place.dbPath} is in use by another Twofold.`);
    }
  }
}

/** Rejects when the start is broken off; never settles otherwise. */
export function brokenOff(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const tell = () => reject(new Error('The start of the local MongoDB was broken off.'));
    if (signal?.aborted) tell();
    else signal?.addEventListener('abort', tell, { once: true });
  });
}

function prepare(place: Place, args: readonly string[]): { instance: MongoInstance; exited: Promise<string> } {
  setDefaultValue(ResolveConfigVariables.SYSTEM_BINARY_VERSION_CHECK, 'false');
  const instance = new MongoInstance({
    instance: {
      dbPath: place.dbPath,
      port: place.port,
      ip: loopback,
      storageEngine: 'wiredTiger',
      launchTimeout: 60_000,
      args: [...fixedArgs, ...args],
    },
    binary: { systemBinary: place.mongod },
    // A process group of its own: Ctrl-C in a terminal reaches the whole group, and mongod has to outlive Twofold's draining.
    spawn: { detached: true },
  });
  const fault = lastFault(instance);
  const exited = new Promise<string>((resolve) => {
    instance.once(MongoInstanceEvents.instanceClosed, (code: number | null, signal: string | null) =>
      resolve(fault() ?? `mongod was ended (${signal ?? `exit code ${code}`})`),
    );
  });
  return { instance, exited };
}

/** No server-side JavaScript, so that no `$where` can ever run [check 105]; no socket file beside the loopback port. */
const fixedArgs = [
  '--noscripting',
  '--nounixsocket',
  ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
  // A replica set of one has nobody to hand over to: the 15 seconds that a signalled shutdown waits for a successor are of no use.
  ...['--setParameter', 'shutdownTimeoutMillisForSignaledShutdown=100'],
  // Five minutes of history would keep the files of dropped collections open: a test run drops hundreds.
  ...['--setParameter', 'minSnapshotHistoryWindowInSeconds=0'],
];

/**
 * mongod writes JSON lines, and those of severity E and F tell why it is about to end.
 * They are handed on one by one: the package parses a whole chunk as if it were one line, and a fault that arrives together with
 * other lines would throw inside its event handler, out of anybody's reach.
 */
function lastFault(instance: MongoInstance): () => string | undefined {
  const handle = instance.stdoutHandler.bind(instance);
  let fault: string | undefined;
  let rest = '';
  instance.stdoutHandler = (chunk) => {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      fault = weightier(fault, faultIn(line));
      handle(line);
    }
  };
  return () => fault;
}

/** A full disk is the cause of whatever comes after it; otherwise the last word counts, save mongod's own obituary. */
function weightier(known: string | undefined, next: string | undefined): string | undefined {
  if (known === diskFull || next === undefined) return known;
  if (/no space left on device/i.test(next)) return diskFull;
  return known !== undefined && next.startsWith('Writing fatal message') ? known : next;
}

const diskFull = 'the disk is full (No space left on device)';

function faultIn(line: string): string | undefined {
  if (!/"s":"[EF]"/.test(line)) return undefined;
  try {
    const { msg, attr } = JSON.parse(line) as { msg: string; attr?: { error?: unknown; message?: unknown } };
    const detail = attr?.error ?? attr?.message;
    if (detail === undefined) return undefined;
    return oneLine(`${msg}: ${typeof detail === 'string' ? detail : JSON.stringify(detail)}`);
  } catch {
    return undefined;
  }
}

function oneLine(value: unknown): string {
  return (value instanceof Error ? value.message : String(value)).replaceAll(/\s+/g, ' ').trim();
}
