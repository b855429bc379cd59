import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { root } from '../set-up/dependencies.js';
import { SetUpProblem } from '../set-up/run.js';

/** Where to listen and where to keep data, by the environment; Twofold and the demo are told the same. */
export function readSettings(env) {
  const host = (env.TWOFOLD_HOST || '127.0.0.1').replace(/^\[(.*)\]$/, '$1');
  const port = portIn(env, 'TWOFOLD_PORT', 3000);
  const demoPort = portIn(env, 'TWOFOLD_DEMO_PORT', 3001);
  if (port === demoPort)
    throw new SetUpProblem(`TWOFOLD_PORT and TWOFOLD_DEMO_PORT are both ${port}: they have to differ.`);
  const data = resolve(root, env.TWOFOLD_DATA || '.data');
  const issuer = env.TWOFOLD_ISSUER || `http://localhost:${port}`;
  return { host, port, demoPort, data, issuer, demoUrl: `http://localhost:${demoPort}` };
}

function portIn(env, name, otherwise) {
  // Kubernetes fills TWOFOLD_PORT with tcp://... for a service of the name twofold.
  if (/^(tcp|udp|sctp):\/\//.test(env[name] ?? '')) return otherwise;
  const port = Number(env[name] || otherwise);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new SetUpProblem(`${name} is ${env[name]}: it has to be a port from 1 to 65535.`);
}

/** Asked before anything is brought or started, so that nobody waits for nothing. */
export async function refuseBusyPorts({ host, port, demoPort }) {
  await refuseBusy(host, port, 'TWOFOLD_PORT');
  await refuseBusy('127.0.0.1', demoPort, 'TWOFOLD_DEMO_PORT');
}

async function refuseBusy(host, port, name) {
  const fault = await listenOnce(host, port);
  // Browsers try ::1 for "localhost" first: who listens there would be shown instead of us.
  const shadow = fault === undefined && host === '127.0.0.1' ? await listenOnce('::1', port) : undefined;
  if (fault === 'EADDRINUSE' || shadow === 'EADDRINUSE') {
    throw new SetUpProblem(
      `Port ${port} is in use. End the program that listens there, or choose another port by ${name}.`,
    );
  }
  if (fault !== undefined) throw new SetUpProblem(`Nothing can listen on ${host}, port ${port} (${fault}).`);
}

function listenOnce(host, port) {
  return new Promise((settle) => {
    const probe = createServer();
    probe.once('error', (error) => settle(error.code));
    probe.listen({ host, port, ipv6Only: true }, () => probe.close(() => settle(undefined)));
  });
}

/** What both sides know of the demo's client: made once, kept between runs. */
export function demoClientSecret(data) {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const file = join(data, 'demo-client-secret');
  try {
    writeFileSync(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8').trim();
}
