import { type Journey, refresh, signIn, signInByMail, signInRemembered, signUp, singleSignOn } from './journeys.ts';
import type { Part } from './options.ts';
import type { ServerName } from './servers.ts';

export type RowName =
  | 'floorOne'
  | 'floorTwo'
  | 'twofold'
  | 'byMail'
  | 'remembered'
  | 'singleSignOn'
  | 'refresh'
  | 'signUp'
  | 'processes';

/** One line of the table: a journey at a server. */
export interface Row {
  readonly name: RowName;
  readonly title: string;
  readonly parts: readonly Part[];
  readonly server: ServerName;
  readonly journey: Journey;
  /** How many of a round's count are enough for it; all where nothing is said. */
  readonly share?: number;
  /** Whose accounts they are: an app's code is accepted once in its time step. */
  readonly people: 'floor' | 'app' | 'mailed';
}

const shared = { server: 'twofold', people: 'app' } as const;

export const rows: readonly Row[] = [
  {
    name: 'floorOne',
    title: 'floor one: in memory',
    parts: ['sign-in'],
    server: 'floorOne',
    journey: signIn,
    people: 'floor',
  },
  {
    name: 'floorTwo',
    title: 'floor two: plain MongoDB',
    parts: ['sign-in'],
    server: 'floorTwo',
    journey: signIn,
    people: 'floor',
  },
  { name: 'twofold', title: 'Twofold, everything on', parts: ['sign-in', 'processes'], journey: signIn, ...shared },
  {
    name: 'byMail',
    title: 'Twofold, code by e-mail',
    parts: ['sign-in'],
    server: 'byMail',
    journey: signInByMail,
    people: 'mailed',
  },
  {
    name: 'remembered',
    title: 'Twofold, a remembered device',
    parts: ['remembered'],
    journey: signInRemembered,
    ...shared,
  },
  { name: 'singleSignOn', title: 'Twofold, single sign-on', parts: ['sso'], journey: singleSignOn, ...shared },
  { name: 'refresh', title: 'Twofold, refresh', parts: ['refresh'], journey: refresh, ...shared },
  // Hashes eleven secrets, ten of them recovery codes: as many as of the others would take longer than all of them.
  { name: 'signUp', title: 'Twofold, sign-up', parts: ['sign-up'], journey: signUp, share: 1 / 8, ...shared },
  {
    name: 'processes',
    title: 'Twofold, more processes',
    parts: ['processes'],
    server: 'processes',
    journey: signIn,
    people: 'app',
  },
];

export function chosenRows(parts: readonly Part[]): readonly Row[] {
  return rows.filter((row) => row.parts.some((part) => parts.includes(part)));
}

export function countOf({ share = 1 }: Pick<Row, 'share'>, perRound: number): number {
  return Math.ceil(perRound * share);
}
