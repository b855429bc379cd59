import assert from 'node:assert/strict';
import { randomId } from '../../src/platform/random.ts';
import { inAccount, ownFactors, sessionsOf } from './account-area.ts';
import { editAccount } from './attack.ts';
import type { Browser } from './browser.ts';
import { rowsOf } from './database.ts';
import type { Bindings } from './fuzz-sending.ts';
import { chooseWay } from './mail-ways.ts';
import { codeOf, type NewPerson, type Person } from './person.ts';
import { register } from './registration.ts';
import type { World } from './world.ts';

// Where a fuzzed browser may stand when it begins: every page of a sign-in and of the account area, reached as people
// reach it.

/** Whose session this browser may have from then on: undefined for nobody's. */
type Reach = (world: World, browser: Browser, person: Person) => Promise<string | undefined>;

export interface Stand {
  readonly reach: Reach;
  readonly person?: NewPerson;
  /** All that the account has was proved just now: it may change. */
  readonly fresh?: true;
  readonly focus?: 'account';
}

const nobody = (step: (world: World, browser: Browser, person: Person) => Promise<unknown>): Reach => {
  return async (...given) => {
    await step(...given);
    return undefined;
  };
};

const password = (browser: Browser, { email, password }: Person) => browser.submit({ identifier: email, password });

/** At the page that asks for the way that was used last. */
const afterPassword = nobody(async (_world, browser, person) => password(await browser.authorize(), person));

const atRecovery = nobody(async (_world, browser, person) => {
  await password(await browser.authorize(), person);
  return chooseWay(browser, 'recovery');
});

const newAddress = () => `new-${randomId(6).toLowerCase().replaceAll('_', 'x')}@example.com`;

/** Confirmed the mailbox: the account is there, and what it has to set up may be put off. */
const registered: Reach = async (world, browser) => {
  browser.savesCodes = false;
  const email = newAddress();
  await register(browser, { email });
  await browser.submit({ code: world.codeMailedTo(email) });
  const account = (await rowsOf(world.database, 'accounts')).find((row) => row.email === email);
  return String(account?._id);
};

const owner = (step: (world: World, browser: Browser, person: Person) => Promise<unknown>): Reach => {
  return async (world, browser, person) => {
    await browser.signIn(person);
    await step(world, browser, person);
    return person.id;
  };
};

/** In the account area, at what the step leads to. */
const inside = (step: (browser: Browser, person: Person, world: World) => Promise<unknown>): Reach => {
  return async (world, browser, person) => {
    browser.savesCodes = false;
    await browser.visit('/account');
    await password(browser, person);
    if (browser.stage === 'totp') await browser.submit({ code: person.codeNow() });
    else await browser.press('later');
    assert.equal(browser.stage, 'security', browser.text.slice(0, 300));
    await step(browser, person, world);
    return person.id;
  };
};

/** As if the proofs of this browser's session had been given ten minutes earlier. */
async function age(browser: Browser, { id }: Person, { database }: World): Promise<void> {
  const sessions = database.connection.collection('oidc');
  const then = new Date(Date.now() - 600_000);
  await sessions.updateMany({ model: 'Session', accountId: id }, { $set: { 'proofs.$[].at': then } });
  await browser.visit('/account');
}

