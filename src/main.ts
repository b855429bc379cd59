import { createServer, type Server } from 'node:http';
import { enableCompileCache } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from './config.ts';
import type { Log } from './platform/log.ts';
import type { EmbeddedDatabase } from './storage/embedded.ts';

// Reads the configuration, builds, listens, drains. The only file that touches the process.

// Compiling is half of a start: from the second on it is read back. Kept beside the packages, where nobody may write who could
// not change the code itself, as in a shared folder for temporary files. Where it cannot be written nothing is kept.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/twofold', import.meta.url)));
const { ConfigError, loadConfig } = await import('./config.ts');
const { loadKeys } = await import('./oidc/keys.ts');
const { refusedClients } = await import('./oidc/refused-clients.ts');
const { createLog } = await import('./platform/log.ts');
const { connect } = await import('./storage/connection.ts');
const { createIndexes } = await import('./storage/indexes.ts');
const { assertServerVersion } = await import('./storage/server-version.ts');
const { wire } = await import('./wiring.ts');

const sweepMilliseconds = 10 * 60_000;
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

async function run(config: Config): Promise<void> {
  const log = createLog({ level: config.log.level });
  if (reachableAround(config))
    log.warn(
      { host: config.host },
      'whoever reaches this address without the proxy chooses the address that is counted',
    );
  for (const variable of config.ignoredVariables)
    log.warn({ variable }, 'is not read: it tells of a service of that name, not of a setting');
  const folder = resolve(config.dataFolder);
  const keys = await loadKeys(config.keys, folder);
  const refused = await refusedClients({ ...config, jwks: keys.jwks });
  if (refused.length > 0) refuse(refused);
  const embedded = config.database.uri === undefined ? await embeddedDatabase(config, folder) : undefined;
  const database = await connect({
    uri: config.database.uri ?? embedded?.uri ?? '',
    databaseName: config.database.name,
  });
  await assertServerVersion(database);
  await createIndexes(database);
  const twofold = wire({ config, keys, database, log, now: () => new Date() });

  const server = createServer(twofold.app.callback());
  await listen(server, config);
  const sweeping = setInterval(
    () => twofold.sweep().catch((error) => log.error({ err: error }, 'sweep')),
    sweepMilliseconds,
  );
  log.info({ issuer: config.issuer, port: config.port, environment: config.environment }, 'listening');

  const ended = await Promise.race([
    signalled(),
    embedded?.exited.then((cause) => new Error(cause)) ?? new Promise<never>(() => {}),
  ]);
  clearInterval(sweeping);
  await drain(server, log);
  twofold.close();
  await database.close();
  await embedded?.stop();
  if (ended instanceof Error) throw ended;
}

async function embeddedDatabase(config: Config, folder: string): Promise<EmbeddedDatabase> {
  const { mongod } = config.database;
  if (mongod === undefined)
    throw new Error('No database: set MONGODB_URI, or TWOFOLD_MONGOD to the path of a mongod (npm start brings one)');
  const { startEmbedded } = await import('./storage/embedded.ts');
  return startEmbedded({ mongod, folder });
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

/** Lets what is under way finish; a second signal or the time limit ends it. */
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
