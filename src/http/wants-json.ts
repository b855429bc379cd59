import type { Context } from 'koa';

const jsonTypes: readonly unknown[] = ['json', 'application/problem+json'];

/** Whether a program asks: HTML unless JSON is preferred, also for whoever accepts neither. */
export function wantsJson(ctx: Context): boolean {
  return jsonTypes.includes(ctx.accepts('html', 'json', 'application/problem+json'));
}
