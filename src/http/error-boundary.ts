import type { Context, Middleware } from 'koa';
import type { Log } from '../platform/log.ts';
import { Problem } from '../platform/problem.ts';
import { randomId } from '../platform/random.ts';

/** All that an answer may tell of what went wrong. */
export interface ProblemAnswer {
  readonly code: string;
  readonly status: number;
  /** The request's id, under which the log tells the rest. */
  readonly reference: string;
  readonly field?: string;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly clientId?: string;
}

export interface ErrorBoundaryOptions {
  readonly renderProblem: (ctx: Context, answer: ProblemAnswer) => Promise<void>;
  readonly isOutage: (error: unknown) => boolean;
  readonly log: Log;
}

interface Telling extends Omit<ProblemAnswer, 'reference'> {
  readonly retryAfterSeconds?: number;
}

const outage = { code: 'unavailable', status: 503, retryAfterSeconds: 5 } as const satisfies Telling;

/** Everything thrown ends here: what a person may read as its own page, everything else as 503 or 500 with a reference, its cause in the log alone. */
export function errorBoundary({ renderProblem, isOutage, log }: ErrorBoundaryOptions): Middleware {
  return async (ctx, next) => {
    try {
      await next();
      const problem = unanswered(ctx);
      if (problem) await answer(ctx, problem);
      // What the library answers by itself, JSON at /token included, arrives here finished.
      else if (ctx.status === 503 && !ctx.headerSent) ctx.set('Retry-After', String(outage.retryAfterSeconds));
    } catch (error) {
      const problem = tell(error, isOutage);
      logOf(ctx).write({ err: error, problem: problem.code, status: problem.status }, problem.status);
      await answer(ctx, problem);
    }
  };

  async function answer(ctx: Context, { retryAfterSeconds, ...problem }: Telling): Promise<void> {
    if (ctx.headerSent) {
      // Half an answer is out: cutting it off is the only way left to say that it is not whole.
      ctx.res.destroy();
      return;
    }
    const reference = String(ctx.state.requestId ?? randomId(9));
    for (const name of ['Location', 'Content-Type', 'Content-Length', 'Content-Encoding', 'ETag', 'Last-Modified'])
      ctx.remove(name); // guard: half-answer-cleared
    ctx.set('Cache-Control', 'no-store');
    if (retryAfterSeconds !== undefined) ctx.set('Retry-After', String(retryAfterSeconds));
    try {
      await renderProblem(ctx, { ...problem, reference });
      ctx.status = problem.status;
    } catch (error) {
      logOf(ctx).write({ err: error, problem: problem.code }, 500);
      ctx.type = 'text/plain; charset=utf-8';
      ctx.status = problem.status;
      ctx.body = `Something went wrong. Reference ${reference}\n`;
    }
  }

  function logOf(ctx: Context) {
    const own = ctx.log ?? log;
    const write = (entry: object, status: number) =>
      status >= 500 ? own.error(entry, 'failed') : own.info(entry, 'refused');
    return { write };
  }
}

function unanswered({ status, body, respond, headerSent }: Context): Telling | undefined {
  if (headerSent || respond === false || (body !== undefined && body !== null)) return undefined;
  if (status === 404) return { code: 'not_found', status };
  return status === 405 || status === 501 ? { code: 'bad_request', status } : undefined;
}

function tell(error: unknown, isOutage: (error: unknown) => boolean): Telling {
  if (error instanceof Problem) return { code: error.code, status: error.status, ...error.details };
  if (isOutage(error)) return outage; // guard: outage-503-retry
  // An error of http-errors' shape: `expose` says that its author meant it for the client.
  const { status, expose } = (error ?? {}) as { status?: unknown; expose?: unknown };
  if (typeof status !== 'number' || expose !== true) return { code: 'server_error', status: 500 }; // guard: unmeant-error-tells-nothing
  if (status === 503) return outage;
  if (status === 404) return { code: 'not_found', status };
  if (status === 413) return { code: 'too_large', status };
  return status >= 400 && status < 500 ? { code: 'bad_request', status } : { code: 'server_error', status: 500 };
}
