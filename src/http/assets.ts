import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Middleware } from 'koa';
import { favicon } from './favicon.ts';
import type { Theme } from './theme.ts';

const folder = fileURLToPath(new URL('../../views/public/', import.meta.url));
const prefix = '/assets/';

/** The few files that pages load, read once at start: a path from a request never reaches the disk. */
export function assets({ theme }: { readonly theme: Theme }): Middleware {
  const files = new Map(
    readdirSync(folder).map((name) => [name, { type: extname(name), body: readFileSync(join(folder, name)) }]),
  );
  files.set('favicon.svg', { type: '.svg', body: Buffer.from(favicon(theme)) });
  files.set('theme.css', { type: '.css', body: Buffer.from(theme.styleSheet) });
  return async (ctx, next) => {
    if (!ctx.path.startsWith(prefix)) return next();
    const file = files.get(ctx.path.slice(prefix.length));
    if (!file || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return next();
    ctx.set('Cache-Control', 'public, max-age=3600');
    ctx.type = file.type;
    ctx.body = file.body;
  };
}
