// Measures what people do at Twofold against two floors, in alternating rounds on one machine, and writes bench/latest.json.
// Nothing here is a test: numbers vary with the machine, ratios less.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeKeys } from '../src/oidc/keys.ts';
import { defined } from '../src/platform/defined.ts';
import { startEmbedded } from '../src/storage/embedded/embedded.ts';
import { type WatchedDatabase, watch } from './database.ts';
import { indexFloor } from './floor-adapter.ts';
import { watchHeap } from './heap.ts';
import { signIn } from './journeys.ts';
import { offer } from './offered.ts';
import { type Options, readOptions, usage } from './options.ts';
import { type People, peopleOf } from './people.ts';
import { openPost } from './post.ts';
import { figures, lines, type Measurement, requestTable, table } from './report.ts';
import { drive, type Round, round } from './round.ts';
import { chosenRows, countOf, type Row, type RowName } from './rows.ts';
import { seed } from './seed.ts';
import { contender, launch, type Running, type ServerName, type Surroundings, sum, writeClients } from './servers.ts';
import { type Summary, summary } from './summary.ts';

interface Bench {
  readonly options: Options;
  readonly surroundings: Surroundings;
  readonly database: WatchedDatabase;
  readonly people: Readonly<Record<Row['people'], People>>;
  /** What is stopped at the end, by name. */
  readonly running: Map<ServerName, Running>;
}

const mostWarmUp = 100;
const warmUpOf = ({ perRound }: Options) => Math.min(mostWarmUp, perRound);

async function measured(folder: string, options: Options): Promise<Measurement> {
  const mongod = process.env.TWOFOLD_MONGOD;
  if (!mongod) throw new Error('TWOFOLD_MONGOD is not set: run this by `npm run bench`, which brings a MongoDB');
  const { uri, stop } = await startEmbedded({ mongod, folder });
  const running = new Map<ServerName, Running>();
  try {
    const keys = makeKeys();
    const mailed = options.parts.includes('sign-in') ? warmUpOf(options) + options.rounds * options.perRound : 0;
    const accounts = await seed({ uri, keys, apps: options.accounts, mailed });
    await indexFloor(uri);
    const people = { floor: peopleOf(options.accounts), app: peopleOf(options.accounts), mailed: peopleOf(mailed) };
    const surroundings = { uri, keys, clients: writeClients(folder), post: await openPost(), ...options };
    const bench = { options, surroundings, database: await watch(uri), people, running };
    const rows = await measureRows(bench);
    const further = await measureFurther(bench);
    const { parts, processes } = options;
    return {
      parts,
      processes,
      accounts,
      rows,
      ...further,
      waitedMs: sum(Object.values(people), (each) => each.waitedMs),
      machine,
    };
  } finally {
    for (const { processes } of running.values()) for (const each of processes) await each.stop();
    await stop();
  }
}

const machine = {
  cores: availableParallelism(),
  cpu: cpus()[0]?.model,
  node: process.version,
  at: new Date().toISOString(),
};

async function serverOf({ running, surroundings }: Bench, name: ServerName, watched = false): Promise<Running> {
  const server = running.get(name) ?? (await launch(contender(name, surroundings), watched));
  running.set(name, server);
  return server;
}

async function measureRows(bench: Bench): Promise<ReadonlyMap<RowName, Summary>> {
  const { options, database, people } = bench;
  const rows = [];
  for (const row of chosenRows(options.parts)) {
    const driven = { journey: row.journey, people: people[row.people], count: countOf(row, options.perRound) };
    rows.push({ row, driven, server: await serverOf(bench, row.server), rounds: [] as Round[] });
  }
  for (const { row, server, driven } of rows)
    await drive(server.target, { ...driven, count: countOf(row, warmUpOf(options)) });
  for (let number = 0; number < options.rounds; number += 1)
    for (const { server, driven, rounds } of rows) rounds.push(await round(server, driven, database));
  return new Map(rows.map(({ row, server, rounds }) => [row.name, summary(row, rounds, costOf(server))]));
}

function costOf({ idleMiB, processes }: Running) {
  return { idleMiB, startSeconds: sum(processes, (each) => each.startSeconds) / processes.length };
}

async function measureFurther(bench: Bench): Promise<Pick<Measurement, 'offered' | 'heap'>> {
  const { options, people } = bench;
  const offered = async () => {
    const { target } = await serverOf(bench, 'twofold');
    await drive(target, { journey: signIn, people: people.app, count: warmUpOf(options) });
    return offer(target, people.app, { perSecond: options.offered, seconds: options.seconds });
  };
  const heap = async () => watchHeap(await serverOf(bench, 'heap', true), people.app, options.heap);
  return defined({
    heap: options.parts.includes('heap') ? await heap() : undefined,
    // Last: what was begun and never finished may go on for a while.
    offered: options.parts.includes('offered') ? await offered() : undefined,
  });
}

function readCommandLine(): Options {
  try {
    return readOptions(process.argv.slice(2), process.env);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
}

const options = readCommandLine();
const folder = mkdtempSync(join(tmpdir(), 'twofold-bench-'));
try {
  const measurement = await measured(folder, options);
  console.table(table(measurement.rows));
  console.table(requestTable(measurement.rows));
  for (const line of lines(measurement)) console.log(line);
  writeFileSync(options.out, `${JSON.stringify(figures(measurement), null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
