import type { Server } from 'node:http';
import { enableCompileCache } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from './config/config.ts';
import type { Log } from './platform/log.ts';
import type { Database } from './storage/connection.ts';
import type { EmbeddedDatabase } from './storage/embedded/embedded.ts';
import type { Twofold } from './wiring/server.ts';

// Reads the configuration, builds, listens, drains. The only file that touches the process.

// Before anything that takes time: a start is ended at once, too, and as the first process of a container we hear no signal at
// all that we do not ask for.
const before = (['SIGINT', 'SIGTERM'] as const).map((signal) => ({ signal, listeners: process.listeners(signal) }));
const stopSignal = signalled();
// Those of scripts/serve.js, now that ours are there: a signal on its way while nobody listened would be lost.
for (const { signal, listeners } of before) for (const listener of listeners) process.off(signal, listener);

// Compiling is half of a start: from the second on it is read back. Kept beside the packages, where nobody may write who could
// not change the code itself, as in a shared folder for temporary files. Where it cannot be written nothing is kept.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/twofold', import.meta.url)));
const { ConfigError, loadConfig } = await import('./config/config.ts');
const { loadKeys } = await import('./oidc/keys.ts');
const { refusedClients } = await import('./oidc/refused-clients.ts');
const { httpServer } = await import('./http/server.ts');
const { createLog } = await import('./platform/log.ts');
const { connect } = await import('./storage/connection.ts');
const { createIndexes } = await import('./storage/indexes.ts');
const { assertServerVersion } = await import('./storage/server-version.ts');
const { migrate } = await import('./storage/migrations.ts');
const { wire } = await import('./wiring/server.ts');

const sweepMilliseconds = 10 * 60_000;
const moveMilliseconds = 30_000;
/** Sessions end in other processes, too, the command line's. */
const tellMilliseconds = 2_000;
const catchUpMilliseconds = 60_000;
const drainMilliseconds = 10_000;
/** EX_CONFIG of sysexits.h. */
const badConfiguration = 78;

function readConfig(): Config {
  try {
    return loadConfig({ env: process.env });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return refuse(error.faults);
  }
}

function refuse(faults: readonly string[]): never {
  const list = faults.map((fault) => `- ${fault}\n`).join('');
  process.stderr.write(`Twofold cannot start with this configuration:\n${list}`);
  process.exit(badConfiguration);
}

/** What has to end with us, as far as it was begun. */
interface Begun {
  /** Rejected once a start that was broken off has ended its mongod. */
  embedded?: Promise<EmbeddedDatabase>;
  database?: Database;
  server?: Server;
  twofold?: Twofold;
  repeated?: readonly NodeJS.Timeout[];
}

/** Until somebody asks for the end, at whatever moment of the start, or something that it stands on is gone. */
async function run(config: Config): Promise<void> {
  const log = createLog({ level: config.log.level });
  const breakOff = new AbortController();
  const begun: Begun = {};
  try {
    const cause = await Promise.race([stopSignal, start({ config, log, signal: breakOff.signal }, begun)]);
    if (cause instanceof Error) throw cause;
  } finally {
    breakOff.abort();
    await end(begun, log);
  }
}

interface Start {
  readonly config: Config;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Settles when what it began has failed. */
async function start({ config, log, signal }: Start, begun: Begun): Promise<Error> {
  tellOf(config, log);
  const folder = resolve(config.dataFolder);
  const keys = await loadKeys(config.keys, folder);
  const refused = await refusedClients({ ...config, jwks: keys.jwks });
  if (refused.length > 0) refuse(refused);
  if (config.database.uri === undefined) begun.embedded = embeddedDatabase(config, { folder, signal });
  const embedded = await begun.embedded;
  const uri = config.database.uri ?? embedded?.uri ?? '';
  const database = await connect({ uri, databaseName: config.database.name });
  begun.database = database;
  await assertServerVersion(database);
  await createIndexes(database);
  await migrate(database, new Date());
  const twofold = wire({ config, keys, database, log, now: () => new Date() });
  begun.twofold = twofold;
  begun.server = httpServer(twofold.app.callback(), { log });
  if (signal.aborted) return new Promise<never>(() => {});
  await listen(begun.server, config);
  begun.repeated = repeat(twofold, log);
  log.info({ issuer: config.issuer, port: config.port, environment: config.environment }, 'listening');
  return embedded ? new Error(await embedded.exited) : new Promise<never>(() => {});
}

function repeat({ sweep, moveEvents, logouts }: Twofold, log: Log): readonly NodeJS.Timeout[] {
  const logged = (what: string, work: () => Promise<void>) => () =>
    work().catch((error) => log.error({ err: error }, what));
  const swept = logged('sweep', sweep);
  const catchUp = logged('catch up', logouts.catchUp);
  // What another process, or this one before it was killed, has left.
  catchUp();
  swept();
  return [
    setInterval(swept, sweepMilliseconds),
    setInterval(logged('events', moveEvents), moveMilliseconds),
    setInterval(catchUp, catchUpMilliseconds),
    setInterval(logged('back-channel logout', logouts.begin), tellMilliseconds),
  ];
}

/** What whoever runs this should know, though it starts. */
function tellOf(config: Config, log: Log): void {
  if (reachableAround(config))
    log.warn(
      { host: config.host },
      'whoever reaches this address without the proxy chooses the address that is counted',
    );
  for (const variable of config.ignoredVariables)
    log.warn({ variable }, 'is not read: it tells of a service of that name, not of a setting');
}

/** From the outside in: nobody is answered any more when the database goes. */
async function end({ embedded, database, server, twofold, repeated = [] }: Begun, log: Log): Promise<void> {
  for (const timer of repeated) clearInterval(timer);
  if (server?.listening) await drain(server, log);
  await twofold?.logouts.stop();
  twofold?.close();
  await database?.close();
  await embedded?.then(
    (running) => running.stop(),
    () => {},
  );
}

async function embeddedDatabase(
  config: Config,
  start: { readonly folder: string; readonly signal: AbortSignal },
): Promise<EmbeddedDatabase> {
  const { mongod } = config.database;
  if (mongod === undefined)
    throw new Error('No database: set MONGODB_URI, or TWOFOLD_MONGOD to the path of a mongod (npm start brings one)');
  const { startEmbedded } = await import('./storage/embedded/embedded.ts');
  return startEmbedded({ mongod, ...start });
}

/** X-Forwarded-For is believed of whoever connects. */
function reachableAround({ host, trustedProxies }: Config): boolean {
  return trustedProxies > 0 && ['0.0.0.0', '::'].includes(host);
}

function listen(server: Server, { host, port }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} is in use: stop what uses it, or set TWOFOLD_PORT`)
          : error,
      );
    });
    server.listen(port, host, resolve);
  });
}

function signalled(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, resolve);
    // Whoever started this by a channel is gone.
    process.once('disconnect', () => resolve('disconnect'));
  });
}

/** Lets what is under way finish; another signal or the time limit ends it. */
async function drain(server: Server, log: Log): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  const limit = new Promise((resolve) => setTimeout(resolve, drainMilliseconds).unref());
  server.closeIdleConnections();
  await Promise.race([closed, limit, signalled()]);
  server.closeAllConnections();
  log.info('stopped');
}

try {
  await run(readConfig());
  process.exit(0);
} catch (error) {
  process.stderr.write(`Twofold stopped: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
