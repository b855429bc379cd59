import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import type { Browser } from './browser.ts';
import type { Person } from './person.ts';
import type { World } from './world.ts';

export const newPassword = 'a heron under the bridge';

/** Asks for a link on the sign-in page, as whoever is named. */
export async function askReset(world: World, identifier: string, browser = world.browser()): Promise<Browser> {
  await browser.authorize({ prompt: 'login' });
  await browser.press('forgot');
  await browser.submit({ identifier });
  return browser;
}

const linkShape = /^https?:\/\/\S+\/link\/(?:reset|invite)\/\S+$/m;

/** Nobody waits for that mail: it may come after the answer. */
export async function linkMailedTo({ outbox }: Pick<World, 'outbox'>, address: string): Promise<string> {
  for (let turns = 0; turns < 2_000; turns++) {
    const mail = outbox.mails.findLast(({ to, text }) => to === address && linkShape.test(text));
    if (mail) return linkShape.exec(mail.text)?.[0] ?? '';
    await setImmediate();
  }
  throw new Error(`no link to ${address}`);
}

/** As far as the first page that a link's button leads to. */
export async function openLink(world: World, url: string, browser = world.browser()): Promise<Browser> {
  await browser.visit(url);
  return browser.press('begin');
}

/** The whole of it, with the code of the person's app; answers what they sign in with from then on. */
export async function setAnew(world: World, person: Person): Promise<Pick<Person, 'email' | 'password'>> {
  const browser = await beginReset(world, person);
  await browser.submit({ code: person.codeNow() });
  await browser.submit({ password: newPassword });
  assert.equal(browser.stage, 'password-changed', browser.text.slice(0, 300));
  return { email: person.email, password: newPassword };
}

/** Asked for in one browser, opened there. */
export async function beginReset(
  world: World,
  { email }: { readonly email: string },
  browser = world.browser(),
): Promise<Browser> {
  await askReset(world, email, browser);
  return openLink(world, await linkMailedTo(world, email), browser);
}
