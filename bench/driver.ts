import { createHash, createHmac, randomBytes } from 'node:crypto';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { benchClient, emailOf, mailedEmailOf, person, secretBytesOf } from './people.ts';
import type { Post } from './post.ts';

export interface Target {
  readonly port: number;
  /** Twofold's forms carry an anti-forgery token; the floors have none. */
  readonly forgery: boolean;
  /** Absent: the second factor is an authenticator app. */
  readonly post?: Post;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** One full sign-in with fresh cookies: password, code, authorization code, token. Throws when anything is not as it should be. */
export async function signIn(target: Target, number: number): Promise<void> {
  const email = target.post ? mailedEmailOf(number) : emailOf(number);
  const verifier = randomBytes(32).toString('base64url');
  const visitor = visitorOf(target);
  const begun = await visitor.get(authorizePath(verifier));
  const page = pathOf(begun);
  const form = await visitor.get(page);
  const proved = await visitor.post(`${page}/sign-in`, { identifier: email, password: person.password }, form.body);
  const factor = await visitor.get(pathOf(proved));
  const code = target.post ? await target.post.codeFor(email) : codeNow(email);
  const finished = await visitor.post(`${page}/factor`, { code }, factor.body);
  const { status, body } = await redeem(target, await codeFrom(visitor, finished), verifier);
  if (status !== 200 || !JSON.parse(body).id_token) throw new Error(`token: ${status} ${body}`);
}

function authorizePath(verifier: string): string {
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const asked = {
    client_id: benchClient.client_id,
    redirect_uri: benchClient.redirect_uris[0] ?? '',
    response_type: 'code',
    scope: 'openid',
  };
  return `/auth?${new URLSearchParams({ ...asked, state: 'bench', nonce: 'bench', code_challenge: challenge, code_challenge_method: 'S256' })}`;
}

/** Follows the redirects from the last form until one leads to the client. */
async function codeFrom(visitor: ReturnType<typeof visitorOf>, first: Answer): Promise<string> {
  let answer = first;
  for (let hops = 0; hops < 5; hops += 1) {
    const location = new URL(String(answer.headers.location), 'http://localhost');
    const code = location.searchParams.get('code');
    if (code) return code;
    answer = await visitor.get(location.pathname + location.search);
  }
  throw new Error(`no code: ${answer.status} ${answer.body.slice(0, 200)}`);
}

function redeem({ port }: Target, code: string, verifier: string): Promise<Answer> {
  const { client_id, client_secret, redirect_uris } = benchClient;
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    redirect_uri: redirect_uris[0] ?? '',
  });
  const authorization = `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`;
  return ask({ port, path: '/token', method: 'POST', body: body.toString(), headers: { authorization } });
}

/** Cookies of one browser; only names and values matter, because every sign-in has one of its own. */
function visitorOf({ port, forgery }: Target) {
  const cookies = new Map<string, string>();
  const send = async (method: 'GET' | 'POST', path: string, body?: string): Promise<Answer> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await ask({
      port,
      path,
      method,
      headers: cookie ? { cookie } : {},
      ...(body === undefined ? {} : { body }),
    });
    for (const set of answer.headers['set-cookie'] ?? []) {
      const [pair = ''] = set.split(';');
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    return answer;
  };
  return {
    get: (path: string) => send('GET', path),
    post: (path: string, fields: Record<string, string>, page: string) => {
      const token = forgery ? { forgery: /name="forgery" value="([^"]+)"/.exec(page)?.[1] ?? '' } : {};
      return send('POST', path, new URLSearchParams({ ...fields, ...token }).toString());
    },
  };
}

interface Asked {
  readonly port: number;
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

function ask({ port, path, method, headers, body }: Asked): Promise<Answer> {
  const type =
    body === undefined
      ? {}
      : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, path, method, agent, headers: { host: `localhost:${port}`, ...type, ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function pathOf({ status, headers, body }: Answer): string {
  if (!headers.location) throw new Error(`no redirect: ${status} ${body.slice(0, 300)}`);
  return new URL(headers.location, 'http://localhost').pathname;
}

/** RFC 6238 by hand: the driver must cost as little as it can. */
function codeNow(email: string): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac('sha1', secretBytesOf(email)).update(counter).digest();
  const offset = (hash.at(-1) ?? 0) & 15;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
