import assert from 'node:assert/strict';
import type { Config } from '../../src/config/config.ts';
import { administrator, byAdministrator } from './administration.ts';
import type { Browser } from './browser.ts';
import { codeOf, type Person } from './person.ts';
import type { World } from './world.ts';

/** As it comes. */
export const usualRescue: Config['rescue'] = {
  byMail: true,
  needsKnownBrowser: true,
  exceptRoles: ['admin'],
  administrators: [],
};

/** A browser that finished a sign-in of this person before. */
export async function knownBrowser(world: World, person: Person): Promise<Browser> {
  const browser = await world.browser().signIn(person);
  assert.ok(browser.code);
  // Signed out here: what it knows is the account and nothing else.
  await administrator(world.database).does.endSessions(byAdministrator(person.id));
  world.travel(60);
  return browser.tab();
}

/** At "I lost my phone", after the right password. */
export async function atLost(browser: Browser, person: Person, request = {}): Promise<Browser> {
  await browser.authorize(request);
  await browser.submit({ identifier: person.email, password: person.password });
  return browser.press('lost');
}

/** At the page that asks for the code which was sent. */
export async function atRescue(browser: Browser, person: Person, request = {}): Promise<Browser> {
  await atLost(browser, person, request);
  await browser.press('rescue');
  assert.equal(browser.stage, 'rescue', browser.text);
  return browser;
}

/** Sets up the app that the page shows. */
export async function setUpApp(browser: Browser): Promise<string> {
  assert.equal(browser.stage, 'enrol-totp', browser.text);
  const secret = String(browser.page.facts.secret);
  await browser.submit({ code: codeOf(secret) });
  return secret;
}
