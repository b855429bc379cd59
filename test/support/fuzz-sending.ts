import { Agent, type IncomingMessage, request } from 'node:http';
import type { Browser } from './browser.ts';
import type { Body, Cookies, Shape } from './fuzz-request.ts';
import type { Pair } from './fuzz-values.ts';

export type Bindings = Readonly<Record<string, string>>;

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

export interface Sender {
  readonly browser: Browser;
  /** Somebody else's browser, whose cookies are of no use here. */
  readonly foreign: Browser;
  /** Changes with what is seen: the newest interaction, the newest form's token. */
  bindings: Bindings;
}

const agent = new Agent({ keepAlive: true, maxSockets: 4 });

export function bind(text: string, bindings: Bindings): string {
  return text.replace(/\{([a-z-]+)\}/g, (whole, name: string) =>
    Object.hasOwn(bindings, name) ? String(bindings[name]) : whole,
  );
}

/** Sends it as it stands: fetch would mend what is broken. What comes back as a cookie is kept, as a browser keeps it. */
export async function sendShape(sender: Sender, shape: Shape): Promise<Answer> {
  const { browser, bindings } = sender;
  const target = targetOf(shape, bindings);
  const address = URL.parse(target, browser.issuer) ?? new URL(browser.issuer);
  const here = address.origin === new URL(browser.issuer).origin ? address.href : browser.issuer;
  const cookie = await cookiesOf(sender, shape.cookies, here);
  const { type, bytes } = bodyOf(shape.body, bindings);
  const headers = {
    accept: 'text/html',
    ...(type ? { 'content-type': type } : {}),
    ...(bytes === undefined ? {} : { 'content-length': bytes.length }),
    ...(cookie ? { cookie: printable(cookie) } : {}),
    ...Object.fromEntries(shape.headers.map(([name, value]) => [name, printable(bind(value, bindings))])),
  };
  const options = { method: shape.method, path: target, port: new URL(browser.origin).port, host: '127.0.0.1' };
  const answer = await sendOnce({ ...options, headers, agent }, bytes);
  if (shape.cookies !== 'own') return answer;
  await keep(browser, answer, here);
  sender.bindings = { ...bindings, ...learned(answer, address.pathname) };
  return answer;
}

function learned({ headers, text }: Answer, path: string): Bindings {
  const uid = /^\/interaction\/([\w-]+)$/.exec(headers.location ?? '')?.[1];
  const field = (name: string) => new RegExp(`(?:name="${name}" value="|"${name}":")([\\w-]+)`).exec(text)?.[1];
  const forgery = { [path.startsWith('/account') ? 'account-forgery' : 'forgery']: field('forgery') };
  const all = { uid, ...forgery, xsrf: field('xsrf'), way: field('way'), set: field('set') };
  return Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

function sendOnce(options: object, bytes: Buffer | undefined): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request(options, async (answer) => {
      const chunks = await answer.toArray().catch(reject);
      if (!chunks) return;
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(chunks).toString() });
    });
    asking.on('error', (error) => {
      // A kept connection that the server closed as being idle: nothing was asked yet.
      if (asking.reusedSocket && 'code' in error && error.code === 'ECONNRESET')
        sendOnce(options, bytes).then(resolve, reject);
      else reject(error);
    });
    asking.end(bytes);
  });
}

function targetOf({ path, query }: Shape, bindings: Bindings): string {
  const pairs = query.map(([name, value]) => `${encoded(bind(name, bindings))}=${encoded(bind(value, bindings))}`);
  const whole = bind(path, bindings) + (pairs.length > 0 ? `?${pairs.join('&')}` : '');
  return whole.toWellFormed().replace(/[^\x21-\xff]/gu, (letter) => encodeURIComponent(letter));
}

/** Some values are there for their raw percent signs. */
function encoded(text: string): string {
  return /^%(..)?/.test(text) ? text : encodeURIComponent(text.toWellFormed());
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e\x80-\xff]/g, '?');
}

function bodyOf(body: Body, bindings: Bindings): { readonly type?: string; readonly bytes?: Buffer } {
  switch (body.kind) {
    case 'none':
      return {};
    case 'form': {
      const text = body.pairs.map((pair) => pair.map((word) => encoded(bind(word, bindings))).join('=')).join('&');
      return { type: 'application/x-www-form-urlencoded', bytes: Buffer.from(text) };
    }
    case 'json': {
      // By hand, so that a repeated name stays one.
      const members = body.pairs.map((pair) => pair.map((word) => JSON.stringify(bind(word, bindings))).join(':'));
      return { type: 'application/json', bytes: Buffer.from(`{${members.join(',')}}`) };
    }
    case 'text':
      return { type: body.type, bytes: Buffer.from(bind(body.text, bindings).repeat(body.times).slice(0, 200_000)) };
  }
}

async function cookiesOf({ browser, foreign }: Sender, cookies: Cookies, here: string): Promise<string> {
  const own = await browser.jar.getCookieString(here);
  const pairs = own
    .split('; ')
    .filter(Boolean)
    .map((each): Pair => {
      const [name = '', ...value] = each.split('=');
      return [name, value.join('=')];
    });
  const joined = (all: readonly Pair[]) => all.map((pair) => pair.join('=')).join('; ');
  switch (cookies) {
    case 'own':
      return own;
    case 'every':
      return (await browser.cookies()).join('; ');
    case 'none':
      return '';
    case 'foreign':
      return (await foreign.cookies()).join('; ');
    case 'noise':
      return `${own}; twofold_session=x; twofold_session.sig=x; twofold_browser=1.x; =; ;;a; $Version=1; x="\\"`;
    case 'altered':
      return joined(pairs.map(([name, value]) => [name, `${value.startsWith('A') ? 'B' : 'A'}${value.slice(1)}`]));
    case 'swapped':
      return joined(pairs.map(([name], index) => [name, pairs[(index + 1) % pairs.length]?.[1] ?? '']));
  }
}

async function keep(browser: Browser, { headers }: Answer, here: string): Promise<void> {
  for (const set of headers['set-cookie'] ?? []) await browser.jar.setCookie(set, here, { ignoreError: true });
}
