import type { Context, Middleware } from 'koa';
import type { KeepPace } from '../http/authorization-limit.ts';
import type { Interactions } from '../oidc/interactions.ts';
import { hashId } from '../platform/hash.ts';
import { Problem } from '../platform/problem.ts';
import type { Attempts } from '../sign-in/attempt.ts';
import { type BrowserDeps, beganElsewhere } from './sign-in/visit.ts';

interface Deps extends BrowserDeps {
  readonly keepPace: KeepPace;
  readonly interactions: Pick<Interactions, 'resumed' | 'resume'>;
  readonly attempts: Pick<Attempts, 'find' | 'findClient'>;
  readonly now: () => Date;
}

/** Whatever stands there: the library takes anything, and resumes what the cookie names. */
const resume = /^\/auth\/(.+)$/i; // guard: resume-address-any-spelling

/**
 * Before the library reads, burns or answers anything: a sign-in is resumed in the browser that began it. Whoever planted its
 * cookies in another would be handed what was proved there, or hand over what the other proves.
 */
export function resumeGuard(deps: Deps): Middleware {
  return async (ctx, next) => {
    const uid = resume.exec(ctx.path)?.[1];
    if (uid !== undefined) await assertOwn(deps, ctx, uid);
    return next();
  };
}

async function assertOwn(deps: Deps, ctx: Context, uid: string): Promise<void> {
  const { interactions, attempts, marks, now } = deps;
  // The cookie says what the library resumes; the address is whatever somebody typed.
  const resumed = interactions.resumed(ctx);
  const id = hashId(resumed ?? uid); // guard: resume-cookie-decides
  const attempt = await attempts.find(id, now());
  if (attempt?.purpose === 'sign-in' && marks.holds(ctx, attempt.browserMark)) {
    // guard: resume-own-browser-mark
    // Resumed before its end the library drops it and begins another one.
    if (!attempt.finishedAt) deps.keepPace(ctx); // guard: early-resume-paced
    if (resumed !== undefined) interactions.resume(ctx, attempt);
    return;
  }
  if (attempt && !attempt.finishedAt) throw beganElsewhere(ctx, attempt.clientId);
  // Without its cookie the library says what is over, and knows whom to lead back to.
  if (resumed === undefined) return;
  const clientId = attempt?.clientId ?? (await attempts.findClient(id, now()));
  throw new Problem('sign_in_ended', 400, clientId === undefined ? {} : { clientId }); // guard: finished-not-resumed
}
