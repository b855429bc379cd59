import type { Action, Page } from '../../src/http/render.ts';

export interface SamplePage {
  readonly name: string;
  readonly page: Page;
}

export const longAddress = 'augusta.ada.byron.countess-of-lovelace.1815@mail.example.org';
export const longName = 'The Analytical Engine and Difference Works of Marylebone Ltd';
export const ada = 'ada@example.com';
export const client = { name: 'Acme Orders', uri: 'https://orders.example.com/' };
export const forgery = 'forgery-token';
/** Facts of a page while nothing is judged. */
export const wait = { secondsLocked: 720, lockedUntil: '2026-11-21T23:00:00.000Z' };

export const post = (name: string, ...fields: string[]): Action => ({
  name,
  method: 'POST',
  href: `/do/${name}`,
  fields,
});
export const get = (name: string): Action => ({ name, method: 'GET', href: `/see/${name}`, fields: [] });
