import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { send } from './http.ts';

/** What one path answered. */
export interface Probed {
  readonly times: number[];
  failed: number;
}

interface Probe {
  readonly port: number;
  readonly host: string;
  readonly paths: readonly string[];
  readonly everyMilliseconds: number;
}

// Asks each path at a fixed rate, whether the last answer came or not: a server that stands still for a second makes every
// request of that second late, not one of them.
const { port, host, paths, everyMilliseconds } = workerData as Probe;
const probed: Readonly<Record<string, Probed>> = Object.fromEntries(
  paths.map((path) => [path, { times: [], failed: 0 }]),
);
const sent: Promise<void>[] = [];

async function ask(path: string, of: Probed): Promise<void> {
  const begun = performance.now();
  const status = await send({ port, host, path }).then(
    (answer) => answer.status,
    () => 0,
  );
  if (status === 200) of.times.push(performance.now() - begun);
  else of.failed += 1;
}

let going = true;
parentPort?.once('message', () => {
  going = false;
});
while (going) {
  for (const [path, of] of Object.entries(probed)) sent.push(ask(path, of));
  await pause(everyMilliseconds);
}
await Promise.all(sent);
parentPort?.postMessage(probed);
