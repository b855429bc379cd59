import type { DeliveredCodeSpends } from '../factors/delivered-code.ts';
import { noGuesses } from '../protection/budgets.ts';
import { accountRows } from './account-row.ts';
import { attemptRows } from './attempts.ts';
import type { Database } from './connection.ts';

export function mongoDeliveredCodeSpends({ connection }: Database): DeliveredCodeSpends {
  const accounts = accountRows(connection);
  const attempts = attemptRows(connection);
  return {
    async spend({ flowId, hash, now }) {
      const { modifiedCount } = await attempts.updateOne(
        { _id: flowId, 'deliveredCode.hash': hash, 'deliveredCode.expiresAt': { $gt: now } }, // guard: delivered-spent-before-end, delivered-spent-newest
        { $unset: { deliveredCode: 1 } }, // guard: delivered-spent-once
      );
      return modifiedCount === 1;
    },

    async used({ accountId, factorId, destination, keepsGuesses, now }) {
      const factor = { $elemMatch: { id: factorId, 'data.destination': destination } }; // guard: delivered-use-current-destination
      const { modifiedCount } = await accounts.updateOne(
        { _id: accountId, active: true, factors: factor }, // guard: delivered-use-active-account
        { $set: { 'factors.$.lastUsedAt': now, ...(keepsGuesses ? {} : { guesses: noGuesses }) } },
      );
      return modifiedCount === 1;
    },
  };
}
