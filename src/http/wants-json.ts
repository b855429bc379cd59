import type { Context } from 'koa';

/** Whether a program asks: HTML unless JSON is preferred. */
export function wantsJson(ctx: Context): boolean {
  return ctx.accepts('html', 'json', 'application/problem+json') !== 'html';
}
