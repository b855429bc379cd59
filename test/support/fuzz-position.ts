import { createHash } from 'node:crypto';
import { randomId } from '../../src/platform/random.ts';
import { uidOf } from './attack.ts';
import type { Browser, Shown } from './browser.ts';
import type { Bindings, Sender } from './fuzz-sending.ts';
import { codeOf, type Person } from './person.ts';
import { register } from './registration.ts';
import { basicAuthorization } from './token-endpoint.ts';
import type { World } from './world.ts';

/** Where a fuzzed browser stands when it begins, and whose session (if anybody's) it has earned until then. */
export interface Position extends Sender {
  readonly person: Person;
  readonly earned?: string;
}

type Way = (world: World, browser: Browser, person: Person) => Promise<unknown>;

const password: Way = async (_world, browser, { email, password }) => {
  await browser.authorize();
  return browser.submit({ identifier: email, password });
};

async function registered(world: World, browser: Browser): Promise<void> {
  const email = `new-${randomId(6).toLowerCase().replaceAll('_', 'x')}@example.com`;
  await register(browser, { email });
  await browser.submit({ code: world.codeMailedTo(email) });
}

const unearned: Readonly<Record<string, Way>> = {
  nowhere: async () => {},
  'sign-in': (_world, browser) => browser.authorize(),
  register: (_world, browser) => browser.authorize({ prompt: 'create' }),
  'confirm-mail': (_world, browser) => register(browser, { email: `x-${randomId(6).toLowerCase()}@example.com` }),
  'enrol-totp': registered,
  totp: password,
};

const earned: Readonly<Record<string, Way>> = {
  'signed-in': (_world, browser, person) => browser.signIn(person),
  async consent(world, browser, person) {
    await browser.signIn(person);
    return browser.authorize({}, world.party('third'));
  },
  async 'signed-in-as'(_world, browser, person) {
    await browser.signIn(person);
    return browser.authorize({ prompt: 'select_account' });
  },
  async 'sign-out'(_world, browser, person) {
    await browser.signIn(person);
    return browser.visit('/session/end');
  },
};

export const positions: readonly string[] = [...Object.keys(unearned), ...Object.keys(earned)];

export interface Others {
  /** A browser that nobody signed in to. */
  readonly foreign: Browser;
  readonly finishedUid: string;
  readonly bindings: Bindings;
}

/** What every position may name of others: made once. */
export async function others(world: World): Promise<Others> {
  const foreign = await world.browser().authorize();
  const browser = await world.browser().authorize();
  const finishedUid = uidOf(browser);
  const person = await world.person();
  await browser.submit({ identifier: person.email, password: person.password });
  await browser.submit({ code: person.codeNow() });
  const code = browser.code ?? '';
  const tokens = await browser.redeem();
  const { clientId, secret = '' } = world.client.settings;
  return {
    foreign,
    finishedUid,
    bindings: {
      'other-uid': uidOf(foreign),
      'finished-uid': finishedUid,
      'spent-code': code,
      'id-token': tokens.id_token ?? '',
      'access-token': tokens.access_token,
      basic: basicAuthorization(clientId, secret).slice('Basic '.length),
      challenge: createHash('sha256').update('v'.repeat(43)).digest('base64url'),
      issuer: world.issuer,
    },
  };
}

export async function takePosition(world: World, name: string, around: Others): Promise<Position> {
  const person = await world.person();
  const browser = world.browser();
  const way = unearned[name] ?? earned[name];
  await way?.(world, browser, person);
  const { page } = browser;
  const bindings = {
    ...around.bindings,
    id: randomId(6),
    uid: /\/(?:interaction|auth)\/([\w-]+)/.exec(browser.url.pathname)?.[1] ?? randomId(16),
    email: person.email,
    password: person.password,
    'wrong-code': wrongCode(world, person, page),
    ...(page.forgery === undefined ? {} : { forgery: page.forgery }),
    ...(typeof page.facts.xsrf === 'string' ? { xsrf: page.facts.xsrf } : {}),
  };
  const mine = earned[name] ? { earned: person.id } : {};
  return { browser, foreign: around.foreign, bindings, person, ...mine };
}

/** Six digits that are right nowhere: not in the app, not in the mail, not for the secret on the page. */
function wrongCode(world: World, person: Person, { facts }: Shown): string {
  const near = [-2, -1, 0, 1, 2];
  const right = new Set([
    ...near.map((steps) => person.codeNow(steps)),
    ...(typeof facts.secret === 'string' ? near.map((steps) => codeOf(String(facts.secret), steps)) : []),
    ...(typeof facts.sentTo === 'string' && !facts.masked ? [world.codeMailedTo(facts.sentTo)] : []),
  ]);
  const candidates = Array.from({ length: 10 }, (_, digit) => `${digit}`.repeat(6));
  return candidates.find((code) => !right.has(code)) ?? '123456';
}

/** Whom this browser's cookies let in without a question: the account's id. */
export async function signedInAs(world: World, browser: Browser): Promise<string | undefined> {
  const silent = await browser.tab().authorize({ prompt: 'none' }, world.client);
  return silent.code === undefined ? undefined : (await silent.redeem()).claims()?.sub;
}
