import fc from 'fast-check';
import type { Browser } from './browser.ts';
import type { Person } from './person.ts';
import type { World } from './world.ts';

// Random ways through the pages with right and wrong answers mixed, beside a book of what was really proved: whoever comes
// out signed in must stand in it, and whatever changed of an account must have been allowed by it.

/** What one interaction has seen of right answers. */
export interface Proofs {
  /** Whose right password was accepted here, and nobody else's since. */
  password?: string | undefined;
  /** When that was, in milliseconds. */
  passwordAt?: number;
  /** E-mail address whose mailed code was right here. */
  mailbox?: string | undefined;
}

/** 'put-off': a first way was put off, as the policy allows; the password alone then is a sign-in. */
export type Kind = 'totp' | 'email' | 'sms' | 'recovery' | 'put-off';

export interface Walk {
  readonly world: World;
  readonly people: readonly Person[];
  readonly tabs: Browser[];
  at: number;
  readonly proofs: Map<string, Proofs>;
  /** By e-mail address: what was proved beside the password in this browser. */
  readonly earned: Map<string, Set<Kind>>;
  /** By e-mail address: since when, in milliseconds, password and factor are proved here. */
  readonly provedAt: Map<string, number>;
  /** Codes of authenticator apps, mails and texts that were accepted once. */
  readonly spent: Set<string>;
  /** Secrets of authenticator apps, by the factor's id. */
  readonly apps: Map<string, string>;
  /** By e-mail address. */
  readonly recoveryCodes: Map<string, { good: readonly string[]; bad: readonly string[] }>;
  /** By e-mail address: the sign-ins in which setting up was put off. */
  readonly putOffs: Map<string, ReadonlySet<string>>;
  /** The newest code that was sent at a place: an interaction, or the change of an account. */
  readonly sent: Map<string, string>;
  /** What to make of an answer that was refused, should the same be sent again. */
  readonly refused: Map<Browser, () => Promise<boolean>>;
  /** Authorization codes that came back. */
  readonly redeemed: Set<string>;
  requests: number;
}

export interface Choice {
  readonly move: (typeof moves)[number];
  readonly who: 0 | 1 | 2;
  readonly right: boolean;
  readonly n: number;
}

const moves = [
  ...['go on', 'go on', 'go on', 'go on', 'go on', 'go on', 'go on'],
  ...['press', 'press', 'begin', 'tab', 'replay', 'jump', 'later', 'sign out', 'account'],
] as readonly ('go on' | 'press' | 'begin' | 'tab' | 'replay' | 'jump' | 'later' | 'sign out' | 'account')[];

export const choice: fc.Arbitrary<Choice> = fc.record({
  move: fc.constantFrom(...moves),
  who: fc.constantFrom<0 | 1 | 2>(0, 0, 0, 1, 2),
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

/** The interaction that this browser is in, or its account area: a session has one change at a time. */
export function placeOf({ url }: Browser): string {
  if (url.pathname.startsWith('/account')) return 'account';
  return /\/(?:interaction|auth)\/([\w-]+)/.exec(url.pathname)?.[1] ?? '';
}

export function proofsAt(walk: Walk, browser: Browser): Proofs {
  const place = placeOf(browser);
  const known = walk.proofs.get(place) ?? {};
  walk.proofs.set(place, known);
  return known;
}

export function earn(walk: Walk, address: string, { kind, at }: { readonly kind: Kind; readonly at: number }): void {
  walk.earned.set(address, new Set([...(walk.earned.get(address) ?? []), kind]));
  walk.provedAt.set(address, Math.max(at, walk.provedAt.get(address) ?? at));
}

export interface AccountFacts {
  readonly _id: string;
  readonly email: string;
  readonly factors: readonly { readonly id: string; readonly kind: string; readonly name: string }[];
  readonly recovery?: { readonly salt: string; readonly hashes: readonly string[] };
  readonly preferredFactorId?: string;
  readonly twoStepOff?: boolean;
}

/** The account as it is kept. */
export async function accountWith({ world }: Walk, filter: object): Promise<AccountFacts | undefined> {
  const row: unknown = await world.database.connection.collection('accounts').findOne(filter);
  return (row as AccountFacts | null) ?? undefined;
}
