import type { Context } from 'koa';
import { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider';

/** The pages that the library shows by itself, drawn by routes/. */
export interface LibraryPages {
  problem(ctx: Context, problem: LibraryProblem): Promise<void>;
  signOut(ctx: KoaContextWithOIDC, form: string): Promise<void>;
  signedOut(ctx: KoaContextWithOIDC): Promise<void>;
}

export interface LibraryProblem {
  readonly code: 'unavailable' | 'sign_in_ended' | 'request_refused' | 'server_error';
  readonly status: number;
  /** The standard's error code; never a client's or the library's own sentence. */
  readonly reason?: string;
  readonly clientId?: string;
  /** Of the interaction that was to be resumed. */
  readonly uid?: string;
}

export function libraryPages(pages: LibraryPages): Pick<Configuration, 'renderError'> {
  return {
    async renderError(ctx, out, error) {
      const uid = /^\/auth\/([\w-]+)$/.exec(ctx.path)?.[1];
      const clientId = ctx.oidc?.client?.clientId;
      const problem = { ...describe(out, error), ...(uid ? { uid } : {}), ...(clientId ? { clientId } : {}) };
      // Set already where the session, which is saved last, could not be: no code leaves by an answer that refuses it.
      ctx.remove('Location'); // guard: refused-code-not-sent
      ctx.status = problem.status;
      await pages.problem(ctx as unknown as Context, problem);
    },
  };
}

function describe(out: { error: string }, error: unknown): LibraryProblem {
  const status = statusOf(error);
  if (status === 503) return { code: 'unavailable', status };
  if (status >= 500) return { code: 'server_error', status };
  if (error instanceof errors.SessionNotFound) return { code: 'sign_in_ended', status };
  return { code: 'request_refused', status, reason: out.error }; // guard: refusal-standard-code
}

function statusOf(error: unknown): number {
  const status = (error as { statusCode?: unknown }).statusCode;
  return typeof status === 'number' ? status : 500;
}
