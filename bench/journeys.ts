import { createHash, randomBytes } from 'node:crypto';
import { ScureBase32Plugin } from 'otplib';
import { type Answer, pathOf, UnexpectedAnswer } from './http.ts';
import {
  type BenchClient,
  benchClient,
  emailOf,
  mailedEmailOf,
  type People,
  person,
  secondClient,
  totpCode,
} from './people.ts';
import { type Target, type Visitor, valueIn, visitorOf } from './visitor.ts';
import { type Time, untimed } from './watch.ts';

/** What is timed; throws when anything is not as it should be. */
export type Act = (time: Time) => Promise<void>;

/** What one person does, and a row measures. */
export interface Journey {
  /** What it begins with takes requests of its own: made for all before anything is counted. */
  readonly ahead: boolean;
  prepare(target: Target, people: People): Promise<Act>;
}

/** With fresh cookies: password, the code of an app, authorization code, tokens. */
export const signIn: Journey = {
  ahead: false,
  async prepare(target, people) {
    const { number, code } = await people.next();
    return async (time) => {
      await signedIn(visitorOf(target, time), { email: emailOf(number), code: async () => code() });
    };
  },
};

/** The same with a code by mail. */
export const signInByMail: Journey = {
  ahead: false,
  async prepare(target, people) {
    const { number } = await people.next();
    const email = mailedEmailOf(number);
    return async (time) => {
      await signedIn(visitorOf(target, time), { email, code: () => codeMailedTo(target, email) });
    };
  },
};

/** The password alone, in a browser that is remembered and signed in nowhere. */
export const signInRemembered: Journey = {
  ahead: true,
  async prepare(target, people) {
    const { number, code } = await people.next();
    const email = emailOf(number);
    const cookies = new Map<string, string>();
    const before = visitorOf(target, untimed, cookies);
    await signedIn(before, { email, code: async () => code(), beside: { remember: 'yes' } });
    const device = [...cookies].filter(([name]) => name.startsWith('twofold_device_'));
    return async (time) => {
      const visitor = visitorOf(target, time, new Map(device));
      const begun = request(benchClient);
      const { proved } = await passwordProved(visitor, begun, email);
      await redeem(visitor, begun, await codeFrom(visitor, proved));
    };
  },
};

/** A second client of somebody who is signed in: no page is shown. */
export const singleSignOn: Journey = {
  ahead: true,
  async prepare(target, people) {
    const { visitor } = await begunBy(target, people);
    return async (time) => {
      const begun = request(secondClient);
      const answer = await visitor.timed(time).get('GET /auth', begun.path);
      await redeem(visitor.timed(time), begun, await codeFrom(visitor.timed(time), answer));
    };
  },
};

/** The first refresh token is changed for the next. */
export const refresh: Journey = {
  ahead: true,
  async prepare(target, people) {
    const { visitor, tokens } = await begunBy(target, people, { scope: 'openid offline_access', prompt: 'consent' });
    const fields = { grant_type: 'refresh_token', refresh_token: String(tokens.refresh_token) };
    return async (time) => {
      const next = await visitor
        .timed(time)
        .direct('POST /token', '/token', { fields, ...authentication(benchClient) });
      if (!tokensIn(next).refresh_token) throw new UnexpectedAnswer('no next refresh token', next);
    };
  },
};

/** A newcomer: "Create account", the mailbox, an app, recovery codes, tokens. */
export const signUp: Journey = {
  ahead: false,
  async prepare(target) {
    const email = `newcomer-${randomBytes(9).toString('hex')}@example.com`;
    return async (time) => {
      const visitor = visitorOf(target, time);
      const begun = request(benchClient);
      const base = pathOf(await visitor.get('GET /auth', begun.path));
      await visitor.get('GET sign-in page', base);
      const empty = await visitor.get('GET register page', `${base}/register`);
      const fields = { email, username: '', password: person.password };
      await visitor.post('POST registration', `${base}/register`, { fields, page: empty });
      const confirm = await visitor.get('GET mailbox page', base);
      const code = await codeMailedTo(target, email);
      await visitor.post('POST mailed code', `${base}/confirm-mail`, { fields: { code }, page: confirm });
      const enrol = await visitor.get('GET app page', base);
      const app = { code: totpCode(shownSecret(enrol), Date.now()), name: '' };
      await visitor.post('POST app', `${base}/enrol`, { fields: app, page: enrol });
      const codes = await visitor.get('GET recovery codes', base);
      const saved = { saved: 'yes', set: valueIn(codes, 'set') };
      const done = await visitor.post('POST codes saved', `${base}/recovery-codes`, { fields: saved, page: codes });
      await redeem(visitor, begun, await codeFrom(visitor, done));
    };
  },
};

