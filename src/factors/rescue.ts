import { z } from 'zod';
import type { Account, AccountId } from '../accounts/account.ts';
import { maskedEmail } from '../accounts/identifier.ts';
import type { DeliveredCodes } from '../delivery/delivered-codes.ts';
import { codeField } from './code.ts';
import { codeFacts } from './code-facts.ts';
import { challengeShown, type DeliveredCodeAnswer, type DeliveredCodeSpends, runningCode } from './delivered-code.ts';
import type { FactorGuessedBefore, Verdict } from './factor.ts';
import { rescue as declared } from './kinds.ts';

/** The port to the accounts that a rescue changes. */
export interface Rescues {
  /**
   * Notes by which mailbox the active account as it was read was rescued, gives the guesses back, takes its recovery codes and its
   * pass and ends what a rescue ends, in one update. Answers the account as it is then, to exactly one caller.
   */
  use(rescue: {
    readonly accountId: AccountId;
    readonly address: string;
    readonly sessionVersion: number;
    readonly now: Date;
  }): Promise<Account | undefined>;
}

const { kind, level, amr } = declared;
const rejected: Verdict = { outcome: 'rejected', reason: 'wrong' };
const raced: Verdict = { outcome: 'rejected', reason: 'raced' };

/** A code to the confirmed address in the place of lost ways. Whether there is one at all is the sign-in's to say (sign-in/rescue). */
export function rescueFactor(deps: {
  readonly deliveredCodes: DeliveredCodes;
  readonly spends: Pick<DeliveredCodeSpends, 'spend'>;
  readonly rescues: Rescues;
  readonly now: () => Date;
}): FactorGuessedBefore<DeliveredCodeAnswer> {
  const { digits } = deps.deliveredCodes;
  return {
    ...declared,
    answer: z.object({ code: codeField(digits) }),
    shows: challengeShown,
    offers: ({ email }) => [{ kind, id: kind, label: '', destination: maskedEmail(email) }],
    start: ({ account: { email: destination } }) => ({ send: { courier: 'mail', destination } }),
    facts: async ({ deliveredCode }, { destination }) => ({
      digits,
      sentTo: destination,
      ...codeFacts(deliveredCode?.purpose === 'rescue' ? deliveredCode : undefined, deps.now()),
    }),
    async verify({ flow, account, answer: { code } }) {
      const now = deps.now();
      const sent = runningCode(flow, { purpose: 'rescue', factorId: kind }, now);
      const { id: accountId, email: address, sessionVersion } = account;
      if (!sent || sent.destination !== address) return rejected; // guard: rescue-code-own-address
      if (!(await deps.deliveredCodes.matches(flow, sent, code))) return rejected; // guard: rescue-code-matches
      if (!(await deps.spends.spend({ flowId: flow.id, hash: sent.hash, now }))) return raced; // guard: rescue-code-spent-first
      const rescued = await deps.rescues.use({ accountId, address, sessionVersion, now });
      if (!rescued) return raced; // guard: rescue-accepted-once-used
      return { outcome: 'accepted', proof: { kind, factorId: kind, level, amr, at: now }, account: rescued };
    },
  };
}
