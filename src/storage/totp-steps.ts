import type { TotpSteps } from '../factors/totp.ts';
import { noGuesses } from '../protection/budgets.ts';
import { accountRows } from './account-row.ts';
import type { Database } from './connection.ts';

/** Tries of one challenge and a few more: an older one has passed by itself. */
const refusedKept = 20;

export function mongoTotpSteps({ connection }: Database): TotpSteps {
  const accounts = accountRows(connection);
  return {
    /** True for exactly one caller per step: the one whose write moved the counter (RFC 6238 section 5.2). Only a factor of this very account can be spent; the guesses are given back in the same write. */
    async spend({ accountId, factorId, step, now }) {
      const factor = {
        $elemMatch: { id: factorId, kind: 'totp', 'data.lastStep': { $lt: step }, 'data.refusedSteps': { $ne: step } }, // guard: totp-step-greater, totp-step-own-factor, totp-refused-step-stays
      };
      const { modifiedCount } = await accounts.updateOne(
        { _id: accountId, active: true, factors: factor }, // guard: totp-step-active-account
        { $set: { 'factors.$.data.lastStep': step, 'factors.$.lastUsedAt': now, guesses: noGuesses } }, // guard: totp-spent-step-kept
      );
      return modifiedCount === 1;
    },

    async refuse({ accountId, factorId, step }) {
      const refused = { $each: [step], $slice: -refusedKept };
      await accounts.updateOne(
        { _id: accountId, factors: { $elemMatch: { id: factorId, kind: 'totp' } } },
        { $push: { 'factors.$.data.refusedSteps': refused } },
      );
    },
  };
}
