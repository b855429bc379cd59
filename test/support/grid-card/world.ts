import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Config } from '../../../src/config/config.ts';
import type { Browser } from '../browser.ts';
import { openDatabase } from '../database.ts';
import type { Person } from '../person.ts';
import { startWorld, type World, type WorldOptions } from '../world.ts';
import { type Card, lettersOf } from './card.ts';
import { type GridCard, gridCard } from './grid-card.ts';

export interface CardWorld extends World {
  readonly office: GridCard['office'];
}

/** A world whose people may use cards: all that it is told of them is in the list that wiring gets. */
export async function startCardWorld(
  t: TestContext,
  {
    clients = [],
    settings = {},
    ...more
  }: Partial<Config['factors']> & Pick<WorldOptions, 'clients' | 'settings'> = {},
): Promise<CardWorld> {
  const database = await openDatabase(t);
  const card = gridCard(database);
  const factors = { kinds: ['grid-card', 'email', 'recovery'], codeDigits: 6, roles: [], skips: 0, ...more } as const;
  const world = await startWorld(t, { database, settings: { factors, ...settings }, clients, further: [card] });
  world.travel(0);
  return { ...world, office: card.office };
}

/** Set up at this page; what stands on the card. */
export async function setUpCard(browser: Browser, name = ''): Promise<Card> {
  assert.equal(browser.stage, 'enrol-grid-card', browser.text.slice(0, 300));
  const { card, cells } = browser.page.facts as { readonly card: Card; readonly cells: readonly string[] };
  await browser.submit({ letters: lettersOf(card, cells), name });
  return card;
}

/** What the card has in the cells that this page asks for. */
export function lettersAsked({ page }: Browser, card: Card): string {
  return lettersOf(card, page.facts.cells as readonly string[]);
}

/** Of the right length, and wrong in each letter. */
export function wrongLetters(browser: Browser, card: Card): string {
  return [...lettersAsked(browser, card)].map((letter) => (letter === 'A' ? 'B' : 'A')).join('');
}

/** Past the password. */
export async function afterPassword(world: World, { email, password }: Person): Promise<Browser> {
  const browser = await world.browser().authorize();
  return browser.submit({ identifier: email, password });
}
