import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { createRenderer } from '../../src/http/render.ts';
import { createTheme, type ThemeSettings } from '../../src/http/theme.ts';
import type { Ending } from '../support/nginx.ts';
import { samplePages } from '../support/sample-pages.ts';

export const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";

export const settings: ThemeSettings = {
  productName: 'Twofold',
  accent: '#3538cd',
  links: { help: '/help', privacy: '/privacy', terms: '/terms' },
};

const types: Readonly<Record<string, string>> = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' };

/** Serves each sample page at /<name> under the policy of the real pages; answers the origin. */
export async function serveSamples(t: Ending, theme: ThemeSettings = settings): Promise<string> {
  const made = createTheme(theme);
  const renderer = createRenderer({ theme: made, cache: true });
  const app = new Koa();
  app.use(renderer.middleware);
  app.use(async (ctx) => {
    ctx.set('Content-Security-Policy', policy);
    if (ctx.path === '/assets/theme.css') {
      ctx.type = 'text/css';
      ctx.body = made.styleSheet;
      return;
    }
    const asset = /^\/assets\/([\w-]+\.(css|js|svg))$/.exec(ctx.path);
    if (asset) {
      ctx.type = types[asset[2] ?? ''] ?? '';
      ctx.body = await readFile(new URL(`../../views/public/${asset[1]}`, import.meta.url));
      return;
    }
    const sample = samplePages.find(({ name }) => ctx.path === `/${name}`);
    if (sample) await renderer.page(ctx, sample.page);
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
