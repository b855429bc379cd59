import { join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { bringDependencies } from './set-up/dependencies.js';
import { bringMongod } from './set-up/mongod.js';
import { progress } from './set-up/progress.js';
import { endRunning, SetUpProblem } from './set-up/run.js';
import { openLog } from './start/log.js';
import { startPart } from './start/part.js';
import { demoClientSecret, readSettings, refuseBusyPorts } from './start/settings.js';

const startLimitMs = 120_000;

/** What ends `npm start`: a part that ended by itself, or a person. An empty message: the person has been told, or knows. */
class Ended extends Error {
  constructor(message, exitCode) {
    super(message);
    this.exitCode = exitCode;
  }
}

async function start(parts) {
  const settings = readSettings(process.env);
  await refuseBusyPorts(settings);
  const node = await bringDependencies();
  const mongod = process.env.MONGODB_URI ? undefined : await bringMongod();
  const env = environment(settings, mongod);
  const log = openLog(join(settings.data, 'twofold.log'));
  const begin = async (name, { url, ...part }) => {
    // Asked to stop meanwhile: what began now would be ended by nobody.
    if (parts.closed) throw new Ended('', 0);
    const running = startPart({ node, env, ...part });
    const failed = running.ended.then((end) => Promise.reject(endOf(name, end)));
    failed.catch(() => {});
    parts.unshift({ failed, stop: running.stop });
    await progress(`${name} is starting`, () => Promise.race([failed, log.failed, answering(name, url)]));
  };
  const health = `${origin(settings)}/health`;
  await begin('Twofold', { url: health, program: 'src/main.ts', onLine: log.onLine });
  await begin('The demo', { url: settings.demoUrl, program: 'examples/relying-party/main.ts' });
  console.log(whatToOpen(settings));
  await Promise.race([log.failed, ...parts.map((part) => part.failed)]);
}

function endOf(name, { code, how, explained }) {
  return new Ended(explained ? '' : `${name} ended unexpectedly (${how}).`, code === 0 ? 1 : code);
}

function environment({ host, port, demoPort, data, issuer, demoUrl }, mongod) {
  return {
    ...process.env,
    NODE_ENV: process.env.NODE_ENV || 'development',
    TWOFOLD_HOST: host,
    TWOFOLD_PORT: String(port),
    TWOFOLD_DATA: data,
    TWOFOLD_ISSUER: issuer,
    TWOFOLD_DEMO_PORT: String(demoPort),
    TWOFOLD_DEMO_URL: demoUrl,
    TWOFOLD_DEMO_CLIENT_SECRET: demoClientSecret(data),
    ...(mongod === undefined ? {} : { TWOFOLD_MONGOD: mongod }),
  };
}

function origin({ host, port }) {
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

async function answering(name, url) {
  for (const deadline = Date.now() + startLimitMs; Date.now() < deadline; await pause(100)) {
    const status = await fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
      (response) => response.status,
      () => undefined,
    );
    if (status === 200) return;
  }
  throw new SetUpProblem(`${name} did not answer at ${url} within ${startLimitMs / 1000} seconds.`);
}

function whatToOpen({ issuer, demoUrl, data }) {
  return `
  Twofold is running.

  Open     ${demoUrl}   a demo app that signs people in with Twofold
  Mails    ${issuer}/outbox   what Twofold would have sent, codes included

  Data and log are in ${relative(process.cwd(), data) || data}. Ctrl-C ends everything.
`;
}

/** Both are the ordinary end: 0. Repeats are expected (npm hands on the signal that the terminal sent already) and change nothing. */
function askedToStop() {
  return new Promise((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => reject(new Ended('', 0)));
  });
}

const parts = Object.assign([], { closed: false });
// Before anything is begun: it may take long without a look at the signals.
const asked = askedToStop();
try {
  await Promise.race([asked, start(parts)]);
} catch (error) {
  const prefix = error.code === 'ENOSPC' ? 'The disk is full: ' : '';
  if (error.message !== '') console.error(`${prefix}${error.message}`);
  process.exitCode = error.exitCode ?? 1;
} finally {
  parts.closed = true;
  endRunning();
  for (const part of parts) await part.stop();
  process.exit();
}
