import type { Browser, Sent } from './browser.ts';

/** What one side of the wire ever saw that nobody else may learn. */
export interface Overheard {
  readonly long: Set<string>;
  /** Six digits: a needle that only counts where it stands alone. */
  readonly digits: Set<string>;
}

export function nothingHeard(): Overheard {
  return { long: new Set(), digits: new Set() };
}

const secretFields = ['password', 'forgery', 'xsrf', 'code_verifier', 'client_secret', 'refresh_token'];
const secretFacts = ['secret', 'otpauth', 'xsrf'];

/** Listens to this browser from now on: cookies, interactions, what was typed, what pages and redirects said, tokens. */
export function overhear(browser: Browser, heard: Overheard): Browser {
  const [fetching, redeeming] = [browser.fetch.bind(browser), browser.redeem.bind(browser)];
  browser.fetch = async (sent) => {
    const response = await fetching(sent);
    const text = await response.clone().text();
    for (const secret of [...ofRequest(sent, heard), ...ofAnswer(response, text)]) keep(heard, secret);
    return response;
  };
  browser.redeem = async () => {
    const tokens = await redeeming();
    for (const token of [tokens.access_token, tokens.refresh_token, tokens.id_token]) keep(heard, token);
    keep(heard, browser.journey?.verifier);
    return tokens;
  };
  const tab = browser.tab.bind(browser);
  browser.tab = () => overhear(tab(), heard);
  return browser;
}

function keep({ long }: Overheard, secret: unknown): void {
  if (typeof secret === 'string' && secret.length > 7) long.add(secret);
}

function ofRequest({ url, body }: Sent, { digits }: Overheard): readonly unknown[] {
  const uid = /\/(?:interaction|auth)\/([\w-]+)/.exec(url.pathname)?.[1];
  const typed = new URLSearchParams(body ?? '');
  const code = typed.get('code');
  // A code of one digit six times is what the tests type when it is to be wrong.
  if (code && !/^(\d)\1{5}$/.test(code)) digits.add(code);
  return [uid, ...secretFields.map((name) => typed.get(name))];
}

function ofAnswer({ headers }: Response, text: string): readonly unknown[] {
  const cookies = headers.getSetCookie().map((line) => line.slice(line.indexOf('=') + 1, line.indexOf(';')));
  const location = URL.parse(headers.get('location') ?? '', 'http://localhost');
  const page = /^\{/.test(text) ? JSON.parse(text) : {};
  const facts = secretFacts.map((name) => page.facts?.[name]);
  const plain = typeof page.facts?.secret === 'string' ? [page.facts.secret.replaceAll(' ', '')] : [];
  const codes: readonly string[] = Array.isArray(page.facts?.codes) ? page.facts.codes : [];
  const recovery = codes.flatMap((code) => [code, code.replaceAll('-', '')]);
  return [...cookies, location?.searchParams.get('code'), page.forgery, ...facts, ...plain, ...recovery];
}

/** The needles that this text holds, as they are or in the usual other spellings. */
export function foundIn(text: string, { long, digits }: Overheard): readonly string[] {
  const spelt = (secret: string) => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    Buffer.from(secret).toString('base64url'),
    Buffer.from(secret).toString('hex'),
  ];
  const told = [...long].filter((secret) => [...new Set(spelt(secret))].some((each) => text.includes(each)));
  const alone = [...digits].filter((code) => new RegExp(`(?<![\\w+/-])${code}(?![\\w+/-])`).test(text));
  return [...told, ...alone];
}
