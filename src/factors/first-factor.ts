import type { AccountId, EnrolledFactor } from '../accounts/account.ts';

/** The port by which an account without any factor gets one. */
export interface FirstFactors {
  /** Adds the factor only where the active account has none yet, with its confirming proof spent; true for exactly one caller. */
  add(change: { readonly accountId: AccountId; readonly factor: EnrolledFactor }): Promise<boolean>;
}

const longestName = 60;

/** Control characters and marks that turn the reading direction could make a name say something else where it is shown. */
export function tidyName(typed: string): string {
  const plain = typed.toWellFormed().replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '');
  return [...plain.trim()].slice(0, longestName).join('').trim();
}
