/**
 * A small web application that lets people sign in with Twofold: the part that a developer copies.
 * All that it knows of OpenID Connect is in provider.ts. What may not live here: anything that only works with Twofold.
 */
import { readFile } from 'node:fs/promises';
import Router from '@koa/router';
import Koa, { type Context } from 'koa';
import { claimsPage, homePage, problemPage } from './pages.ts';
import { connectProvider, type Prompt, ProviderProblem } from './provider.ts';
import { browserSessions } from './sessions.ts';

export interface RelyingPartyOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where people reach this application, without a path: `http://localhost:3001`. */
  readonly ownUrl: string;
}

const prompts: ReadonlySet<unknown> = new Set<Prompt>(['login', 'create']);

export function createRelyingParty(options: RelyingPartyOptions): Koa {
  const own = new URL(options.ownUrl);
  const provider = connectProvider(options);
  const sessions = browserSessions({ secure: own.protocol === 'https:' });
  const router = new Router();

  router.get('/', async (ctx) => {
    const person = sessions.find(ctx)?.person;
    ctx.body = person === undefined ? homePage(options.issuer) : claimsPage(person);
  });

  router.get('/sign-in', async (ctx) => {
    const { prompt } = ctx.query;
    const begun = await provider.begin(isPrompt(prompt) ? prompt : undefined);
    sessions.open(ctx).pending.set(begun.state, begun.secrets);
    ctx.redirect(begun.url);
  });

  router.get('/callback', async (ctx) => {
    // Built from our own address: the Host header is whatever the sender wrote.
    const url = new URL(`/callback${ctx.search}`, own);
    const state = url.searchParams.get('state') ?? '';
    const session = sessions.find(ctx);
    const secrets = session?.pending.get(state);
    if (session === undefined || secrets === undefined) {
      throw new ProviderProblem('This sign-in was not begun in this browser, or it was finished before.');
    }
    session.pending.delete(state);
    const person = await provider.finish(url, state, secrets);
    sessions.renew(ctx, person);
    ctx.redirect('/');
  });

  router.post('/sign-out', async (ctx) => {
    // Browsers send the Origin with every POST: no other site can sign anybody out.
    if (ctx.get('origin') !== own.origin) ctx.throw(403, 'Sign out by the button on our own page.');
    const person = sessions.find(ctx)?.person;
    sessions.end(ctx);
    ctx.redirect(person === undefined ? '/' : await provider.signOutUrl(person.idToken));
  });

  // Asked by the provider itself, in no browser: whom it names is all that it says (OpenID Connect Back-Channel Logout 1.0).
  router.post('/backchannel-logout', async (ctx) => {
    const token = new URLSearchParams(await readSmall(ctx)).get('logout_token') ?? '';
    const { sub, sid } = await provider.endedSession(token);
    sessions.endOf(({ claims }) => (sid === undefined ? claims.sub === sub : claims.sid === sid));
    ctx.status = 200;
    ctx.body = '';
  });

  router.get('/style.css', async (ctx) => {
    ctx.type = 'css';
    ctx.body = await readFile(new URL('./style.css', import.meta.url));
  });

  const app = new Koa();
  // Over https this app is expected behind a proxy that ends TLS; secure cookies are refused otherwise.
  app.proxy = own.protocol === 'https:';
  app.use(pageForProblems);
  app.use(headers(new URL(options.issuer).origin));
  app.use(router.routes());
  return app;
}

const mostCharacters = 10_000;

async function readSmall(ctx: Context): Promise<string> {
  let text = '';
  for await (const chunk of ctx.req.setEncoding('utf8')) {
    text += chunk;
    if (text.length > mostCharacters) ctx.throw(413, 'That is too much.');
  }
  return text;
}

function isPrompt(value: unknown): value is Prompt {
  return prompts.has(value);
}

async function pageForProblems(ctx: Context, next: () => Promise<unknown>): Promise<void> {
  try {
    await next();
    if (ctx.status === 404 && ctx.body == null) ctx.throw(404, 'There is no such page.');
  } catch (error) {
    const known = error instanceof ProviderProblem || (error instanceof Koa.HttpError && error.expose);
    if (!known) console.error(error);
    ctx.status = known ? error.status : 500;
    ctx.body = problemPage(known ? error.message : 'Something went wrong in this demo application.');
  }
}

function headers(issuerOrigin: string) {
  // The sign-out form leads to the provider by redirect, and browsers hold redirects against form-action too.
  const policy = `default-src 'none'; style-src 'self'; form-action 'self' ${issuerOrigin}; base-uri 'none'; frame-ancestors 'none'`;
  return async (ctx: Context, next: () => Promise<unknown>): Promise<void> => {
    ctx.set('Content-Security-Policy', policy);
    ctx.set('X-Content-Type-Options', 'nosniff');
    ctx.set('Referrer-Policy', 'same-origin');
    ctx.set('Cache-Control', 'no-store');
    await next();
  };
}
