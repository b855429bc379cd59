import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Keys } from '../src/config/config.ts';
import { type BenchClient, benchClient, secondClient } from './people.ts';
import type { Post } from './post.ts';
import { type Measured, residentMiB, start } from './process.ts';
import { databaseName } from './seed.ts';
import type { Target } from './visitor.ts';

export type ServerName = 'floorOne' | 'floorTwo' | 'twofold' | 'byMail' | 'processes' | 'heap';

/** What is started, in as many processes as its target has ports. */
export interface Contender {
  readonly program: string;
  readonly target: Target;
  readonly env: Readonly<Record<string, string>>;
}

export interface Running {
  readonly target: Target;
  readonly processes: readonly Measured[];
  readonly idleMiB: number;
}

export interface Surroundings {
  readonly uri: string;
  readonly keys: Keys;
  readonly clients: string;
  readonly post: Pick<Post, 'port' | 'codeFor'>;
  /** How many "processes" has. */
  readonly processes: number;
}

const firstPorts = { floorOne: 4101, floorTwo: 4102, twofold: 4103, byMail: 4104, heap: 4105, processes: 4111 };

export function contender(name: ServerName, given: Surroundings): Contender {
  const first = firstPorts[name];
  if (name === 'floorOne') return floor(first, given);
  if (name === 'floorTwo') return floor(first, given, { BENCH_MONGODB_URI: given.uri });
  const ports = Array.from({ length: name === 'processes' ? given.processes : 1 }, (_, index) => first + index);
  const target = { ports, forgery: true, post: given.post };
  return { program: 'src/main.ts', target, env: twofoldSettings(first, given) };
}

function floor(port: number, { keys }: Surroundings, more: Contender['env'] = {}): Contender {
  const env = { TWOFOLD_JWKS: JSON.stringify(keys.jwks), ...more };
  return { program: 'bench/floor.ts', target: { ports: [port], forgery: false }, env };
}

/** Everything on, with the limits of an address so high that one address can be everybody. */
function twofoldSettings(issuerPort: number, { uri, keys, clients, post }: Surroundings): Contender['env'] {
  return {
    NODE_ENV: 'test',
    MONGODB_URI: uri,
    TWOFOLD_DATABASE: databaseName,
    TWOFOLD_ISSUER: `http://localhost:${issuerPort}`,
    TWOFOLD_LOG_LEVEL: 'info',
    TWOFOLD_CLIENTS: clients,
    BENCH_CLIENT_SECRET: benchClient.client_secret,
    TWOFOLD_JWKS: JSON.stringify(keys.jwks),
    TWOFOLD_COOKIE_KEYS: keys.cookies.join(','),
    TWOFOLD_CIPHER_KEYS: keys.cipher.map(({ id, key }) => `${id}:${Buffer.from(key).toString('base64')}`).join(','),
    TWOFOLD_MAIL_TRANSPORT: 'smtp',
    TWOFOLD_SMTP_HOST: '127.0.0.1',
    TWOFOLD_SMTP_PORT: String(post.port),
  };
}

export function writeClients(folder: string): string {
  const file = join(folder, 'clients.yaml');
  const client = ({ client_id, redirect_uris }: BenchClient) => ({
    clientId: client_id,
    name: client_id,
    secretEnv: 'BENCH_CLIENT_SECRET',
    redirectUris: redirect_uris,
    firstParty: true,
  });
  writeFileSync(file, JSON.stringify({ clients: [client(benchClient), client(secondClient)] }));
  return file;
}

export async function launch({ program, target, env }: Contender, watched = false): Promise<Running> {
  const begin = (port: number) =>
    start({ program, port, env: { ...env, BENCH_PORT: String(port), TWOFOLD_PORT: String(port) }, watched });
  const [first = 0] = target.ports;
  // The first start after an installation compiles; what is told is how long every later one takes.
  await (await begin(first)).stop();
  const processes: Measured[] = [];
  for (const port of target.ports) processes.push(await begin(port));
  await pause(2_000);
  return { target, processes, idleMiB: sum(processes, ({ pid }) => residentMiB(pid)) };
}

export function sum<T>(all: readonly T[], value: (one: T) => number): number {
  return all.reduce((total, one) => total + value(one), 0);
}
