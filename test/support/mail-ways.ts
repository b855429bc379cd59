import assert from 'node:assert/strict';
import type { Browser } from './browser.ts';
import type { Person } from './person.ts';
import type { World } from './world.ts';

/** At the page that asks for a code by this way; the right password led there. */
export async function atWay(world: World, person: Person, way = 'email', browser = world.browser()): Promise<Browser> {
  if (browser.stage === undefined) await browser.authorize();
  await browser.submit({ identifier: person.email, password: person.password });
  assert.equal(browser.stage, way, browser.text);
  return browser;
}

/** Chooses another way on the page that lists them. */
export async function chooseWay(browser: Browser, kind: string): Promise<Browser> {
  await browser.press('choose');
  assert.equal(browser.stage, 'ways', browser.text);
  const way = offers(browser).find((offer) => offer.kind === kind)?.id;
  return browser.submit({ way: way ?? assert.fail(`no ${kind}`) });
}

interface Shown {
  readonly kind: string;
  readonly id: string;
  readonly destination?: string;
}

export function offers({ page }: Browser): readonly Shown[] {
  return page.facts.offers as readonly Shown[];
}

export function formOf({ page }: Browser, name: string): string {
  return page.actions.find((action) => action.name === name)?.href ?? assert.fail(`no ${name}`);
}
