import { countedBetween } from './counters.ts';
import type { WatchedDatabase } from './database.ts';
import type { Act, Journey } from './journeys.ts';
import { inParallel } from './parallel.ts';
import type { People } from './people.ts';
import { cpuMilliseconds } from './process.ts';
import { type Running, sum } from './servers.ts';
import type { Target } from './visitor.ts';
import { type Lap, stopwatch } from './watch.ts';

const concurrency = 8;

export interface Round {
  readonly rate: number;
  readonly latencies: readonly number[];
  readonly laps: readonly Lap[];
  readonly serverCpuMs: number;
  readonly databaseCpuMs: number;
  readonly commands: number;
  readonly writes: number;
}

interface Driven {
  readonly journey: Journey;
  readonly people: People;
  readonly count: number;
}

/** So many journeys that nothing is counted of. */
export async function drive(target: Target, { journey, people, count }: Driven): Promise<void> {
  await inParallel(count, concurrency, async () => timed(await journey.prepare(target, people)));
}

/** So many journeys, and what each of them cost. */
export async function round(
  { target, processes }: Running,
  { journey, people, count }: Driven,
  database: WatchedDatabase,
): Promise<Round> {
  const prepare = () => journey.prepare(target, people);
  const ahead = journey.ahead ? await inParallel(count, concurrency, prepare) : [];
  const serverCpu = () => sum(processes, ({ pid }) => cpuMilliseconds(pid));
  const before = { server: serverCpu(), database: cpuMilliseconds(database.pid), counted: await database.counted() };
  const begun = performance.now();
  const all = await inParallel(count, concurrency, async (index) => timed(ahead[index] ?? (await prepare())));
  const seconds = (performance.now() - begun) / 1000;
  const counted = countedBetween(before.counted, await database.counted());
  return {
    rate: count / seconds,
    latencies: all.map(({ ms }) => ms),
    laps: all.flatMap(({ laps }) => laps),
    serverCpuMs: (serverCpu() - before.server) / count,
    databaseCpuMs: (cpuMilliseconds(database.pid) - before.database) / count,
    commands: counted.commands / count,
    writes: counted.writes / count,
  };
}

async function timed(act: Act): Promise<{ readonly ms: number; readonly laps: readonly Lap[] }> {
  const { time, laps } = stopwatch();
  const begun = performance.now();
  await act(time);
  return { ms: performance.now() - begun, laps };
}
