import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { rounded, type Spread, spread } from './figures.ts';
import { UnexpectedAnswer } from './http.ts';
import { signIn } from './journeys.ts';
import type { People } from './people.ts';
import type { Probed } from './probe.ts';
import type { Target } from './visitor.ts';
import { untimed } from './watch.ts';

/** What waits for its turn longer than that is given up; people would have. */
const patienceMilliseconds = 60_000;

interface Rate {
  readonly perSecond: number;
  readonly seconds: number;
}

export interface Offered extends Rate {
  readonly begun: number;
  /** While they were offered, and in all. */
  readonly finishedInTime: number;
  readonly finished: number;
  /** By the status of the answer that ended them. */
  readonly failed: Readonly<Record<string, number>>;
  readonly unfinished: number;
  /** Of each path before anything is offered, and meanwhile. */
  readonly quiet: Answers;
  readonly loaded: Answers;
}

/** By path. */
type Answers = Readonly<Record<string, Spread & { readonly failed: number }>>;

/** How many are to be begun now, so that by `elapsedMs` as many were as the rate says; never more than belong to the whole time. */
export function due({ perSecond, seconds }: Rate, elapsedMs: number, begun: number): number {
  const whole = Math.floor((Math.min(elapsedMs, seconds * 1000) * perSecond) / 1000);
  return Math.max(0, whole - begun);
}

/** Sign-ins are begun at a fixed rate, whether earlier ones are done or not, as people do. */
export async function offer(
  target: Target,
  people: People,
  { quietMilliseconds = 5_000, ...rate }: Rate & { readonly quietMilliseconds?: number },
): Promise<Offered> {
  const quiet = await probed(target, () => pause(quietMilliseconds));
  const tally = newTally();
  let finishedInTime = 0;
  const loaded = await probed(target, async () => {
    await offerAll(rate, () => tally.count(signInOf(target, people)));
    finishedInTime = tally.counts().finished;
  });
  await Promise.race([tally.all(), pause(patienceMilliseconds, undefined, { ref: false })]);
  return { ...rate, ...tally.counts(), finishedInTime, quiet, loaded };
}

async function signInOf(target: Target, people: People): Promise<void> {
  const act = await signIn.prepare(target, people);
  await act(untimed);
}

async function offerAll(rate: Rate, begin: () => void): Promise<void> {
  const start = performance.now();
  for (let begun = 0; begun < rate.perSecond * rate.seconds; await pause(2)) {
    const now = due(rate, performance.now() - start, begun);
    for (let each = 0; each < now; each += 1) begin();
    begun += now;
  }
}

/** What came of each. */
export function newTally() {
  const all: Promise<void>[] = [];
  const failed: Record<string, number> = {};
  let finished = 0;
  const succeed = () => {
    finished += 1;
  };
  const fail = (error: unknown) => {
    const why = error instanceof UnexpectedAnswer ? String(error.status) : 'no answer';
    failed[why] = (failed[why] ?? 0) + 1;
  };
  return {
    count: (work: Promise<void>) => void all.push(work.then(succeed, fail)),
    all: () => Promise.all(all),
    counts() {
      const failures = Object.values(failed).reduce((sum, each) => sum + each, 0);
      return { begun: all.length, finished, failed: { ...failed }, unfinished: all.length - finished - failures };
    },
  };
}

/** Asked from a thread of its own: what the driver waits for by itself is none of the server's. */
async function probed(target: Target, during: () => Promise<unknown>): Promise<Answers> {
  const [port = 0] = target.ports;
  const workerData = { port, host: `localhost:${port}`, paths: ['/jwks', '/health'], everyMilliseconds: 50 };
  const worker = new Worker(new URL('./probe.ts', import.meta.url), { workerData });
  const answered = new Promise<Record<string, Probed>>((resolve, reject) => {
    worker.once('message', resolve).once('error', reject);
  });
  await during();
  worker.postMessage('stop');
  const all = Object.entries(await answered);
  await worker.terminate();
  return Object.fromEntries(all.map(([path, { times, failed }]) => [path, { ...spread(times), failed }]));
}

export function lineOf({ perSecond, seconds, begun, finishedInTime, unfinished, failed }: Offered): string {
  const took = rounded(finishedInTime / seconds, 1);
  const why = Object.entries(failed).map(([status, times]) => `, ${times} ended by ${status}`);
  return `${perSecond} sign-ins a second offered for ${seconds} s: ${begun} begun, ${took} a second finished${why.join('')}, ${unfinished} unfinished a minute later`;
}
