import type { Browser } from './browser.ts';
import type { World } from './world.ts';

export const goodPassword = 'a walrus in the attic';

export interface Wish {
  readonly email: string;
  readonly username?: string;
  readonly password?: string;
}

/** Sends the registration form; the browser is at the sign-in form, or nowhere yet. */
export async function register(browser: Browser, wish: Wish): Promise<Browser> {
  if (browser.stage === undefined) await browser.authorize();
  if (browser.stage === 'sign-in') await browser.press('register');
  return browser.submit({ password: goodPassword, ...wish });
}

/** Tabs of one browser that all show the page it shows now. */
export function tabs(browser: Browser, count: number): readonly Browser[] {
  return Array.from({ length: count }, () => {
    const tab = browser.tab();
    tab.page = browser.page;
    return tab;
  });
}

export function mailsTo(world: World, address: string): number {
  return world.outbox.mails.filter(({ to }) => to === address).length;
}

/** The code, but for the one time in a million in which it happens to be that other one. */
export function unlike(code: string, other: string): string {
  return code === other ? otherCode(code) : code;
}

/** Six digits that are not the mailed ones. */
export function otherCode(code: string, n = 1): string {
  return String((Number(code) + n) % 1_000_000).padStart(6, '0');
}

/** So many of the letters, in an order that neither repeats itself nor runs along anything. */
export function irregular(length: number, letters: readonly string[] = [...'xkqw']): string {
  let state = 7;
  return Array.from({ length }, () => {
    state = (state * 75 + 74) % 65_537;
    return letters[state % letters.length];
  }).join('');
}
