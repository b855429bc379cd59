import type { Account } from '../../accounts/account.ts';
import type { Level } from '../../factors/factor.ts';
import { type RememberPolicy, remembersFor } from './remembering.ts';

// Who needs a second factor, and by when. Pure: next() asks it for the order of the pages, and oidc/ asks it again,
// independently, before a session is good for a client.

export interface FactorPolicy {
  readonly secondFactor: 'required' | 'by-role' | 'when-enrolled';
  /** With 'by-role': accounts with one of these need a second factor. */
  readonly roles: readonly string[];
  /** Until then whoever has to set one up may do it later. */
  readonly enrolBy?: Date;
  /** So many times it may be put off; 0: as often as `enrolBy` allows. */
  readonly skips: number;
  /** Absent: no device is remembered. */
  readonly rememberDevice?: RememberPolicy;
}

interface PolicySettings {
  readonly secondFactor: FactorPolicy['secondFactor'];
  readonly factors: {
    readonly roles: readonly string[];
    readonly skips: number;
    readonly enrolBy?: string | undefined;
  };
  readonly rememberDevice: RememberPolicy;
}

export function factorPolicy({ secondFactor, factors, rememberDevice }: PolicySettings): FactorPolicy {
  const { roles, skips, enrolBy } = factors;
  return {
    secondFactor,
    roles,
    skips,
    rememberDevice,
    ...(enrolBy === undefined ? {} : { enrolBy: new Date(enrolBy) }),
  };
}

/** Kind of a proof that proves nobody: that setting up a factor was put off in this sign-in, as the policy allowed. */
export const putOffKind = 'put-off';

/** 'prove': the one that is set up. 'enrol': one has to be set up now. 'offer': set one up now or later. 'nothing': the password is enough. */
export type Demand = 'prove' | 'enrol' | 'offer' | 'nothing';

export interface Situation {
  readonly policy: FactorPolicy;
  readonly account: Pick<Account, 'factors' | 'roles' | 'twoStepOff' | 'enrolmentSkips'>;
  /** What the client asks for, by itself or in its registration. */
  readonly leastLevel: Level;
  readonly now: Date;
  /** It was put off already in this very sign-in, and counted then: the last time that may be is good to its end. */
  readonly putOff?: boolean;
  /** This browser is remembered, and that counts here (remembering.ts). */
  readonly remembered?: boolean;
}

interface Row {
  readonly remembered: boolean;
  readonly demanded: boolean;
  readonly clientAsks: boolean;
  readonly has: boolean;
  readonly off: boolean;
  readonly grace: boolean;
}

/** The table, from the top: the first row that fits decides. */
const rows: readonly { readonly when: (row: Row) => boolean; readonly demand: Demand }[] = [
  { when: ({ has, remembered }) => remembered && has, demand: 'nothing' },
  { when: ({ has, clientAsks }) => clientAsks && has, demand: 'prove' },
  { when: ({ clientAsks }) => clientAsks, demand: 'enrol' }, // guard: client-level-asked
  { when: ({ has, demanded }) => demanded && has, demand: 'prove' }, // guard: switched-off-yet-demanded
  { when: ({ demanded, grace }) => demanded && grace, demand: 'offer' },
  { when: ({ demanded }) => demanded, demand: 'enrol' }, // guard: demanded-factor-enrolled
  // Where the policy leaves it to the person: what is set up is asked for, unless it was switched off.
  { when: ({ has, off }) => has && !off, demand: 'prove' },
  { when: () => true, demand: 'nothing' },
];

export function demandOf({ policy, account, leastLevel, now, putOff, remembered = false }: Situation): Demand {
  const row: Row = {
    remembered,
    demanded: demands(policy, account),
    clientAsks: leastLevel !== '1fa',
    has: account.factors.length > 0,
    off: account.twoStepOff === true,
    grace: mayPutOff(policy, putOff ? {} : account, now), // guard: last-put-off-holds
  };
  return rows.find(({ when }) => when(row))?.demand ?? 'enrol';
}

/** Whether the policy, and not only the person, wants a second factor of this account. */
export function demands({ secondFactor, roles }: FactorPolicy, account: Pick<Account, 'roles'>): boolean {
  switch (secondFactor) {
    case 'required':
      return true;
    case 'by-role':
      return account.roles.some((role) => roles.includes(role));
    case 'when-enrolled':
      return false;
  }
}

/** How often it may still be put off; undefined: as often as one likes until `enrolBy`. */
export function skipsLeft({ skips }: FactorPolicy, { enrolmentSkips = 0 }: Pick<Account, 'enrolmentSkips'>) {
  return skips === 0 ? undefined : Math.max(0, skips - enrolmentSkips);
}

function mayPutOff(policy: FactorPolicy, account: Pick<Account, 'enrolmentSkips'>, now: Date): boolean {
  const { enrolBy, skips } = policy;
  if (enrolBy === undefined && skips === 0) return false;
  return (enrolBy === undefined || now < enrolBy) && skipsLeft(policy, account) !== 0; // guard: put-off-ends-on-day, put-off-times-bounded
}

interface Standing extends Omit<Situation, 'leastLevel' | 'remembered'> {
  readonly putOff: boolean;
  readonly fresh: boolean;
  readonly onDevice?: boolean;
  readonly reenrolled?: boolean;
}

/**
 * The level below which a session of this account is none, whatever a client asks: the pages' order judged once more. A
 * session that was begun by putting it off stays good while it may be put off at all: it was counted when it was begun.
 * `fresh`: it begins with this very request. `onDevice`: it rests on a remembered device. `reenrolled`: lost ways were replaced
 * in the sign-in that began it.
 */
export function leastLevelOf({ policy, account, now, putOff, fresh, ...rests }: Standing): Level {
  // A factor that its owner added since leaves sessions as they are; a sign-in that ends now has to have asked for it.
  const judged = fresh ? account : { ...account, factors: [] }; // guard: put-off-then-enrolled-asked, fresh-sign-in-asks-factor
  const demand = demandOf({ policy, account: judged, leastLevel: '1fa', now, putOff });
  if (demand === 'nothing' || (demand === 'offer' && putOff)) return '1fa'; // guard: put-off-must-be-chosen
  if (rests.reenrolled) return 'recovery'; // guard: lost-way-re-enrolled-enough
  return rests.onDevice && !remembersFor({ policy, account }) ? '2fa-email' : 'remembered'; // guard: device-session-ends-with-policy
}