const signInStands: Readonly<Record<string, Stand>> = {
  nowhere: { reach: nobody(async () => {}) },
  'sign-in': { reach: nobody((_world, browser) => browser.authorize()) },
  register: { reach: nobody((_world, browser) => browser.authorize({ prompt: 'create' })) },
  'confirm-mail': { reach: nobody((_world, browser) => register(browser, { email: newAddress() })) },
  totp: { reach: afterPassword },
  email: { reach: afterPassword, person: { ways: ['email', 'totp'] } },
  sms: { reach: afterPassword, person: { ways: ['sms', 'totp'] } },
  recovery: { reach: atRecovery, person: { recovery: 2 } },
  ways: {
    reach: nobody(async (world, browser, person) => {
      await afterPassword(world, browser, person);
      return browser.press('choose');
    }),
    person: { ways: ['totp', 'email', 'sms'] },
  },
  'enrol-totp': { reach: registered },
  'enrol-email': {
    async reach(...given) {
      const newcomer = await registered(...given);
      await given[1].submit({ kind: 'email' });
      return newcomer;
    },
  },
  'recovery-codes': {
    async reach(...given) {
      const newcomer = await registered(...given);
      const [, browser] = given;
      await browser.submit({ code: codeOf(String(browser.page.facts.secret)) });
      return newcomer;
    },
  },
  'recovery-used': {
    async reach(world, browser, person) {
      browser.savesCodes = false;
      await atRecovery(world, browser, person);
      await browser.submit({ code: person.recoveryCodes[0] ?? '' });
      return person.id;
    },
    person: { recovery: 2 },
    fresh: true,
  },
  // May be put off: then the password alone is a sign-in.
  'first-way': {
    async reach(world, browser, person) {
      await afterPassword(world, browser, person);
      return person.id;
    },
    person: { totp: false },
    fresh: true,
  },
  'signed-in': { reach: owner(async () => {}), fresh: true },
  consent: {
    reach: owner((world, browser) => browser.authorize({}, world.party('third'))),
    fresh: true,
  },
  'signed-in-as': {
    reach: owner((_world, browser) => browser.authorize({ prompt: 'select_account' })),
    fresh: true,
  },
  'sign-out': { reach: owner((_world, browser) => browser.visit('/session/end')), fresh: true },
};

const fresh = { focus: 'account', fresh: true } as const;

const accountStands: Readonly<Record<string, Stand>> = {
  account: {
    ...fresh,
    async reach(world, browser, person) {
      await inAccount(world, person, -1);
      return inside(async () => {})(world, browser, person);
    },
    person: { ways: ['totp', 'email'], recovery: 1 },
  },
  'account, last way': { ...fresh, reach: inside(async () => {}) },
  'account, adding an app': { ...fresh, reach: inside((browser) => browser.press('add totp')) },
  'account, adding a mailbox': { ...fresh, reach: inside((browser) => browser.press('add email')) },
  'account, adding a phone': {
    ...fresh,
    reach: inside(async (browser, { phone }) => {
      await browser.press('add sms');
      return browser.submit({ phone });
    }),
  },
  'account, new codes': { ...fresh, reach: inside((browser) => browser.press('make-codes')) },
  'account, a first way': {
    ...fresh,
    reach: inside((browser) => browser.press('add totp')),
    person: { totp: false },
  },
  'account, proved long ago': { focus: 'account', reach: inside(age), person: { ways: ['totp', 'sms'] } },
  'account, to prove again': {
    focus: 'account',
    reach: inside(async (browser, person, world) => {
      await age(browser, person, world);
      return browser.press('make-codes');
    }),
  },
  'account, codes shown and proved long ago': {
    focus: 'account',
    reach: inside(async (browser, person, world) => {
      await browser.press('make-codes');
      await age(browser, person, world);
    }),
  },
  'account, switched off': {
    focus: 'account',
    reach: nobody(async (world, browser, person) => {
      await inside(async () => {})(world, browser, person);
      return editAccount(world, person.id, { $set: { active: false } });
    }),
  },
};

export const stands: Readonly<Record<string, Stand>> = { ...signInStands, ...accountStands };

/** What a browser that is signed in calls its own. */
export async function thingsOf(browser: Browser): Promise<Bindings> {
  const area = await browser.tab().visit('/account');
  if (area.stage !== 'security') return {};
  const [way, second = way] = ownFactors(area);
  const [session, other = session] = sessionsOf(area);
  const things = { 'way-1': way?.id, 'way-2': second?.id, session: session?.id, 'other-session': other?.id };
  const known = Object.entries(things).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return { ...Object.fromEntries(known), ...(area.page.forgery ? { 'account-forgery': area.page.forgery } : {}) };
}