// Client credentials and introspection: a journey each here and a row each in rows.ts, once Twofold offers them.

type RequestParameters = Readonly<Record<string, string>>;

interface Request {
  readonly client: BenchClient;
  readonly verifier: string;
  readonly path: string;
}

function request(client: BenchClient, more: RequestParameters = {}): Request {
  const verifier = randomBytes(32).toString('base64url');
  const parameters = {
    client_id: client.client_id,
    redirect_uri: client.redirect_uris[0] ?? '',
    response_type: 'code',
    scope: 'openid',
    state: 'bench',
    nonce: 'bench',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  };
  return { client, verifier, path: `/auth?${new URLSearchParams(parameters)}` };
}

async function begunBy(target: Target, people: People, more: RequestParameters = {}) {
  const one = await people.next();
  const visitor = visitorOf(target, untimed);
  const tokens = await signedIn(visitor, { email: emailOf(one.number), code: async () => one.code(), more });
  return { visitor, tokens };
}

interface Credentials {
  readonly email: string;
  readonly code: () => Promise<string>;
  readonly more?: RequestParameters;
  /** Fields beside the code. */
  readonly beside?: Readonly<Record<string, string>>;
}

async function passwordProved(visitor: Visitor, begun: Request, email: string) {
  const base = pathOf(await visitor.get('GET /auth', begun.path));
  const page = await visitor.get('GET sign-in page', base);
  const fields = { identifier: email, password: person.password };
  return { base, proved: await visitor.post('POST password', `${base}/sign-in`, { fields, page }) };
}

async function signedIn(visitor: Visitor, { email, code, more, beside }: Credentials) {
  const begun = request(benchClient, more);
  const { base, proved } = await passwordProved(visitor, begun, email);
  const factor = await visitor.get('GET code page', pathOf(proved));
  const answer = { code: await code(), ...beside };
  const finished = await visitor.post('POST code', `${base}/factor`, { fields: answer, page: factor });
  return redeem(visitor, begun, await codeFrom(visitor, finished));
}

/** Follows the redirects from the last form until one leads to the client. */
async function codeFrom(visitor: Visitor, first: Answer): Promise<string> {
  let answer = first;
  for (let hops = 0; hops < 5; hops += 1) {
    if (!answer.headers.location) break;
    const location = new URL(answer.headers.location, 'http://localhost');
    const code = location.searchParams.get('code');
    if (code) return code;
    answer = await visitor.get('GET resume', location.pathname + location.search);
  }
  throw new UnexpectedAnswer('no authorization code', answer);
}

async function redeem(visitor: Visitor, { client, verifier }: Request, code: string) {
  const fields = {
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    redirect_uri: client.redirect_uris[0] ?? '',
  };
  return tokensIn(await visitor.direct('POST /token', '/token', { fields, ...authentication(client) }));
}

function authentication({ client_id, client_secret }: BenchClient) {
  return { authorization: `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}` };
}

function tokensIn(answer: Answer): Readonly<Record<string, unknown>> {
  const tokens = answer.status === 200 ? JSON.parse(answer.body) : {};
  if (!tokens.id_token) throw new UnexpectedAnswer('no ID token', answer);
  return tokens;
}

function codeMailedTo({ post }: Target, email: string): Promise<string> {
  if (!post) throw new Error('no mail arrives here');
  return post.codeFor(email);
}

/** The key as a person reads it who cannot scan. */
function shownSecret({ body }: Answer): Uint8Array {
  return new ScureBase32Plugin().decode(/data-copy="([A-Z2-7]+)"/.exec(body)?.[1] ?? '');
}
