import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { type ClientSettings, type Config, loadConfig } from '../../src/config/config.ts';
import type { Mailer } from '../../src/delivery/mailer.ts';
import type { Outbox } from '../../src/delivery/senders/outbox.ts';
import { defined } from '../../src/platform/defined.ts';
import { createLog } from '../../src/platform/log.ts';
import type { Database } from '../../src/storage/connection.ts';
import type { FurtherFactor } from '../../src/wiring/further-factors.ts';
import { type Twofold, wire } from '../../src/wiring/server.ts';
import { Browser } from './browser.ts';
import { openDatabase } from './database.ts';
import { keys } from './keys.ts';
import { type NewPerson, type Person, seedPerson } from './person.ts';
import { type RelyingParty, relyingParty } from './relying-party.ts';
import { askRaw, type RawAnswer, type RawRequest } from './served-app.ts';

let usual: Config | undefined;

/** Read once by each file: the layers cost as much as all the rest of a start. */
function usualConfig(): Config {
  usual ??= loadConfig({ env: { NODE_ENV: 'test', TWOFOLD_ISSUER: 'http://localhost' } });
  return usual;
}

/** Like 'app' but for what is given; a public one has no secret. */
export type NewClient = Partial<ClientSettings> & { readonly public?: true };

/** Beside what the test configuration says; of the factors what is left out is as it is there. */
export type NewSettings = Partial<Omit<Config, 'factors'>> & { readonly factors?: Partial<Config['factors']> };

export interface WorldOptions {
  readonly settings?: NewSettings;
  readonly clients?: readonly NewClient[];
  readonly mailer?: Mailer;
  /** A second process on the first one's database. */
  readonly database?: Database;
  readonly keys?: typeof keys;
  /** Kinds of factors beside our own. */
  readonly further?: readonly FurtherFactor[];
}

/** A whole Twofold on loopback: real HTTP, real MongoDB, the real library; mails stay in its outbox. */
export interface World {
  readonly issuer: string;
  /** Where it really listens: another address than the issuer's when the settings name one, as behind a proxy. */
  readonly origin: string;
  readonly database: Database;
  readonly config: Config;
  readonly keys: typeof keys;
  readonly outbox: Outbox;
  readonly app: Twofold;
  /** Every line that was logged. */
  readonly logged: readonly string[];
  readonly client: RelyingParty;
  party(clientId: string): RelyingParty;
  browser(options?: { readonly headers?: Readonly<Record<string, string>> }): Browser;
  /** One request exactly as given, without cookies. */
  ask(asked: RawRequest): Promise<RawAnswer>;
  person(given?: NewPerson): Promise<Person>;
  /** Moves the clock of this process, the library's included. */
  travel(seconds: number): void;
  lastMailTo(address: string): string;
  codeMailedTo(address: string): string;
  codeTextedTo(number: string): string;
}

export async function startWorld(t: TestContext, options: WorldOptions = {}): Promise<World> {
  const server = createServer();
  const origin = await listen(t, server);
  const issuer = options.settings?.issuer ?? origin;
  const ownKeys = options.keys ?? keys;
  const database = options.database ?? (await openDatabase(t));
  const config: Config = {
    ...usualConfig(),
    issuer,
    clients: clients(options.clients),
    ...options.settings,
    factors: { ...usualConfig().factors, ...options.settings?.factors },
  };
  const logged: string[] = [];
  const log = createLog({ level: 'trace', stream: { write: (line: string) => logged.push(line) } });
  const now = () => new Date();
  const app = wire({
    config,
    keys: ownKeys,
    database,
    log,
    now,
    ...defined({ mailer: options.mailer, further: options.further }),
  });
  server.on('request', app.app.callback());
  const { outbox } = app;
  if (!outbox) throw new Error('the test configuration has an outbox');

  const lastMailTo = (address: string) => {
    const mail = outbox.mails.findLast(({ to }) => to === address);
    if (!mail) throw new Error(`no mail to ${address}`);
    return mail.text;
  };
  const party = (clientId: string) => {
    const settings = config.clients.find((client) => client.clientId === clientId);
    if (!settings) throw new Error(`no client ${clientId}`);
    return relyingParty({ issuer, origin, settings });
  };
  return {
    issuer,
    origin,
    database,
    config,
    keys: ownKeys,
    outbox,
    app,
    logged,
    client: party('app'),
    party,
    browser: (given) => new Browser({ issuer, origin, party: party('app'), ...given }),
    ask: (asked) => askRaw(Number(new URL(origin).port), asked),
    person: (given) => seedPerson({ database, keys: ownKeys }, given),
    travel: (seconds) => travel(t, seconds),
    lastMailTo,
    codeTextedTo: (number) =>
      /^\d+/.exec(outbox.texts.findLast(({ to }) => to === number)?.text ?? '')?.[0] ?? 'no code',
    codeMailedTo: (address) => lastCodeTo(outbox, address) ?? 'no code',
  };
}

/** Notices to the same person may have come since. */
function lastCodeTo({ mails }: Outbox, address: string): string | undefined {
  const codes = mails.filter(({ to }) => to === address).map(({ text }) => /^\s*(\d{6}|\d{8})\s*$/m.exec(text)?.[1]);
  return codes.findLast((code) => code !== undefined);
}

function listen(t: TestContext, server: Server): Promise<string> {
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://localhost:${(server.address() as AddressInfo).port}`));
  });
}

const defaults: ClientSettings = {
  clientId: 'app',
  name: 'Example app',
  secret: 'a-secret-of-at-least-22-characters',
  redirectUris: ['http://localhost:4999/callback'],
  postLogoutRedirectUris: ['http://localhost:4999/'],
  clientUri: 'http://localhost:4999/',
  firstParty: true,
  pkceRequired: true,
  scopes: ['openid', 'profile', 'email', 'offline_access'],
  leastLevel: '1fa',
  rememberDevice: true,
  idTokenAlg: 'ES256',
};

function clients(given: readonly NewClient[] = []): readonly ClientSettings[] {
  const third = {
    clientId: 'third',
    name: 'Third app',
    firstParty: false,
    redirectUris: ['http://localhost:4998/callback'],
  };
  return [defaults, { ...defaults, ...third }, ...given.map(newClient)];
}

function newClient({ public: isPublic, ...client }: NewClient): ClientSettings {
  const { secret, ...settings } = { ...defaults, ...client };
  return isPublic || secret === undefined ? settings : { ...settings, secret };
}

const moved = new WeakSet<TestContext>();

function travel(t: TestContext, seconds: number): void {
  const then = Date.now() + seconds * 1000;
  if (!moved.has(t)) t.mock.timers.enable({ apis: ['Date'], now: then });
  else t.mock.timers.setTime(then);
  moved.add(t);
}
