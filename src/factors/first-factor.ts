import { z } from 'zod';
import type { Account, AccountId, EnrolledFactor } from '../accounts/account.ts';
import { defined } from '../platform/defined.ts';
import { fields } from '../platform/fields.ts';
import { seenName } from '../platform/plain-text.ts';
import type { Flow } from './factor.ts';
import { isForLost } from './kinds.ts';

/** A factor and the account as it was read: whoever's proofs ended since binds nothing any more. */
export interface Addition {
  readonly accountId: AccountId;
  readonly sessionVersion: number;
  readonly factor: EnrolledFactor;
}

/** Members of its data that no other factor of its kind has alike in the same account. */
export type Twin = Readonly<Record<string, string>>;

/** The port by which an account without any factor gets one. */
export interface FirstFactors {
  /** Puts the factor in the place of all that the active account as it was read has, and notes that its recovery codes are due; true for exactly one caller. */
  replaceLost(addition: Addition): Promise<boolean>;
  /** Adds the factor only where the active account as it was read has none yet, with its confirming proof spent, and notes that its recovery codes are due; true for exactly one caller. */
  add(addition: Addition): Promise<boolean>;
}

/** The port by which an account that has a factor gets a further one. */
export interface FurtherFactors {
  /**
   * Adds it only to the active account as it was read, beside another one, up to ten, and none twice; true for exactly one caller.
   * `kinds`: those that were set up as it was read; one of another kind that came since may ask for more than was proved.
   */
  add(addition: Addition & { readonly kinds: readonly string[]; readonly twin?: Twin }): Promise<boolean>;
}

export interface Additions {
  readonly firstFactors: FirstFactors;
  readonly furtherFactors: FurtherFactors;
}

/** More than anybody needs, and a bound to what an account holds. */
export const mostFactors = 10;

/** What stood in for lost ways leads to one in their place. Else a sign-in adds first factors alone, whatever led there: half of one must bind nothing beside a factor that it did not ask for. */
export function addFactor(
  { firstFactors, furtherFactors }: Additions,
  { flow, account }: { readonly flow: Flow; readonly account: Account },
  { twin, ...factor }: EnrolledFactor & { readonly twin?: Twin },
): Promise<boolean> {
  const { id: accountId, sessionVersion } = account;
  if (flow.proofs.some(isForLost)) return firstFactors.replaceLost({ accountId, sessionVersion, factor }); // guard: lost-ways-replaced
  const kinds = account.factors.map(({ kind }) => kind);
  const isFurther = flow.purpose === 'change' && account.factors.length > 0; // guard: sign-in-adds-first-alone
  return isFurther
    ? furtherFactors.add({ accountId, sessionVersion, factor, kinds, ...defined({ twin }) })
    : firstFactors.add({ accountId, sessionVersion, factor });
}

export const longestName = 60;

/** What its owner calls it; it stays in the form when that is shown again. */
export const nameField = () =>
  z.string().default('').transform(tidyName).register(fields, { most: longestName, restored: true });

/** What its owner calls a way, as it is seen. */
export function tidyName(typed: string): string {
  return [...seenName(typed.toWellFormed())].slice(0, longestName).join('').trim();
}
