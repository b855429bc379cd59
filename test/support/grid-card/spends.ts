import { noGuesses } from '../../../src/protection/budgets.ts';
import type { Database } from '../../../src/storage/connection.ts';

/** The port to the challenges of cards. */
export interface GridCardSpends {
  /** True for exactly one caller per challenge: what was asked for is gone from its sign-in. */
  spend(use: {
    readonly flowId: string;
    readonly factorId: string;
    readonly cells: readonly string[];
  }): Promise<boolean>;
  /** Notes the use of this active account's card and gives the guesses back in the same write. */
  used(use: { readonly accountId: string; readonly factorId: string; readonly now: Date }): Promise<boolean>;
}

interface Row {
  readonly _id: string;
}

export function mongoGridCardSpends({ connection }: Database): GridCardSpends {
  const attempts = connection.collection<Row>('attempts');
  const accounts = connection.collection<Row>('accounts');
  return {
    async spend({ flowId, factorId, cells }) {
      const { modifiedCount } = await attempts.updateOne(
        { _id: flowId, 'challenge.factorId': factorId, 'challenge.data.cells': [...cells] },
        { $unset: { 'challenge.data': 1 } },
      );
      return modifiedCount === 1;
    },

    async used({ accountId, factorId, now }) {
      const { modifiedCount } = await accounts.updateOne(
        { _id: accountId, active: true, factors: { $elemMatch: { id: factorId, kind: 'grid-card' } } },
        { $set: { 'factors.$.lastUsedAt': now, guesses: noGuesses } },
      );
      return modifiedCount === 1;
    },
  };
}
