// Measures full sign-ins against two floors, in alternating rounds on one machine, and writes bench/latest.json.
// Nothing here is a test: numbers vary with the machine, ratios less.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import mongoose from 'mongoose';
import type { Keys } from '../src/config.ts';
import { makeKeys } from '../src/oidc/keys.ts';
import { startEmbedded } from '../src/storage/embedded.ts';
import { signIn, type Target } from './driver.ts';
import { indexFloor } from './floor-adapter.ts';
import { benchClient, people } from './people.ts';
import { openPost, type Post } from './post.ts';
import { cpuMilliseconds, type Measured, residentMiB, start } from './process.ts';
import { seed } from './seed.ts';

const concurrency = 8;
const rounds = Number(process.env.BENCH_ROUNDS ?? 4);
const perRound = Number(process.env.BENCH_SIGN_INS ?? 400);
const warmUp = 100;

interface Contender {
  readonly title: string;
  readonly program: string;
  readonly target: Target;
  readonly env: Readonly<Record<string, string>>;
}

interface Round {
  readonly rate: number;
  readonly latencies: readonly number[];
  readonly serverCpuMs: number;
  readonly databaseCpuMs: number;
  readonly commands: number;
}

interface Running {
  readonly contender: Contender;
  readonly server: Measured;
  readonly idleMiB: number;
  readonly rounds: Round[];
}

interface Database {
  readonly pid: number;
  commands(): Promise<number>;
}

let nextPerson = 0;

async function drive(target: Target, count: number): Promise<readonly number[]> {
  const latencies: number[] = [];
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      const begun = performance.now();
      await signIn(target, nextPerson++ % people);
      latencies.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return latencies;
}

async function round({ server, contender }: Running, database: Database): Promise<Round> {
  const cpu = cpuMilliseconds(server.pid);
  const databaseCpu = cpuMilliseconds(database.pid);
  const commands = await database.commands();
  const begun = performance.now();
  const latencies = await drive(contender.target, perRound);
  const seconds = (performance.now() - begun) / 1000;
  return {
    rate: perRound / seconds,
    latencies,
    serverCpuMs: (cpuMilliseconds(server.pid) - cpu) / perRound,
    databaseCpuMs: (cpuMilliseconds(database.pid) - databaseCpu) / perRound,
    commands: ((await database.commands()) - commands) / perRound,
  };
}

/** Reads and writes that the server has done, from its own counters; what the replica set does by itself is not among them. */
async function watch(uri: string): Promise<Database & { close(): Promise<void> }> {
  const client = await mongoose.mongo.MongoClient.connect(uri);
  const status = () => client.db('admin').command({ serverStatus: 1 });
  return {
    pid: Number((await status()).pid),
    async commands() {
      const { opcounters, metrics } = await status();
      const modifying = Number(metrics.commands.findAndModify.total);
      return opcounters.insert + opcounters.query + opcounters.update + opcounters.delete + modifying;
    },
    close: () => client.close(),
  };
}

interface Given {
  readonly keys: Keys;
  readonly clients: string;
  readonly post: Post;
}

function contenders(uri: string, { keys, clients, post }: Given): readonly Contender[] {
  const jwks = { TWOFOLD_JWKS: JSON.stringify(keys.jwks) };
  const floor = (port: number, more = {}) => ({ BENCH_PORT: String(port), ...jwks, ...more });
  const twofold = (port: number) => ({
    ...jwks,
    NODE_ENV: 'test',
    MONGODB_URI: uri,
    TWOFOLD_DATABASE: 'twofold_bench',
    TWOFOLD_PORT: String(port),
    TWOFOLD_ISSUER: `http://localhost:${port}`,
    TWOFOLD_LOG_LEVEL: 'info',
    TWOFOLD_CLIENTS: clients,
    BENCH_CLIENT_SECRET: benchClient.client_secret,
    TWOFOLD_COOKIE_KEYS: keys.cookies.join(','),
    TWOFOLD_CIPHER_KEYS: keys.cipher.map(({ id, key }) => `${id}:${Buffer.from(key).toString('base64')}`).join(','),
    TWOFOLD_MAIL_TRANSPORT: 'smtp',
    TWOFOLD_SMTP_HOST: '127.0.0.1',
    TWOFOLD_SMTP_PORT: String(post.port),
  });
  return [
    {
      title: 'floor one: in memory',
      program: 'bench/floor.ts',
      target: { port: 4101, forgery: false },
      env: floor(4101),
    },
    {
      title: 'floor two: plain MongoDB',
      program: 'bench/floor.ts',
      target: { port: 4102, forgery: false },
      env: floor(4102, { BENCH_MONGODB_URI: uri }),
    },
    {
      title: 'Twofold, everything on',
      program: 'src/main.ts',
      target: { port: 4103, forgery: true },
      env: twofold(4103),
    },
    {
      title: 'Twofold, code by e-mail',
      program: 'src/main.ts',
      target: { port: 4104, forgery: true, post },
      env: twofold(4104),
    },
  ];
}

