import { Problem } from '../platform/problem.ts';

export interface HashQueue {
  /** Runs the work when its turn comes, first come, first served. Full: Problem('busy', 503) at once, the work is never begun. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

const retryAfterSeconds = 2;

/**
 * Password hashing shares libuv's pool with DNS and files: a flood of sign-ins without a bound would stop /token and the
 * health page too (DESIGN.md trap 19). `concurrency` works run at a time, `queue` more wait.
 */
export function createHashQueue(bounds: { readonly concurrency: number; readonly queue: number }): HashQueue {
  const waiting: (() => void)[] = [];
  let running = 0;

  async function takeTurn(): Promise<void> {
    if (running < bounds.concurrency) {
      running += 1;
      return;
    }
    if (waiting.length >= bounds.queue) {
      throw new Problem('busy', 503, { retryAfterSeconds, params: { seconds: retryAfterSeconds } });
    }
    await new Promise<void>((resume) => waiting.push(resume));
  }

  // The place goes straight to the next in line: freed first, a newcomer could take it and the bound would be passed.
  function passTurn(): void {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }

  return {
    async run(work) {
      await takeTurn();
      try {
        return await work();
      } finally {
        passTurn();
      }
    },
  };
}
