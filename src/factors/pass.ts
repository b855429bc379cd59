import { z } from 'zod';
import type { Account, AccountId } from '../accounts/account.ts';
import { hashId } from '../platform/hash.ts';
import type { Factor, Verdict } from './factor.ts';
import { pass as declared } from './kinds.ts';
import { longCodeField } from './long-code.ts';

/** The port to where passes are spent. */
export interface PassSpends {
  /**
   * Takes this very pass, which is not over, from the active account, gives the guesses back, takes its recovery codes and ends
   * what a used pass ends, in one update. Answers the account as it is then, to exactly one caller.
   */
  spend(use: {
    readonly accountId: AccountId;
    readonly hash: string;
    readonly now: Date;
  }): Promise<Account | undefined>;
}

export interface PassAnswer {
  readonly code: string;
}

const { kind, level, amr } = declared;
const answer = z.object({ code: longCodeField('pass_shape') });

/** Offered while one runs, after the password: for whoever has lost every way. */
export function passFactor({
  passes,
  now,
}: {
  readonly passes: PassSpends;
  readonly now: () => Date;
}): Factor<PassAnswer> {
  return {
    ...declared,
    answer,
    shows: z.object({}),
    offers: ({ pass }) => (pass && pass.expiresAt > now() ? [{ kind, id: kind, label: '' }] : []), // guard: ended-pass-not-offered
    facts: async () => ({}),
    async verify({ account, answer: { code } }): Promise<Verdict> {
      const hash = hashId(code);
      if (account.pass?.hash !== hash) return { outcome: 'rejected', reason: 'wrong' };
      const spent = await passes.spend({ accountId: account.id, hash, now: now() });
      if (!spent) return { outcome: 'rejected', reason: 'raced' }; // guard: pass-accepted-once-spent
      return { outcome: 'accepted', proof: { kind, factorId: kind, level, amr, at: now() }, account: spent };
    },
  };
}
