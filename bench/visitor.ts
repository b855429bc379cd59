import { type Answer, send } from './http.ts';
import type { Post } from './post.ts';
import type { Time } from './watch.ts';

/** Where a measured server is reached. */
export interface Target {
  /** Each request goes to the next: nothing that a process remembers may be needed by the next one. */
  readonly ports: readonly number[];
  /** Twofold's forms carry an anti-forgery token; the floors have none. */
  readonly forgery: boolean;
  /** Where codes by mail arrive. */
  readonly post?: Pick<Post, 'codeFor'>;
}

export interface Visitor {
  get(kind: string, path: string): Promise<Answer>;
  /** Sends the form of `page`, with the token that stands in it. */
  post(kind: string, path: string, form: { readonly fields: Fields; readonly page: Answer }): Promise<Answer>;
  /** Without cookies, as a relying party's server asks. */
  direct(kind: string, path: string, by: { readonly fields: Fields; readonly authorization: string }): Promise<Answer>;
  /** The same browser by another watch. */
  timed(time: Time): Visitor;
}

type Fields = Readonly<Record<string, string>>;

const form = (fields: Fields) => new URLSearchParams(fields).toString();

/** Cookies of one browser; only names and values matter, because every journey has one of its own. */
export function visitorOf(target: Target, time: Time, cookies: Map<string, string> = new Map()): Visitor {
  const issuer = { host: `localhost:${target.ports[0]}` };
  const browse = async (method: 'GET' | 'POST', path: string, body: { readonly body?: string } = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = cookie ? { cookie } : {};
    const answer = await send({ ...issuer, port: nextPort(target), path, method, headers, ...body });
    storeCookies(cookies, answer.headers['set-cookie']);
    return answer;
  };
  return {
    get: (kind, path) => time(kind, () => browse('GET', path)),
    post(kind, path, { fields, page }) {
      const token = target.forgery ? { forgery: valueIn(page, 'forgery') } : {};
      return time(kind, () => browse('POST', path, { body: form({ ...fields, ...token }) }));
    },
    direct(kind, path, { fields, authorization }) {
      const body = form(fields);
      const port = nextPort(target);
      return time(kind, () => send({ ...issuer, port, path, method: 'POST', headers: { authorization }, body }));
    },
    timed: (other) => visitorOf(target, other, cookies),
  };
}

const turns = new WeakMap<Target, number>();

function nextPort(target: Target): number {
  const turn = turns.get(target) ?? 0;
  turns.set(target, turn + 1);
  return target.ports[turn % target.ports.length] ?? 0;
}

function storeCookies(cookies: Map<string, string>, set: readonly string[] = []): void {
  for (const [pair = ''] of set.map((each) => each.split(';'))) {
    cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
  }
}

/** What a hidden field of a page holds. */
export function valueIn({ body }: Pick<Answer, 'body'>, name: string): string {
  return new RegExp(`name="${name}" value="([^"]+)"`).exec(body)?.[1] ?? '';
}
