import { type FirstFactors, type FurtherFactors, mostFactors, type Twin } from '../factors/first-factor.ts';
import { noGuesses } from '../protection/budgets.ts';
import { accountRows } from './account-row.ts';
import type { Database } from './connection.ts';
import { withoutOtherKinds } from './factor-changes.ts';

export function mongoFirstFactors({ connection }: Database): FirstFactors {
  const accounts = accountRows(connection);
  return {
    /** A second first factor, raced in with the password alone, would be a stranger's way in; so would one that is bound after its owner signed out everywhere or changed the password. */
    async add({ accountId, sessionVersion, factor }) {
      const { modifiedCount } = await accounts.updateOne(
        { _id: accountId, active: true, sessionVersion, factors: { $size: 0 } }, // guard: first-factor-only-first, first-factor-active-account, first-factor-as-proved
        { $push: { factors: factor }, $set: { guesses: noGuesses, recoveryDue: true } },
      );
      return modifiedCount === 1;
    },

    async replaceLost({ accountId, sessionVersion, factor }) {
      const { modifiedCount } = await accounts.updateOne(
        { _id: accountId, active: true, sessionVersion, 'factors.id': { $ne: factor.id } }, // guard: lost-replaced-as-proved, lost-replaced-once
        {
          $set: { factors: [factor], guesses: noGuesses, recoveryDue: true },
          $unset: { preferredFactorId: 1, twoStepOff: 1 },
        },
      );
      return modifiedCount === 1;
    },
  };
}

export function mongoFurtherFactors({ connection }: Database): FurtherFactors {
  const accounts = accountRows(connection);
  return {
    /** Guesses stay taken: nothing that is guessable was proved by it. */
    async add({ accountId, sessionVersion, factor, twin, kinds }) {
      const { id, kind } = factor;
      const twins = [{ id }, ...(twin === undefined ? [] : [{ kind, ...pathsOf(twin) }])]; // guard: destination-once-per-kind
      const { modifiedCount } = await accounts.updateOne(
        {
          _id: accountId,
          active: true, // guard: further-factor-active-account
          sessionVersion, // guard: further-factor-as-read
          factors: { $not: { $elemMatch: { $or: twins } } }, // guard: factor-once
          'factors.0': { $exists: true }, // guard: further-factor-beside-another
          [`factors.${mostFactors - 1}`]: { $exists: false }, // guard: at-most-ten-factors
          ...withoutOtherKinds(kinds),
        },
        { $push: { factors: factor } },
      );
      return modifiedCount === 1;
    },
  };
}

/** Names of members come from a factor's code and nowhere else. */
function pathsOf(twin: Twin): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(twin).map(([name, value]) => [`data.${name}`, value]));
}
