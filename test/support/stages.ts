import assert from 'node:assert/strict';
import type { Browser } from './browser.ts';
import { codeOf } from './person.ts';
import { register } from './registration.ts';
import type { World } from './world.ts';

/** The way to every page of a sign-in, by its stage. */
export const stages: Readonly<Record<string, (world: World) => Promise<Browser>>> = {
  'sign-in': (world) => world.browser().authorize(),
  register: (world) => world.browser().authorize({ prompt: 'create' }),
  'confirm-mail': (world) => register(world.browser(), { email: 'ada@example.com' }),
  async username(world) {
    await world.person({ username: 'grace' });
    const browser = await register(world.browser(), { email: 'ada@example.com', username: 'grace' });
    return browser.submit({ code: world.codeMailedTo('ada@example.com') });
  },
  async 'enrol-totp'(world) {
    const browser = await register(world.browser(), { email: 'ada@example.com' });
    return browser.submit({ code: world.codeMailedTo('ada@example.com') });
  },
  async 'recovery-codes'(world) {
    const browser = await register(world.browser(), { email: 'ada@example.com' });
    browser.savesCodes = false;
    await browser.submit({ code: world.codeMailedTo('ada@example.com') });
    return browser.submit({ code: codeOf(String(browser.page.facts.secret)) });
  },
  async 'recovery-used'(world) {
    const { email, password, recoveryCodes } = await world.person({ recovery: 4 });
    const browser = await world.browser().authorize();
    await browser.submit({ identifier: email, password });
    await browser.press('choose');
    await browser.submit({ way: 'recovery' });
    return browser.submit({ code: recoveryCodes[0] ?? '' });
  },
  async totp(world) {
    const { email, password } = await world.person();
    const browser = await world.browser().authorize();
    return browser.submit({ identifier: email, password });
  },
  async consent(world) {
    const browser = world.browser();
    browser.party = world.party('third');
    return browser.signIn(await world.person());
  },
  async 'signed-in-as'(world) {
    const browser = await world.browser().signIn(await world.person());
    return browser.authorize({ prompt: 'select_account' });
  },
};

/** A browser at that stage. */
export async function atStage(world: World, stage: string): Promise<Browser> {
  const browser = await stages[stage]?.(world);
  assert.equal(browser?.stage, stage);
  return browser;
}

/** Every row of every collection, as text; that a session was seen is no change. */
/** Without what client addresses are charged, which a refusal changes and which opens nothing. */
export async function dump({ database }: World): Promise<string> {
  const collections = (await database.connection.db?.collections()) ?? [];
  const names = collections
    .map(({ collectionName }) => collectionName)
    .filter((name) => !name.startsWith('system.') && name !== 'address_budgets');
  const rows = await Promise.all(
    names
      .sort()
      .map(async (name) => [name, await database.connection.collection(name).find({}).sort({ _id: 1 }).toArray()]),
  );
  return JSON.stringify(rows, (name, value) => (name === 'lastSeen' ? undefined : value));
}
