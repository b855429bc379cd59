import assert from 'node:assert/strict';
import { CookieJar } from 'tough-cookie';
import { unsaid } from './listed-pages.ts';
import type { AuthorizeOptions, Journey, RelyingParty, Tokens } from './relying-party.ts';

interface Action {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly href: string;
  readonly fields: readonly string[];
}

/** The JSON twin of a page. */
export interface Shown {
  readonly stage?: string;
  readonly status?: number;
  readonly code?: string;
  readonly account?: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly actions: readonly Action[];
  readonly errors?: readonly { readonly field: string; readonly code: string; readonly sentence: string }[];
  readonly forgery?: string;
}

export interface Sent {
  readonly method: string;
  readonly url: URL;
  readonly body?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

interface Options {
  readonly issuer: string;
  /** Where the issuer's requests really go. */
  readonly origin?: string;
  readonly party: RelyingParty;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Cookies, redirects and forms of one browser, over real HTTP; it reads the JSON twins of the pages. Stops where a redirect leaves the provider. */
export class Browser {
  readonly issuer: string;
  readonly origin: string;
  readonly jar: CookieJar;
  headers: Record<string, string>;
  party: RelyingParty;
  journey: Journey | undefined;
  url: URL;
  status = 0;
  page: Shown = { facts: {}, actions: [] };
  text = '';
  response: Response | undefined;
  last: Sent | undefined;
  /** Does with new recovery codes what a person is asked to: saves them, says so, goes on. */
  savesCodes = true;
  recoveryCodes: readonly string[] = [];

  constructor({ issuer, origin = issuer, party, headers = {} }: Options, jar = new CookieJar()) {
    this.issuer = issuer;
    this.origin = origin;
    this.party = party;
    this.headers = { ...headers };
    this.jar = jar;
    this.url = new URL(issuer);
  }

  /** Another tab: the same cookies. */
  tab(): Browser {
    return new Browser(this, this.jar);
  }

  get stage(): string | undefined {
    return this.page.stage;
  }

  get errors(): readonly string[] {
    return this.page.errors?.map(({ code }) => code) ?? [];
  }

  /** The authorization code (or error) that came back to the relying party. */
  get callback(): URLSearchParams | undefined {
    return this.url.origin === new URL(this.issuer).origin ? undefined : this.url.searchParams;
  }

  get code(): string | undefined {
    return this.callback?.get('code') ?? undefined;
  }

  async authorize(options: AuthorizeOptions = {}, party: RelyingParty = this.party): Promise<this> {
    this.party = party;
    this.journey = await party.begin(options);
    return this.visit(this.journey.url);
  }

  visit(url: URL | string): Promise<this> {
    return this.send({ method: 'GET', url: new URL(url, this.issuer), headers: {} });
  }

  reload(): Promise<this> {
    return this.visit(this.url);
  }

  /** Fills in the form of this page that has all these fields. */
  submit(fields: Readonly<Record<string, string>>): Promise<this> {
    // Whoever is known already is asked for the password alone.
    const { identifier: _known, ...rest } = fields;
    const given = this.stage === 'confirm' ? rest : fields;
    const names = Object.keys(given);
    const form = this.page.actions.find(
      ({ method, fields: own }) => method === 'POST' && names.length > 0 && names.every((name) => own.includes(name)),
    );
    if (!form)
      throw new Error(`no form with ${names.join(', ')} at ${this.stage} (${this.status} ${this.text.slice(0, 300)})`);
    return this.post(form.href, given);
  }

  /** Presses a button, or follows a link, by the action's name. */
  press(name: string): Promise<this> {
    const action = this.page.actions.find((each) => each.name === name);
    if (!action) throw new Error(`no ${name} at ${this.stage} (${this.status} ${this.text.slice(0, 300)})`);
    return action.method === 'GET' ? this.visit(action.href) : this.post(action.href, {});
  }

  post(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<this> {
    const forgery = this.page.forgery === undefined ? {} : { forgery: this.page.forgery };
    const body = new URLSearchParams({ ...forgery, ...fields }).toString();
    const type = {
      'content-type': 'application/x-www-form-urlencoded',
      origin: this.issuer,
      'sec-fetch-site': 'same-origin',
    };
    return this.send({ method: 'POST', url: new URL(path, this.issuer), body, headers: { ...type, ...headers } });
  }

  /** The whole way for somebody with an authenticator app. */
  async signIn(
    person: { readonly email: string; readonly password: string; codeNow(): string },
    options: AuthorizeOptions = {},
  ): Promise<this> {
    await this.authorize(options);
    await this.submit({ identifier: person.email, password: person.password });
    return this.submit({ code: person.codeNow() });
  }

  /** Redeems what came back, as the relying party does. */
  redeem(): Promise<Tokens> {
    if (!this.journey) throw new Error('nobody was sent off');
    return this.party.redeem(this.journey, this.url);
  }

  cookies(): Promise<readonly string[]> {
    return this.jar
      .getCookies(this.issuer, { allPaths: true })
      .then((all) => all.map(({ key, value }) => `${key}=${value}`));
  }

  /** One request, following redirects while they stay here. */
  async send(sent: Sent): Promise<this> {
    let next: Sent | undefined = sent;
    for (let hops = 0; next && hops < 15; hops += 1) next = await this.#hop(next);
    const asked = this.savesCodes && this.stage === 'recovery-codes' && this.status === 200;
    // Pressed once: whoever is still asked afterwards has a page to look at.
    return asked && !sent.url.pathname.endsWith('/recovery-codes') ? this.saveCodes() : this;
  }

  saveCodes(): Promise<this> {
    this.recoveryCodes = (this.page.facts.codes ?? []) as readonly string[];
    const { set } = this.page.facts;
    return this.submit({ saved: 'yes', ...(set === undefined ? {} : { set: String(set) }) });
  }

  async #hop(sent: Sent): Promise<Sent | undefined> {
    this.last = sent;
    const response = await this.fetch(sent);
    this.url = sent.url;
    this.response = response;
    this.status = response.status;
    this.text = await response.text();
    const location = response.headers.get('location');
    if (location && response.status >= 300 && response.status < 400) return this.#follow(new URL(location, sent.url));
    this.page = parse(this.text);
    // Whatever a flow tests: no twin says more, or less, than the schema of its page has.
    assert.equal(unsaid(this.page.stage, this.page.facts), undefined);
    const onwards =
      this.page.stage === 'finish' ? this.page.actions.find(({ name }) => name === 'continue') : undefined;
    return onwards ? this.#follow(new URL(onwards.href, sent.url)) : undefined;
  }

  #follow(target: URL): Sent | undefined {
    if (target.origin === new URL(this.issuer).origin) return { method: 'GET', url: target, headers: {} };
    this.url = target;
    this.page = { facts: {}, actions: [] };
    return undefined;
  }

  /** One request with this browser's cookies, redirects not followed. */
  async fetch({ method, url, body, headers }: Sent): Promise<Response> {
    const cookie = await this.jar.getCookieString(url.href);
    const response = await fetch(new URL(`${url.pathname}${url.search}`, this.origin), {
      method,
      redirect: 'manual',
      headers: { accept: 'application/json', ...this.headers, ...headers, ...(cookie ? { cookie } : {}) },
      ...(body === undefined ? {} : { body }),
    });
    for (const set of response.headers.getSetCookie()) await this.jar.setCookie(set, url.href, { ignoreError: true });
    return response;
  }
}

function parse(text: string): Shown {
  try {
    return { facts: {}, actions: [], ...JSON.parse(text) };
  } catch {
    return { facts: {}, actions: [] };
  }
}
