import type { BeyondLimit, Counters } from './counters.ts';
import type { SentMessage, SentTimes } from './recipient-rule.ts';
import type { SharedBudget } from './shared-budgets.ts';

/** The port to how sign-ins ended. */
export interface FinishedSignIns {
  /** Those of them that were finished. */
  among(signIns: readonly string[]): Promise<readonly string[]>;
}

/**
 * What was sent for a sign-in that was finished then is given back to the day of its recipient and of its account: whoever signs
 * in all day long is not shut out by it, whoever never comes to an end is. It is looked up only where a day is used up, so
 * that no sign-in pays for it. Shorter windows and all shared budgets stay as they are.
 */
export function finishedSends(deps: {
  readonly sentTimes: SentTimes;
  readonly counters: Counters;
  readonly finishedSignIns: FinishedSignIns;
}) {
  return {
    /** True: there may be room again in the recipient's day. */
    async forgiveDay(recipient: string, signIns: readonly string[]): Promise<boolean> {
      return (await settle(recipient, { signIns, as: 'finished' })).length > 0;
    },

    /** True: there may be room again in the account's day, of which this recipient's messages were a part. */
    async forgiveAccount(
      recipient: string,
      { budget, endsAt }: { readonly budget: SharedBudget } & Pick<BeyondLimit, 'endsAt'>,
    ): Promise<boolean> {
      const begun = new Date(endsAt.getTime() - budget.milliseconds);
      const counted = (await deps.sentTimes.sentTo(recipient)).filter(({ at, refunded }) => at >= begun && !refunded);
      const settled = await settle(recipient, { signIns: signInsOf(counted), as: 'refunded' });
      await Promise.all(settled.map(() => deps.counters.giveBack(budget.key, { endsAt, shared: false }))); // guard: finished-message-given-back
      return settled.length > 0;
    },
  };

  /** Each message once, over all processes: what was marked in this very write. */
  async function settle(
    recipient: string,
    { signIns, as }: { readonly signIns: readonly string[]; readonly as: 'finished' | 'refunded' },
  ): Promise<readonly SentMessage[]> {
    const finished = signIns.length === 0 ? [] : await deps.finishedSignIns.among(signIns);
    return finished.length === 0 ? [] : deps.sentTimes.settle(recipient, { signIns: finished, as }); // guard: finished-messages-alone-back
  }
}

export function signInsOf(messages: readonly SentMessage[]): readonly string[] {
  return [...new Set(messages.flatMap(({ signIn }) => signIn ?? []))];
}
