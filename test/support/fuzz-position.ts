import { createHash } from 'node:crypto';
import { randomId } from '../../src/platform/random.ts';
import { uidOf } from './attack.ts';
import type { Browser, Shown } from './browser.ts';
import type { Bindings, Sender } from './fuzz-sending.ts';
import { type Stand, stands, thingsOf } from './fuzz-stands.ts';
import { codeOf, type Person } from './person.ts';
import { basicAuthorization } from './token-endpoint.ts';
import type { World } from './world.ts';

/** Where a fuzzed browser stands when it begins, and whose session (if anybody's) it may have from then on. */
export interface Position extends Sender {
  readonly person: Person;
  readonly stand: Stand;
  readonly earned?: string;
}

export interface Others {
  /** A browser that nobody signed in to. */
  readonly foreign: Browser;
  /** Somebody who is signed in elsewhere, and whose account nobody here may change. */
  readonly stranger: Person;
  readonly bindings: Bindings;
}

/** What every position may name of others: made once. */
export async function others(world: World): Promise<Others> {
  const foreign = await world.browser().authorize();
  const browser = await world.browser().authorize();
  const finishedUid = uidOf(browser);
  const stranger = await world.person({ recovery: 1 });
  await browser.submit({ identifier: stranger.email, password: stranger.password });
  await browser.submit({ code: stranger.codeNow() });
  const code = browser.code ?? '';
  const tokens = await browser.redeem();
  const { 'way-1': way = '', session = '' } = await thingsOf(browser);
  const { clientId, secret = '' } = world.client.settings;
  return {
    foreign,
    stranger,
    bindings: {
      'other-uid': uidOf(foreign),
      'finished-uid': finishedUid,
      'spent-code': code,
      'stranger-way': way,
      'stranger-session': session,
      'stranger-recovery': stranger.recoveryCodes[0] ?? '',
      'id-token': tokens.id_token ?? '',
      'access-token': tokens.access_token,
      basic: basicAuthorization(clientId, secret).slice('Basic '.length),
      challenge: createHash('sha256').update('v'.repeat(43)).digest('base64url'),
      issuer: world.issuer,
    },
  };
}

export async function takePosition(world: World, name: string, around: Others): Promise<Position> {
  const stand = stands[name];
  if (!stand) throw new Error(`no position ${name}`);
  const person = await world.person(stand.person);
  const browser = world.browser();
  const earned = await stand.reach(world, browser, person);
  const things = stand.fresh || stand.focus ? await thingsOf(browser) : {};
  const bindings = { ...around.bindings, ...ownBindings(world, browser, person), ...things };
  return { browser, foreign: around.foreign, bindings, person, stand, ...(earned === undefined ? {} : { earned }) };
}

function ownBindings(world: World, browser: Browser, person: Person): Bindings {
  const { page, url } = browser;
  const { forgery, facts } = page;
  const { xsrf, way, set } = facts;
  const token = url.pathname.startsWith('/account') ? 'account-forgery' : 'forgery';
  const shown = { ...(forgery === undefined ? {} : { [token]: forgery }), xsrf, way, set };
  return {
    id: randomId(6),
    uid: /\/(?:interaction|auth)\/([\w-]+)/.exec(url.pathname)?.[1] ?? randomId(16),
    email: person.email,
    phone: person.phone,
    password: person.password,
    'wrong-code': wrongCode(world, person, page),
    ...Object.fromEntries(Object.entries(shown).flatMap(([name, value]) => (value ? [[name, String(value)]] : []))),
  };
}

/** Six digits that are right nowhere: not in the app, not in a mail or text, not for the secret on the page. */
function wrongCode(world: World, person: Person, { facts }: Shown): string {
  const near = [-2, -1, 0, 1, 2];
  const right = new Set([
    ...near.map((steps) => person.codeNow(steps)),
    ...(typeof facts.secret === 'string' ? near.map((steps) => codeOf(String(facts.secret), steps)) : []),
    ...(typeof facts.sentTo === 'string' ? [world.codeMailedTo(facts.sentTo)] : []),
    world.codeMailedTo(person.email),
    world.codeTextedTo(person.phone),
  ]);
  const candidates = Array.from({ length: 10 }, (_, digit) => `${digit}`.repeat(6));
  return candidates.find((code) => !right.has(code)) ?? '123456';
}

/** Whom this browser's cookies let in without a question: the account's id. */
export async function signedInAs(world: World, browser: Browser): Promise<string | undefined> {
  const silent = await browser.tab().authorize({ prompt: 'none' }, world.client);
  return silent.code === undefined ? undefined : (await silent.redeem()).claims()?.sub;
}
