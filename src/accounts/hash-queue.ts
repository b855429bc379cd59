import { Problem } from '../platform/problem.ts';

/** Waits for its turn, first come, first served. */
export type Turn = <T>(work: () => Promise<T>) => Promise<T>;

export interface HashQueue {
  /** Keeps one place from before the work begins until it ends. Full: Problem('busy', 503) at once, the work is never begun. */
  admit<T>(work: (turn: Turn) => Promise<T>): Promise<T>;
}

const retryAfterSeconds = 2;

/**
 * Password hashing shares libuv's pool with DNS and files: a flood of sign-ins without a bound would stop /token and the
 * health page too (docs/design.md trap 19). `concurrency` works run at a time, `queue` more wait.
 */
export function createHashQueue(bounds: { readonly concurrency: number; readonly queue: number }): HashQueue {
  const waiting: (() => void)[] = [];
  let admitted = 0;
  let running = 0;

  const turn: Turn = async (work) => {
    const isFree = running < bounds.concurrency; // guard: hash-concurrency-bounded
    if (isFree) running += 1;
    else await new Promise<void>((resume) => waiting.push(resume));
    try {
      return await work();
    } finally {
      passTurn();
    }
  };

  // The turn goes straight to the next in line: freed first, a newcomer could take it and the bound would be passed.
  function passTurn(): void {
    const next = waiting.shift();
    if (!next) running -= 1;
    else next(); // guard: hash-turn-in-order
  }

  return {
    async admit(work) {
      if (admitted >= bounds.concurrency + bounds.queue) {
        // guard: full-queue-told-at-once
        throw new Problem('busy', 503, { retryAfterSeconds, params: { seconds: retryAfterSeconds } });
      }
      admitted += 1;
      try {
        return await work(turn);
      } finally {
        admitted -= 1;
      }
    },
  };
}
