import assert from 'node:assert/strict';
import type { Browser } from './browser.ts';
import type { Person } from './person.ts';
import type { World } from './world.ts';

/** Whoever is known already is asked for the password alone. */
export function provesPassword(browser: Browser, { email, password }: Person): Promise<Browser> {
  const names = browser.page.actions.some(({ fields }) => fields.includes('identifier'));
  return browser.submit({ ...(names ? { identifier: email } : {}), password });
}

/** Proves what is asked, from the password on, and stands where that led; `steps` from now, so that no code is used twice. */
export async function proveAll(browser: Browser, person: Person, steps = 0): Promise<Browser> {
  await provesPassword(browser, person);
  if (browser.page.actions.some(({ name }) => name === 'factor')) await browser.submit({ code: person.codeNow(steps) });
  return browser;
}

/** A browser that signed in by opening the account area. */
export async function inAccount(world: World, person: Person, steps = 0): Promise<Browser> {
  const browser = await world.browser().visit('/account');
  await proveAll(browser, person, steps);
  assert.equal(browser.stage, 'security', browser.text.slice(0, 300));
  return browser;
}

export interface ShownSession {
  readonly id: string;
  readonly current: boolean;
  readonly browser?: string;
}

export function sessionsOf(browser: Browser): readonly ShownSession[] {
  return browser.page.facts.sessions as readonly ShownSession[];
}

/** The session that is not this browser's; there has to be one. */
export function otherSession(browser: Browser): ShownSession {
  const other = sessionsOf(browser).find(({ current }) => !current);
  assert.ok(other);
  return other;
}

/** One request, nothing followed: where it leads. */
export async function leadsTo(browser: Browser, target: string): Promise<{ status: number; to: string | undefined }> {
  const response = await browser.fetch({ method: 'GET', url: new URL(target, browser.issuer), headers: {} });
  await response.text();
  return { status: response.status, to: response.headers.get('location') ?? undefined };
}

export interface ShownWay {
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  readonly destination?: string;
  readonly preferred: boolean;
  readonly needed: boolean;
}

export function ownFactors(browser: Browser): readonly ShownWay[] {
  return browser.page.facts.ways as readonly ShownWay[];
}

/** Code of the status line that the page tells once. */
export function noticeOf(browser: Browser): string | undefined {
  return (JSON.parse(browser.text) as { notice?: { code: string } }).notice?.code;
}
