import assert from 'node:assert/strict';
import { inAccount } from './account-area.ts';
import type { Browser } from './browser.ts';
import type { Person } from './person.ts';
import type { World } from './world.ts';

/** Signed in just now, and at the page that sets up a way of this kind. */
export async function atAdding(world: World, person: Person, kind: string): Promise<Browser> {
  const browser = await (await inAccount(world, person)).press(`add ${kind}`);
  assert.equal(browser.stage, `enrol-${kind}`, browser.text.slice(0, 300));
  return browser;
}

/** Signed in with a password alone, and at the page of the mailbox that a first way of this kind asks for. */
export async function atFirst(world: World, person: Person, kind: string): Promise<Browser> {
  const browser = await (await inAccount(world, person)).press(`add ${kind}`);
  assert.equal(browser.stage, 'confirm-mail', browser.text.slice(0, 300));
  return browser;
}

export const newSecret = (browser: Browser) => String(browser.page.facts.secret);
