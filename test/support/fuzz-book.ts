import fc from 'fast-check';
import type { Browser } from './browser.ts';
import type { Person } from './person.ts';
import type { World } from './world.ts';

// Random ways through the pages with right and wrong answers mixed, beside a book of what was really proved: whoever comes
// out signed in must stand in it.

/** What one interaction has seen of right answers. */
export interface Proofs {
  /** Whose right password was accepted here, and nobody else's since. */
  password?: string;
  /** E-mail address whose mailed code was right here. */
  mailbox?: string;
}

export interface Walk {
  readonly world: World;
  readonly people: readonly Person[];
  readonly tabs: Browser[];
  at: number;
  readonly proofs: Map<string, Proofs>;
  /** E-mail addresses that proved password and factor in this browser. */
  readonly earned: Set<string>;
  /** Codes of authenticator apps that were accepted once. */
  readonly spent: Set<string>;
  /** Secrets that pages showed, by address. */
  readonly shown: Map<string, string>;
  /** Authorization codes that came back. */
  readonly redeemed: Set<string>;
  requests: number;
}

export interface Choice {
  readonly move: (typeof moves)[number];
  readonly who: 0 | 1;
  readonly right: boolean;
  readonly n: number;
}

const moves = [
  'go on',
  'go on',
  'go on',
  'go on',
  'press',
  'begin',
  'tab',
  'replay',
  'jump',
  'later',
  'sign out',
] as const;

export const choice: fc.Arbitrary<Choice> = fc.record({
  move: fc.constantFrom(...moves),
  who: fc.constantFrom<0 | 1>(0, 0, 0, 1),
  right: fc.constantFrom(true, true, true, false),
  n: fc.nat({ max: 1000 }),
});

export function tabOf({ tabs, at }: Walk): Browser {
  return tabs[at] as Browser;
}

const requests = [
  {},
  { prompt: 'login' },
  { prompt: 'select_account' },
  { prompt: 'create' },
  { prompt: 'consent' },
  { max_age: '0' },
  { acr_values: 'urn:twofold:2fa' },
];

export function begin(walk: Walk, n: number): Promise<unknown> {
  const client = walk.world.party(n % 3 === 0 ? 'third' : 'app');
  return tabOf(walk).authorize(requests[n % requests.length] ?? {}, client);
}

export function proofsAt(walk: Walk, browser: Browser): Proofs {
  const uid = /\/(?:interaction|auth)\/([\w-]+)/.exec(browser.url.pathname)?.[1] ?? '';
  const known = walk.proofs.get(uid) ?? {};
  walk.proofs.set(uid, known);
  return known;
}