function clientsFile(folder: string): string {
  const file = join(folder, 'clients.yaml');
  const { client_id, redirect_uris } = benchClient;
  const client = {
    clientId: client_id,
    name: 'Bench',
    secretEnv: 'BENCH_CLIENT_SECRET',
    redirectUris: redirect_uris,
    firstParty: true,
  };
  writeFileSync(file, JSON.stringify({ clients: [client] }));
  return file;
}

async function launch(contender: Contender): Promise<Running> {
  const begin = () => start(contender.program, contender.target.port, contender.env);
  // The first start after an installation compiles; what is told is how long every later one takes.
  await (await begin()).stop();
  const server = await begin();
  await pause(2_000);
  return { contender, server, idleMiB: residentMiB(server.pid), rounds: [] };
}

const middle = (values: readonly number[]) => quantile(values, 0.5);

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function summary({ contender, server, idleMiB, rounds: all }: Running) {
  const latencies = all.flatMap((each) => each.latencies);
  return {
    title: contender.title,
    rate: middle(all.map(({ rate }) => rate)),
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    serverCpuMs: middle(all.map(({ serverCpuMs }) => serverCpuMs)),
    databaseCpuMs: middle(all.map(({ databaseCpuMs }) => databaseCpuMs)),
    commands: Math.round(middle(all.map(({ commands }) => commands))),
    idleMiB,
    startSeconds: server.startSeconds,
  };
}

const rounded = (value: number, digits = 2) => Number(value.toFixed(digits));

async function bench(folder: string): Promise<void> {
  const mongod = process.env.TWOFOLD_MONGOD;
  if (!mongod) throw new Error('TWOFOLD_MONGOD is not set: run this by `npm run bench`, which brings a MongoDB');
  const embedded = await startEmbedded({ mongod, folder });
  const keys = makeKeys();
  await seed({ uri: embedded.uri, keys });
  await indexFloor(embedded.uri);
  const database = await watch(embedded.uri);
  const running: Running[] = [];
  try {
    for (const contender of contenders(embedded.uri, { keys, clients: clientsFile(folder), post: await openPost() }))
      running.push(await launch(contender));
    for (const each of running) await drive(each.contender.target, warmUp);
    for (let number = 0; number < rounds; number += 1) {
      for (const each of running) each.rounds.push(await round(each, database));
    }
    report(running);
  } finally {
    for (const { server } of running) await server.stop();
    await database.close();
    await embedded.stop();
  }
}

function report(running: readonly Running[]): void {
  const all = running.map(summary);
  const [one, two, twofold, byMail] = all;
  if (!one || !two || !twofold || !byMail) return;
  console.table(
    Object.fromEntries(
      all.map(({ title, ...figures }) => [
        title,
        Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, rounded(value)])),
      ]),
    ),
  );
  const told = ({ rate, serverCpuMs, databaseCpuMs, commands }: ReturnType<typeof summary>) => ({
    ratioToFloorOne: rounded(rate / one.rate),
    ratioToFloorTwo: rounded(rate / two.rate),
    serverCpuMs: rounded(serverCpuMs),
    databaseCpuMs: rounded(databaseCpuMs),
    commands,
  });
  const signIn = told(twofold);
  console.log(`Twofold's rate: ${signIn.ratioToFloorOne} of floor one's, ${signIn.ratioToFloorTwo} of floor two's`);
  const machine = { cores: availableParallelism(), node: process.version, at: new Date().toISOString() };
  const figures = {
    signIn,
    signInByMail: told(byMail),
    idleMiB: rounded(twofold.idleMiB, 0),
    startSeconds: rounded(twofold.startSeconds),
    floors: { one, two },
    twofold,
    byMail,
    machine,
  };
  writeFileSync('bench/latest.json', `${JSON.stringify(figures, null, 2)}\n`);
}

const folder = mkdtempSync(join(tmpdir(), 'twofold-bench-'));
try {
  await bench(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
