import assert from 'node:assert/strict';
import { CookieJar } from 'tough-cookie';
import { Browser } from './browser.ts';
import type { Person } from './person.ts';
import type { AuthorizeOptions } from './relying-party.ts';
import type { World } from './world.ts';

/** A sign-in with an app, in which the box is ticked; `steps` from now, so that no code is used twice. */
export async function remembered(
  browser: Browser,
  person: Person,
  { steps = 0, options = {} }: { readonly steps?: number; readonly options?: AuthorizeOptions } = {},
): Promise<Browser> {
  await browser.authorize(options);
  await browser.submit({ identifier: person.email, password: person.password });
  await browser.submit({ code: person.codeNow(steps), remember: 'yes' });
  assert.ok(browser.code, browser.text.slice(0, 300));
  return browser;
}

/** The cookies by which this browser is remembered, as `name=value`. */
export async function deviceCookiesOf(browser: Browser): Promise<readonly string[]> {
  return (await browser.cookies()).filter((cookie) => /^(__Host-)?twofold_device_/.test(cookie));
}

/** Another browser that holds these cookies and nothing else: what is left of a session after its end, or what somebody copied. */
export async function browserWith(world: World, cookies: readonly string[]): Promise<Browser> {
  const jar = new CookieJar();
  for (const cookie of cookies) await jar.setCookie(`${cookie}; Path=/`, world.issuer);
  const { issuer, origin, party } = world.browser();
  return new Browser({ issuer, origin, party }, jar);
}

/** The same browser when its session is over: what it is remembered by is all that it has. */
export async function later(world: World, browser: Browser): Promise<Browser> {
  return browserWith(world, await deviceCookiesOf(browser));
}

/** Types the password, at a sign-in that was begun by this. */
export async function withPassword(
  browser: Browser,
  person: Pick<Person, 'email' | 'password'>,
  options: AuthorizeOptions = {},
): Promise<Browser> {
  await browser.authorize(options);
  return browser.submit({ identifier: person.email, password: person.password });
}

export interface DeviceRow {
  readonly _id: string;
  readonly accountId: string;
  readonly hash: string;
  readonly previousHash?: string;
  readonly previousUntil?: Date;
  readonly since: Date;
  readonly expiresAt: Date;
  readonly securityVersion: number;
}

export function deviceRows(world: World) {
  return world.database.connection.collection<DeviceRow>('remembered_devices');
}
