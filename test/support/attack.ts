import assert from 'node:assert/strict';
import { createCipher } from '../../src/platform/cipher.ts';
import type { NetworkBudget, StrangerGuesses } from '../../src/protection/budgets.ts';
import { networkKeys } from '../../src/protection/network.ts';
import type { Browser, Sent } from './browser.ts';
import { rowsOf, signedInRows } from './database.ts';
import type { Person } from './person.ts';
import type { AuthorizeOptions, RelyingParty } from './relying-party.ts';
import type { World } from './world.ts';

interface Reach {
  readonly browser?: Browser;
  readonly options?: AuthorizeOptions;
  readonly party?: RelyingParty;
}

/** A browser in which somebody's right password was given, and nothing else. */
export async function afterPassword(world: World, person: Person, reach: Reach = {}): Promise<Browser> {
  const browser = reach.browser ?? world.browser();
  await browser.authorize(reach.options, reach.party ?? browser.party);
  await browser.submit({ identifier: person.email, password: person.password });
  assert.equal(browser.code, undefined, 'a password alone never gets a code');
  return browser;
}

export function uidOf(browser: Browser): string {
  const uid = /\/(?:interaction|auth)\/([\w-]+)/.exec(browser.url.pathname)?.[1];
  if (!uid) throw new Error(`no interaction at ${browser.url.pathname}`);
  return uid;
}

/** What anybody got out of this world so far. */
export async function spoils({ database }: Pick<World, 'database'>) {
  const [sessions, codes, tokens] = await Promise.all([
    signedInRows(database),
    rowsOf(database, 'AuthorizationCode'),
    rowsOf(database, 'AccessToken'),
  ]);
  return { sessions: sessions.length, codes: codes.length, tokens: tokens.length };
}

export const nothing = { sessions: 0, codes: 0, tokens: 0 };

/** With what a kind keeps of a factor beside what every factor has. */
export interface AccountRow {
  readonly _id: string;
  readonly email: string;
  readonly factors: readonly { readonly id: string; readonly lastStep: number; readonly sealedSecret: string }[];
  readonly guesses: {
    readonly password: StrangerGuesses;
    readonly secondFactor: { readonly failures: number; readonly lockedUntil?: Date };
  };
}

export async function accountRow({ database }: Pick<World, 'database'>, id: string): Promise<AccountRow> {
  const row = (await rowsOf(database, 'accounts')).find(({ _id }) => _id === id);
  if (!row) throw new Error(`no account ${id}`);
  const factors = (row.factors as readonly { readonly data?: object }[]).map(({ data, ...one }) => ({
    ...one,
    ...data,
  }));
  return { ...row, factors } as unknown as AccountRow;
}

/** By hand, as an administrator's tool or another process would. */
export async function editAccount(world: Pick<World, 'database'>, id: string, update: object): Promise<void> {
  const accounts = world.database.connection.collection<{ _id: string }>('accounts');
  const { matchedCount } = await accounts.updateOne({ _id: id }, update);
  assert.equal(matchedCount, 1);
}

/** Wrong passwords from the network of these tests' browsers, as an account holds them. */
export function triedHere(
  { keys }: Pick<World, 'keys'>,
  budget: Omit<NetworkBudget, 'network' | 'at'>,
  now = new Date(),
): StrangerGuesses {
  const network = networkKeys(createCipher(keys.cipher))('127.0.0.1');
  return { failures: 1, endsAt: new Date(now.getTime() + 3_600_000), networks: [{ network, ...budget, at: now }] };
}

export async function eventsOf(world: Pick<World, 'database'>, filter: Readonly<Record<string, unknown>>) {
  const events = await rowsOf(world.database, 'events');
  return events.filter((event) => Object.entries(filter).every(([name, value]) => event[name] === value));
}

/** The request that this browser is about to send, as a proxy in between would have captured it. */
export function captured(browser: Browser, path: string, fields: Readonly<Record<string, string>>): Sent {
  const body = new URLSearchParams({ forgery: browser.page.forgery ?? '', ...fields }).toString();
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    origin: browser.issuer,
    'sec-fetch-site': 'same-origin',
  };
  return { method: 'POST', url: new URL(path, browser.issuer), body, headers };
}

/** Paths below an interaction of every form that any stage has. */
export const everyForm: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'sign-in': { identifier: 'nobody@example.com', password: 'a walrus in the attic' },
  register: { email: 'new@example.com', password: 'a walrus in the attic' },
  'confirm-mail': { code: '123456' },
  'confirm-mail/send': {},
  username: { username: 'ada' },
  enrol: { code: '123456', name: 'Phone' },
  'enrol/renew': {},
  factor: { code: '123456' },
  consent: { decision: 'allow' },
  continue: {},
  other: {},
};
