import { rounded, slope } from './figures.ts';
import { signIn } from './journeys.ts';
import type { People } from './people.ts';
import { drive } from './round.ts';
import type { Running } from './servers.ts';

const bytesInMiB = 1024 * 1024;
const parts = 10;

export interface Heap {
  /** By how many sign-ins were done when it was read, after a forced collection. */
  readonly heapMiB: Readonly<Record<string, number>>;
  /** The slope of what is above, without the first: what a sign-in leaves behind for good. */
  readonly bytesPerSignIn: number;
}

/** Reads the heap after each tenth of so many sign-ins. */
export async function watchHeap({ target, processes }: Running, people: People, signIns: number): Promise<Heap> {
  const [server] = processes;
  if (!server) throw new Error('nothing runs');
  const each = Math.floor(signIns / parts);
  const bytes = [await server.heap()];
  for (let part = 0; part < parts; part += 1) {
    await drive(target, { journey: signIn, people, count: each });
    bytes.push(await server.heap());
  }
  return heapFigures(bytes, each);
}

/** `bytes`: before the first sign-in, and after every `each`. What only the first ones load and cache is no leak. */
export function heapFigures(bytes: readonly number[], each: number): Heap {
  return {
    heapMiB: Object.fromEntries(bytes.map((value, index) => [index * each, rounded(value / bytesInMiB)])),
    bytesPerSignIn: Math.round(slope(bytes.slice(1)) / each),
  };
}
